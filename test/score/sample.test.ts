import { selectRows } from '../../container/score/sample.ts';
import type { NumberColumn } from '../../container/contract/table.ts';
import { columnOf } from './table-of.ts';

const base = { inverse: false, fieldName: 'partition_number' };

function kept(...args: Parameters<typeof selectRows>): number[] {
  const selection = selectRows(...args);
  if (selection.kind !== 'subset') throw new Error('a subset was asked for');
  return [...selection.keep.keys()].filter((i) => selection.keep[i]);
}

test('count keeps exactly so many rows, or all there are', () => {
  expect(kept({ ...base, count: 7, seed: 1 }, 100)).toHaveLength(7);
  expect(kept({ ...base, count: 7, seed: 1 }, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(kept({ ...base, count: 3 }, 0)).toEqual([]);
});

test('a seed repeats a selection, another one changes it', () => {
  const of = (seed: number) => kept({ ...base, count: 10, seed }, 1000);
  expect(of(42)).toEqual(of(42));
  expect(of(42)).not.toEqual(of(43));
  expect(of(2 ** 40)).not.toEqual(of(2 ** 41));
});

test('every row is kept as often as any other', () => {
  const times = new Array(10).fill(0);
  for (let seed = 0; seed < 4000; seed++) for (const i of kept({ ...base, count: 3, seed }, 10)) times[i]++;
  // Binomial(4000, 0.3): mean 1200, standard deviation 29
  for (const count of times) expect(Math.abs(count - 1200)).toBeLessThan(130);
});

test('count by a field keeps so many of each value, null being one', () => {
  const by = columnOf('g', ['a', 'b', 'a', null, 'a', 'b', null, 'a', 'c', 'a']);
  const rows = kept({ ...base, count: 2, by: 'g', seed: 5 }, 10, { by });
  const values = ['a', 'b', 'a', null, 'a', 'b', null, 'a', 'c', 'a'];
  const counts = new Map<string | null, number>();
  for (const i of rows) counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({ a: 2, b: 2, null: 2, c: 1 });
});

test('ratio keeps each row with that probability', () => {
  const rows = kept({ ...base, ratio: 0.3, seed: 9 }, 100_000).length;
  expect(Math.abs(rows - 30_000)).toBeLessThan(5 * Math.sqrt(100_000 * 0.3 * 0.7));
  expect(kept({ ...base, ratio: 0, seed: 9 }, 50)).toEqual([]);
  expect(kept({ ...base, ratio: 1, seed: 9 }, 50)).toHaveLength(50);
});

test('proportional takes the value as probability, cut to 0 … 1, and never a null', () => {
  const values = Array.from({ length: 40_000 }, (_, i) => [0, 1, 7, -3, 0.25, null][i % 6]);
  const proportional = columnOf('p', values) as NumberColumn;
  const share = (inverse: boolean): number[] => {
    const rows = kept({ ...base, inverse, proportional: 'p', seed: 3 }, values.length, { proportional });
    return [0, 1, 2, 3, 4, 5].map((kind) => rows.filter((i) => i % 6 === kind).length / (values.length / 6));
  };
  const plain = share(false);
  expect(plain.map((value) => Math.round(value * 20) / 20)).toEqual([0, 1, 1, 0, 0.25, 0]);
  expect(share(true).map((value) => Math.round(value * 20) / 20)).toEqual([1, 0, 0, 1, 0.75, 0]);
});

test('partitions are as even as can be, and random', () => {
  const selection = selectRows({ ...base, partitions: 3, seed: 4 }, 100);
  if (selection.kind !== 'partition') throw new Error('partitions were asked for');
  const sizes = [0, 1, 2].map((k) => selection.partition.filter((part) => part === k).length);
  expect(sizes.sort()).toEqual([33, 33, 34]);
  expect([...selection.partition.slice(0, 9)]).not.toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
});

test('without a way to sample, or without the field, it says so', () => {
  expect(() => selectRows(base, 10)).toThrow(/sample needs one of ratio=/);
  expect(() => selectRows({ ...base, proportional: 'p' }, 10)).toThrow(/no field "p"/);
  expect(() => selectRows({ ...base, count: 1, by: 'g' }, 10)).toThrow(/no field "g"/);
});

import { interleave, median, quantile } from '../../bench/measure.ts';

test('rounds are interleaved and their order turns', async () => {
  const order: string[] = [];
  const contestant = (name: string, extra = {}) => ({
    name,
    ...extra,
    run: async (round: number) => {
      order.push(`${name}${round}`);
      return { seconds: name === 'a' ? 1 + round : 2 };
    },
  });
  const [a, b, c] = await interleave(
    [contestant('a'), contestant('b', { rounds: 1 }), contestant('c', { absent: 'not installed' })],
    3,
  );
  expect(order).toEqual(['a0', 'b0', 'a1', 'a2']);
  expect(a).toMatchObject({ rounds: 3, min: 1, median: 2 });
  expect(b).toMatchObject({ rounds: 1, min: 2 });
  expect(c).toMatchObject({ rounds: 0, absent: 'not installed' });
  expect(c.min).toBeUndefined();
});

test('median and quantile are by rank', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(
    quantile(
      Array.from({ length: 100 }, (_, i) => i + 1),
      0.99,
    ),
  ).toBe(99);
  expect(quantile([5], 0.99)).toBe(5);
});

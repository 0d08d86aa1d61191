import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SCORE_METHODS, runScore } from '../../container/score/catalogue.ts';
import { tableOf } from './table-of.ts';
import type { Values } from './table-of.ts';

type Cell = string | number | null;
interface Case {
  readonly data: string;
  readonly method: string;
  readonly a: string[];
  readonly b: string[];
  readonly options: Record<string, string>;
  readonly fields: string[];
  readonly rows: Cell[][];
}

const file = path.join(__dirname, '../goldens/score/scores.json');
const goldens = JSON.parse(readFileSync(file, 'utf8')) as {
  data: Record<string, Record<string, Values>>;
  cases: Case[];
};

function named({ data, method, a, b, options }: Case): string {
  const given = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return [data, method, ...given, ...a, ...(b.length > 0 ? ['~', ...b] : [])].join(' ');
}

/** Undefined where the cell is what the library says, to a relative 1e-9. */
function differs(got: string | readonly string[] | null, want: Cell): string | undefined {
  const told = `${String(got)} instead of ${String(want)}`;
  if (want === null || typeof got !== 'string') return got === want ? undefined : told;
  if (typeof want === 'string')
    return got === want || got.startsWith(`${want} the null`) || got.startsWith(`${want}:`)
      ? undefined
      : told;
  // What is left where exact arithmetic would give 0 depends on the order of the sums.
  return Math.abs(Number(got) - want) <= 1e-9 * Math.abs(want) + 1e-14 ? undefined : told;
}

describe('scores equal scikit-learn, scipy and statsmodels', () => {
  const byMethod = grouped(goldens.cases);
  test.each([...byMethod.keys()])('%s', (method) => {
    const wrong: string[] = [];
    for (const golden of byMethod.get(method) ?? []) {
      const { data, a, b, options, fields, rows } = golden;
      const result = runScore({ method, options, a, b }, tableOf(goldens.data[data]), () => {});
      if (result.fields.join('|') !== fields.join('|'))
        wrong.push(`${named(golden)}: ${result.fields.join('|')}`);
      if (result.rows.length !== rows.length) {
        wrong.push(`${named(golden)}: ${result.rows.length} rows instead of ${rows.length}`);
        continue;
      }
      rows.forEach((row, i) =>
        row.forEach((want, j) => {
          const difference = differs(result.rows[i][j], want);
          if (difference) wrong.push(`${named(golden)}: row ${i}, ${fields[j]}: ${difference}`);
        }),
      );
    }
    expect(wrong).toEqual([]);
  });

  test('every method has goldens', () => {
    const without = [...SCORE_METHODS.keys()].filter((name) => !byMethod.has(name));
    expect(without).toEqual([]);
  });
});

function grouped(cases: readonly Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of cases) groups.set(one.method, [...(groups.get(one.method) ?? []), one]);
  return groups;
}

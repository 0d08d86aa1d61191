import type { RawTable } from '../../../container/contract/template.ts';
import { inverseTransform, preprocessor, transform } from '../../../container/helpers/preprocessor/index.ts';
import type { PreparedTable } from '../../../container/helpers/preprocessor/index.ts';
import { decodeState, encodeState } from '../../../container/registry/state-codec.ts';
import { STEPS, cases, tableFrom, tables } from './golden-cases.ts';
import type { Values } from './golden-cases.ts';

/** The places where two tables differ by more than 1e-9, relative above 1. */
function differences(table: PreparedTable, wanted: (number | null)[][], tolerance: number): string[] {
  if (table.columns.length !== wanted.length)
    return [`${table.columns.length} columns, not ${wanted.length}`];
  return wanted.flatMap((values, c) =>
    values.flatMap((want, i) => {
      const got = table.columns[c][i];
      const near =
        want === null ? Number.isNaN(got) : Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
      return near ? [] : [`${table.names[c]} row ${i}: ${got}, not ${want}`];
    }),
  );
}

function plainColumns(table: RawTable): Values[] {
  return table.columns.map((column) =>
    column.kind === 'number'
      ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
      : [...column.values],
  );
}

describe('as scikit-learn', () => {
  test.each(cases)('$name', (golden) => {
    const tolerance = golden.lambdas ? 1e-6 : 1e-9;
    const steps = preprocessor([STEPS[golden.step](golden.options as never)]);
    const { table, state } = steps.fit(tableFrom(tables[golden.train]), { target: golden.target });
    expect(differences(table, golden.fitted, tolerance).slice(0, 5)).toEqual([]);
    // What is stored with a version is what scores.
    const stored = decodeState(encodeState(state)) as typeof state;
    const scored = transform(stored, tableFrom(tables[golden.test]));
    expect(differences(scored, golden.scored, tolerance).slice(0, 5)).toEqual([]);
    if (golden.names) expect(table.names).toEqual(golden.names);
    if (golden.lambdas) {
      const { lambdas } = state.steps[0].fitted as { lambdas: Float64Array };
      golden.lambdas.forEach((lambda, i) => expect(Math.abs(lambdas[i] - lambda)).toBeLessThan(1e-6));
    }
    if (golden.inverse) {
      const back = plainColumns(inverseTransform(stored, table));
      golden.inverse.forEach((values, c) =>
        values.forEach((want, i) => {
          if (typeof want !== 'number') expect(back[c][i]).toBe(want);
          else
            expect(Math.abs((back[c][i] as number) - want) / Math.max(1, Math.abs(want))).toBeLessThan(
              tolerance * 10,
            );
        }),
      );
    }
  });
});

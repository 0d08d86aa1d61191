import type { Column, NumberColumn } from '../../../contract/table.ts';
import { columnsOf, numberColumn } from '../table.ts';
import type { Working } from '../table.ts';

const PREFIX = 'missingindicator_';

/** For each of the columns that had a null at fit 1 where there is a null, else 0. */
export function indicators(table: Working, names: readonly string[]): NumberColumn[] {
  return columnsOf(table, names).map((column) => {
    const flags = new Float64Array(table.rows);
    for (let i = 0; i < flags.length; i++) if (isNullAt(column, i)) flags[i] = 1;
    return numberColumn(indicatorName(column.name), flags);
  });
}

export function indicatorName(name: string): string {
  return `${PREFIX}${name}`;
}

function isNullAt(column: Column, row: number): boolean {
  return column.kind === 'number' ? column.values[row] !== column.values[row] : column.codes[row] === -1;
}

/** Takes the indicators away, and puts nulls where they say so. */
export function withoutIndicators(table: Working, names: readonly string[]): Working {
  const flags = new Map(names.map((name, i) => [name, columnsOf(table, [indicatorName(names[i])])[0]]));
  const added = new Set(names.map(indicatorName));
  return {
    ...table,
    columns: table.columns
      .filter(({ name }) => !added.has(name))
      .map((column): Column => {
        const flag = flags.get(column.name);
        if (flag?.kind !== 'number') return column;
        return column.kind === 'number'
          ? {
              ...column,
              nulls: undefined,
              values: column.values.map((v, i) => (flag.values[i] === 1 ? NaN : v)),
            }
          : { ...column, codes: column.codes.map((code, i) => (flag.values[i] === 1 ? -1 : code)) };
      }),
  };
}

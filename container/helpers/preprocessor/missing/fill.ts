import { KeplerError } from '../../../contract/errors.ts';
import type { Column, NumberColumn, TextColumn } from '../../../contract/table.ts';
import { byCodePoint } from '../../metrics/labels.ts';
import { meanAndVariance } from '../../../estimators/linear-algebra/spread.ts';
import { hasNaN, median, present } from '../../../numeric/order-statistics.ts';
import type { ColumnChoice, StepContext, StepKind } from '../step.ts';
import { columnsOf, numberColumn, replaceColumns } from '../table.ts';
import type { MissingOptions } from './missing-options.ts';
import { indicatorName, indicators, withoutIndicators } from './indicator.ts';
import { fillInOnnx } from './onnx.ts';

type Strategy = 'mean' | 'median' | 'most_frequent' | 'constant';

export type FillState = {
  /** A value for each column; null where the column held nothing at fit and is left out. */
  readonly values: readonly (number | string | null)[];
  /** The columns that have an indicator. */
  readonly indicators: readonly string[];
};

/** scikit-learn's SimpleImputer: one value a column for every null. */
export function fill(
  strategy: Strategy,
  takes: ColumnChoice | ((options: MissingOptions) => ColumnChoice),
): StepKind<MissingOptions, FillState> {
  const title = `handleMissing (${strategy})`;
  return {
    title,
    takes,
    fit(table, names, options, context) {
      const columns = columnsOf(table, names);
      const values = columns.map((column) => {
        if (strategy !== 'constant' && isEmpty(column)) return emptyValue(column, options, context);
        return valueOf(title, strategy, column, options);
      });
      const withNulls = columns.filter((column) => hasNull(column)).map(({ name }) => name);
      return { values, indicators: options.addIndicator ? withNulls : [] };
    },
    transform(fitted, table, names) {
      const flags = indicators(table, fitted.indicators);
      const filled = replaceColumns(table, names, (column, i) => {
        const value = fitted.values[i];
        if (value === null) return [];
        return [
          column.kind === 'number' ? fillNumbers(column, Number(value)) : fillText(column, String(value)),
        ];
      });
      return { ...filled, columns: [...filled.columns, ...flags] };
    },
    inverse: (fitted, table) => withoutIndicators(table, fitted.indicators),
    onnx(fitted, graph, columns, names) {
      const flags = fitted.indicators.map((name) => names.indexOf(name));
      fillInOnnx(
        graph,
        columns,
        names,
        fitted.values,
        flags.map((i) => names[i]),
        indicatorName,
      );
    },
  };
}

function isEmpty(column: Column): boolean {
  return column.kind === 'number'
    ? column.values.every((value) => value !== value)
    : column.codes.every((code) => code === -1);
}

function hasNull(column: Column): boolean {
  return column.kind === 'number' ? hasNaN(column.values) : column.codes.includes(-1);
}

function emptyValue(column: Column, options: MissingOptions, context: StepContext): number | string | null {
  if (options.keepEmptyFeatures) return column.kind === 'number' ? 0 : (options.fillValue ?? 'missing_value');
  context.warn(`"${column.name}" has no value in any row and was left out.`);
  return null;
}

function valueOf(
  title: string,
  strategy: Strategy,
  column: Column,
  { fillValue }: MissingOptions,
): number | string {
  if (strategy === 'constant') {
    if (column.kind === 'text') return String(fillValue ?? 'missing_value');
    const value = typeof fillValue === 'string' && fillValue.trim() === '' ? NaN : Number(fillValue ?? 0);
    if (Number.isFinite(value)) return value;
    throw new KeplerError(
      'invalid_arguments',
      `${title}: fillValue is "${fillValue}", but "${column.name}" holds numbers. Give a number, or name text columns.`,
    );
  }
  if (strategy === 'most_frequent') return mostFrequent(column);
  if (column.kind === 'text') {
    throw new KeplerError(
      'not_numeric',
      `${title}: "${column.name}" holds text, which has no ${strategy}. Fill it with strategy most_frequent or constant.`,
    );
  }
  const values = present(column.values);
  return strategy === 'mean' ? meanAndVariance(values).mean : median(values);
}

/** Of values that are equally frequent the smallest, as scikit-learn does. */
function mostFrequent(column: Column): number | string {
  if (column.kind === 'text') {
    const counts = new Uint32Array(column.levels.length);
    for (const code of column.codes) if (code >= 0) counts[code]++;
    let best = 0;
    for (let code = 1; code < counts.length; code++) {
      const more = counts[code] - counts[best];
      if (more > 0 || (more === 0 && byCodePoint(column.levels[code], column.levels[best]) < 0)) best = code;
    }
    return column.levels[best];
  }
  const sorted = present(column.values).slice().sort();
  let [best, most] = [NaN, 0];
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > most) [best, most] = [sorted[from], to - from];
    from = to;
  }
  return best;
}

function fillNumbers(column: NumberColumn, value: number): NumberColumn {
  const { values } = column;
  const filled = new Float64Array(values.length);
  for (let i = 0; i < filled.length; i++) filled[i] = values[i] === values[i] ? values[i] : value;
  return numberColumn(column.name, filled);
}

function fillText(column: TextColumn, value: string): TextColumn {
  const known = column.levels.indexOf(value);
  const code = known < 0 ? column.levels.length : known;
  return {
    ...column,
    levels: known < 0 ? [...column.levels, value] : column.levels,
    codes: column.codes.map((before) => (before === -1 ? code : before)),
  };
}

import type { Column } from '../../../contract/table.ts';
import type { OnnxGraph } from '../../../contract/template.ts';
import type { OnnxColumns } from '../onnx-columns.ts';
import type { StepKind } from '../step.ts';
import { columnsOf, numberColumn, numbersOf, replaceColumns } from '../table.ts';
import {
  UNKNOWN,
  categoriesOf,
  categoryCodes,
  categoryCount,
  categoryNames,
  columnOfCodes,
} from './categories.ts';
import type { Categories } from './categories.ts';
import type { EncodeOptions } from './encode-options.ts';
import { codesInOnnx, lookUpInOnnx } from './onnx.ts';
import { refuseUnknown, warnOfUnknown } from './unknown.ts';

type OneHotColumn = {
  readonly categories: Categories;
  /** For each category the column that is 1; -1 for the one that was left out (`drop`). */
  readonly column: Int32Array;
  /** The column of what the fit has not met, or -1. */
  readonly unknown: number;
  /** Names of the columns. */
  readonly names: readonly string[];
};

type OneHotState = {
  readonly handleUnknown: 'error' | 'ignore' | 'infrequent_if_exist' | 'warn';
  readonly fields: readonly OneHotColumn[];
};

const TITLE = 'encodeCategorical (onehot)';
const INFREQUENT = '(infrequent)';

/** scikit-learn's OneHotEncoder: a column of 0 and 1 a category, named `field=category`. */
export const oneHot: StepKind<EncodeOptions, OneHotState> = {
  title: TITLE,
  takes: 'text',
  fit(table, names, options) {
    return {
      handleUnknown: (options.handleUnknown ?? 'ignore') as OneHotState['handleUnknown'],
      fields: columnsOf(table, names).map((column) => fitColumn(column, options)),
    };
  },
  transform({ fields, handleUnknown }, table, names, context) {
    return replaceColumns(table, names, (column, f) => {
      const field = fields[f];
      const codes = categoryCodes(field.categories, column);
      if (handleUnknown === 'error') refuseUnknown(TITLE, column, codes);
      if (handleUnknown === 'warn') {
        const as = field.unknown < 0 ? 'none of its categories' : 'an infrequent category';
        warnOfUnknown(column, codes, as, context);
      }
      const made = field.names.map(() => new Float64Array(table.rows));
      for (let i = 0; i < codes.length; i++) {
        const place = codes[i] === UNKNOWN ? field.unknown : field.column[codes[i]];
        if (place >= 0) made[place][i] = 1;
      }
      return field.names.map((name, i) => numberColumn(name, made[i]));
    });
  },
  inverse({ fields }, table, names) {
    const originals = names.map((name, f) =>
      inverseColumn(name, fields[f], numbersOf(table, fields[f].names, TITLE)),
    );
    const gone = new Set(fields.flatMap((field) => field.names));
    return { ...table, columns: [...table.columns.filter(({ name }) => !gone.has(name)), ...originals] };
  },
  onnx({ fields }, graph, columns, names) {
    names.forEach((name, f) => writeOneHot(graph, columns, name, fields[f]));
  },
};

function fitColumn(column: Column, options: EncodeOptions): OneHotColumn {
  const categories = categoriesOf(column);
  const labels = categoryNames(categories);
  const infrequent = findInfrequent(column, categories, options);
  const outputs = labels.filter((_, i) => !infrequent[i]);
  const places = new Int32Array(labels.length);
  let next = 0;
  labels.forEach((_, i) => (places[i] = infrequent[i] ? outputs.length : next++));
  const some = infrequent.includes(1);
  if (some) outputs.push(INFREQUENT);
  const dropped = options.drop === 'first' || (options.drop === 'if_binary' && outputs.length === 2);
  if (dropped && outputs.length > 0) {
    outputs.shift();
    for (let i = 0; i < places.length; i++) places[i]--;
  }
  const grouped = options.handleUnknown === 'infrequent_if_exist' || options.handleUnknown === 'warn';
  return {
    categories,
    column: places,
    unknown: some && grouped ? outputs.length - 1 : -1,
    names: outputs.map((label) => `${column.name}=${label}`),
  };
}

/** 1 for each category that is taken together with others, by scikit-learn's rules. */
function findInfrequent(column: Column, categories: Categories, options: EncodeOptions): Uint8Array {
  const { minFrequency, maxCategories } = options;
  const infrequent = new Uint8Array(categoryCount(categories));
  if (minFrequency === undefined && maxCategories === undefined) return infrequent;
  const codes = categoryCodes(categories, column);
  const counts = new Float64Array(categoryCount(categories));
  for (const code of codes) if (code >= 0) counts[code]++;
  if (minFrequency !== undefined) {
    const least = Number.isInteger(minFrequency) ? minFrequency : codes.length * minFrequency;
    counts.forEach((count, i) => (infrequent[i] = Number(count < least)));
  }
  const left = counts.length - infrequent.reduce((sum, one) => sum + one, 0) + 1;
  if (maxCategories !== undefined && maxCategories < left) {
    const order = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
    const rare = maxCategories === 1 ? order : order.slice(0, order.length - (maxCategories - 1));
    for (const i of rare) infrequent[i] = 1;
  }
  return infrequent;
}

function inverseColumn(
  name: string,
  field: OneHotColumn,
  columns: readonly { values: Float64Array }[],
): Column {
  const { categories, column: places } = field;
  // Of several categories in one column there is no way back: they stand as `(infrequent)`.
  const categoryOf = field.names.map((_, place) => {
    const first = places.indexOf(place);
    return places.lastIndexOf(place) === first ? first : -2;
  });
  const dropped = places.indexOf(-1);
  const rows = columns[0]?.values.length ?? 0;
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = -1;
    let most = 0;
    columns.forEach(({ values }, place) => {
      if (values[i] > most) [best, most] = [place, values[i]];
    });
    codes[i] = best < 0 ? dropped : categoryOf[best];
  }
  if (categories.kind === 'number' || !categoryOf.includes(-2)) return columnOfCodes(name, categories, codes);
  const column = columnOfCodes(name, categories, codes);
  if (column.kind === 'number') return column;
  const levels = [...column.levels, INFREQUENT];
  return {
    ...column,
    levels,
    codes: column.codes.map((code, i) => (codes[i] === -2 ? levels.length - 1 : code)),
  };
}

function writeOneHot(graph: OnnxGraph, columns: OnnxColumns, name: string, field: OneHotColumn): void {
  const count = categoryCount(field.categories);
  const codes = codesInOnnx(graph, columns, name, field.categories);
  if (field.names.length === 0) return;
  // A row of 0 and 1 for each category, and behind them one for what the fit has not met.
  const table = new Float64Array((count + 1) * field.names.length);
  for (let code = 0; code <= count; code++) {
    const place = code === count ? field.unknown : field.column[code];
    if (place >= 0) table[code * field.names.length + place] = 1;
  }
  columns.add(field.names, lookUpInOnnx(graph, codes, table, field.names.length));
}

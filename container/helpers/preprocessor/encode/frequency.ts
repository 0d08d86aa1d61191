import type { StepKind } from '../step.ts';
import { columnsOf, numberColumn, replaceColumns } from '../table.ts';
import { categoriesOf, categoryCodes, categoryCount, valuesByCode } from './categories.ts';
import type { Categories } from './categories.ts';
import type { EncodeOptions } from './encode-options.ts';
import { codesInOnnx, lookUpInOnnx } from './onnx.ts';

type FrequencyState = {
  readonly categories: readonly Categories[];
  /** By code; behind all 0, for what the fit has not met. */
  readonly values: readonly Float64Array[];
};

/** How often a category was among the rows of the fit: its share of them, or its count. Null counts as a category. */
export const frequency: StepKind<EncodeOptions, FrequencyState> = {
  title: 'encodeCategorical (frequency)',
  takes: 'text',
  fit(table, names, { normalize = true }) {
    const columns = columnsOf(table, names);
    const categories = columns.map(categoriesOf);
    const values = columns.map((column, f) => {
      const counts = new Float64Array(categoryCount(categories[f]) + 1);
      for (const code of categoryCodes(categories[f], column)) if (code >= 0) counts[code]++;
      return normalize ? counts.map((count) => count / table.rows) : counts;
    });
    return { categories, values };
  },
  transform(fitted, table, names) {
    return replaceColumns(table, names, (column, f) => {
      const codes = categoryCodes(fitted.categories[f], column);
      const values = fitted.values[f];
      return [numberColumn(column.name, valuesByCode(codes, values))];
    });
  },
  onnx(fitted, graph, columns, names) {
    names.forEach((name, f) => {
      const codes = codesInOnnx(graph, columns, name, fitted.categories[f]);
      columns.add([name], lookUpInOnnx(graph, codes, fitted.values[f], 1));
    });
  },
};

import type { StepKind } from '../step.ts';
import { columnsOf, numberColumn, numbersOf, replaceColumns } from '../table.ts';
import {
  UNKNOWN,
  categoriesOf,
  categoryCodes,
  categoryCount,
  columnOfCodes,
  valuesByCode,
} from './categories.ts';
import type { Categories } from './categories.ts';
import type { EncodeOptions } from './encode-options.ts';
import { codesInOnnx, lookUpInOnnx } from './onnx.ts';
import { refuseUnknown } from './unknown.ts';

type OrdinalState = {
  readonly categories: readonly Categories[];
  readonly handleUnknown: 'error' | 'use_encoded_value';
  readonly unknownValue: number;
  readonly encodedMissingValue: number;
};

const TITLE = 'encodeCategorical (ordinal)';

/** scikit-learn's OrdinalEncoder: the place of each category in their order, from 0. */
export const ordinal: StepKind<EncodeOptions, OrdinalState> = {
  title: TITLE,
  takes: 'text',
  fit(table, names, options) {
    return {
      categories: columnsOf(table, names).map(categoriesOf),
      handleUnknown: (options.handleUnknown ?? 'use_encoded_value') as OrdinalState['handleUnknown'],
      unknownValue: options.unknownValue ?? -1,
      encodedMissingValue: options.encodedMissingValue ?? NaN,
    };
  },
  transform(fitted, table, names) {
    return replaceColumns(table, names, (column, f) => {
      const categories = fitted.categories[f];
      const codes = categoryCodes(categories, column);
      if (fitted.handleUnknown === 'error') refuseUnknown(TITLE, column, codes);
      const numbers = valuesOf(fitted, categories);
      return [numberColumn(column.name, valuesByCode(codes, numbers))];
    });
  },
  inverse(fitted, table, names) {
    const numbers = numbersOf(table, names, TITLE);
    return replaceColumns(table, names, (column, f) => {
      const categories = fitted.categories[f];
      const codes = Int32Array.from(numbers[f].values, (value) =>
        Number.isInteger(value) && value >= 0 && value < categoryCount(categories) ? value : UNKNOWN,
      );
      return [columnOfCodes(column.name, categories, codes)];
    });
  },
  onnx(fitted, graph, columns, names) {
    names.forEach((name, f) => {
      const categories = fitted.categories[f];
      const codes = codesInOnnx(graph, columns, name, categories);
      columns.add([name], lookUpInOnnx(graph, codes, valuesOf(fitted, categories), 1));
    });
  },
};

/** By code; behind all, where code -1 finds it too, what the fit has not met. */
function valuesOf(fitted: OrdinalState, categories: Categories): Float64Array {
  const count = categoryCount(categories);
  const values = Float64Array.from({ length: count + 1 }, (_, code) => code);
  if (categories.hasNull) values[count - 1] = fitted.encodedMissingValue;
  values[count] = fitted.unknownValue;
  return values;
}

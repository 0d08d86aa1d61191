import { KeplerError } from '../../../contract/errors.ts';
import type { Target } from '../../../contract/template.ts';
import type { StepKind } from '../step.ts';
import { columnsOf, numberColumn, replaceColumns } from '../table.ts';
import { categoriesOf, categoryCodes, categoryCount, valuesByCode } from './categories.ts';
import type { Categories } from './categories.ts';
import type { EncodeOptions } from './encode-options.ts';
import { foldsOf } from './folds.ts';
import { codesInOnnx, lookUpInOnnx } from './onnx.ts';
import { encodingOf } from './target-means.ts';

type TargetState = {
  readonly categories: readonly Categories[];
  /** What each column's outputs are called besides their field: '' for one alone, else a class each. */
  readonly outputs: readonly string[];
  /** For each field, outputs side by side: a value a category, and behind them the overall mean. */
  readonly encodings: readonly (readonly Float64Array[])[];
};

const TITLE = 'encodeCategorical (target)';

/**
 * scikit-learn's TargetEncoder: the target's mean in each category, drawn towards the overall mean. The rows of the fit are encoded
 * by what the other parts know (cross-fitting), so that no row's own target is in its features; rows at scoring by what all know.
 * What the fit has not met gets the overall mean. Of several classes each makes a column, `field_class`.
 */
export const target: StepKind<EncodeOptions, TargetState> = {
  title: TITLE,
  takes: 'text',
  fit(table, names, options, context) {
    const columns = columnsOf(table, names);
    const categories = columns.map(categoriesOf);
    const series = seriesOf(needTarget(context.target));
    return {
      categories,
      outputs: series.map(({ name }) => name),
      encodings: columns.map((column, f) => {
        const codes = categoryCodes(categories[f], column);
        const count = categoryCount(categories[f]);
        return series.map(({ values }) => encodingOf(codes, values, count, options.smooth ?? 'auto'));
      }),
    };
  },
  transform({ categories, outputs, encodings }, table, names) {
    return replaceColumns(table, names, (column, f) => {
      const codes = categoryCodes(categories[f], column);
      return outputs.map((output, k) => {
        const encoding = encodings[f][k];
        return numberColumn(nameOf(column.name, output), valuesByCode(codes, encoding));
      });
    });
  },
  transformTraining({ categories }, table, names, options, context) {
    const known = needTarget(context.target);
    const folds = foldsOf(TITLE, known, table.rows, options);
    const parts = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
    const series = seriesOf(known);
    return replaceColumns(table, names, (column, f) => {
      const codes = categoryCodes(categories[f], column);
      return series.map(({ name, values }) => {
        const made = new Float64Array(table.rows);
        for (let except = 0; except < parts; except++) {
          const count = categoryCount(categories[f]);
          const encoding = encodingOf(codes, values, count, options.smooth ?? 'auto', { folds, except });
          for (let row = 0; row < folds.length; row++) {
            if (folds[row] === except) made[row] = encoding[codes[row] < 0 ? count : codes[row]];
          }
        }
        return numberColumn(nameOf(column.name, name), made);
      });
    });
  },
  onnx({ categories, outputs, encodings }, graph, columns, names) {
    names.forEach((name, f) => {
      const codes = codesInOnnx(graph, columns, name, categories[f]);
      outputs.forEach((output, k) => {
        columns.add([nameOf(name, output)], lookUpInOnnx(graph, codes, encodings[f][k], 1));
      });
    });
  },
};

interface Series {
  readonly name: string;
  readonly values: Float64Array;
}

/** Numbers as they are; two classes as 0 and 1; of more classes each against the rest. */
function seriesOf(known: Target): readonly Series[] {
  if (known.kind === 'number') return [{ name: '', values: known.values }];
  if (known.classes.length <= 2) return [{ name: '', values: Float64Array.from(known.codes) }];
  return known.classes.map((name, k) => ({
    name,
    values: Float64Array.from(known.codes, (code) => Number(code === k)),
  }));
}

function nameOf(field: string, output: string): string {
  return output === '' ? field : `${field}_${output}`;
}

function needTarget(known: Target | undefined): Target {
  if (known) return known;
  throw new KeplerError(
    'invalid_arguments',
    `${TITLE} learns from what is to be predicted: fit(table, { target }).`,
  );
}

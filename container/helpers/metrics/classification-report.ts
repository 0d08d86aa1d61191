import { KeplerError } from '../../contract/errors.ts';
import { averagePrecision, rocArea } from './binary-curve.ts';
import { checkLabels, checkLengths, numbersOf, weightsOf } from './check-input.ts';
import { classScores, countClasses } from './class-counts.ts';
import type { ClassCounts } from './class-counts.ts';
import { classMetrics } from './class-metrics.ts';
import type { Average } from './class-metrics.ts';
import { codeValues, labelText } from './labels.ts';
import type { Label } from './labels.ts';
import {
  averageOfClasses,
  brierScore,
  eachAgainstRest,
  logLoss,
  rocAucOneVsOne,
  topKAccuracy,
} from './probability-scores.ts';
import { report } from './report.ts';
import type { ClassReport, MetricsReport } from './report.ts';

export interface ClassificationOptions {
  /** Classes besides those that occur; with probabilities, all that have a column. */
  readonly labels?: readonly Label[];
  /**
   * What `precision`, `recall`, `f1` and `jaccard` are: of the positive class (`binary`, the default for two classes), or an
   * average (`weighted`, the default for more). `none`: only those of each class are given.
   */
  readonly average?: Average;
  /** The positive class of `binary`; where not given the last one: 1 of 0 and 1, yes of no and yes. */
  readonly posLabel?: Label;
  /** Adds `fbeta`, the F score in which recall counts beta times as much as precision. */
  readonly beta?: number;
  readonly sampleWeight?: ArrayLike<number>;
  /** What a share of nothing counts as: 0 with a warning where not given; NaN leaves it out of averages. */
  readonly zeroDivision?: number;
  /** Of the positive class, for two classes; or a list a class, in the order of the sorted labels. */
  readonly probabilities?: ArrayLike<number> | readonly ArrayLike<number>[];
  /** How the ROC area of more than two classes is made: of each class against the rest, or of pairs. */
  readonly multiClass?: 'ovr' | 'ovo';
  /** Adds `top_k_accuracy`: the share of rows whose class is among the k most probable. */
  readonly topK?: number;
}

/**
 * Scores of predicted classes, each as scikit-learn's function of that name: `accuracy`, `balanced_accuracy`, `precision`,
 * `recall`, `f1`, `jaccard` and their `_macro`, `_micro` and `_weighted` averages, `matthews_corrcoef`, `cohen_kappa`,
 * `hamming_loss`; with probabilities `log_loss`, `brier_score`, `roc_auc`, `average_precision`; and the scores of each class.
 *
 * @throws KeplerError invalid_data for no rows, unequal lengths, missing labels; invalid_arguments for options that do not fit
 */
export function calculateClassificationMetrics(
  actual: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  options: ClassificationOptions = {},
): MetricsReport {
  checkLengths(actual, predicted, 'Classification metrics');
  const columns = [
    checkLabels(actual, 'The actual class'),
    checkLabels(predicted, 'The predicted class'),
  ] as const;
  const { classes, codes } = codeValues(columns, options.labels);
  const weights = weightsOf(options.sampleWeight, actual.length);
  const counts = countClasses(codes[0], codes[1], classes.length, weights);
  const warnings: string[] = [];
  const { zeroDivision = 0, beta } = options;
  const positive = positiveClass(classes, options.posLabel);
  const average = options.average ?? (classes.length <= 2 ? 'binary' : 'weighted');
  if (average === 'binary' && classes.length > 2) {
    throw new KeplerError(
      'invalid_arguments',
      `average "binary" is for two classes, but there are ${classes.length} (${someOf(classes)}). Choose micro, macro, weighted or none.`,
    );
  }
  const each = counts.map((count) => classScores(count, 1, zeroDivision));
  if (options.zeroDivision === undefined) warnOfNothing(classes, counts, average, positive, warnings);
  const values = classMetrics(counts, { average, positive, zeroDivision, beta });
  if (Number.isNaN(values.cohen_kappa))
    warnings.push("Cohen's kappa is not defined where one class alone occurs.");
  const unknown = counts.flatMap(({ actual: rows }, k) =>
    rows === 0 && counts[k].predicted > 0 ? [classes[k]] : [],
  );
  if (unknown.length > 0) {
    warnings.push(
      `No actual row is of the predicted ${someOf(unknown)}; the balanced accuracy leaves it out.`,
    );
  }
  const probabilities =
    options.probabilities && probabilitiesOf(options.probabilities, classes, actual.length, positive);
  const curves =
    probabilities && measureProbabilities(codes[0], probabilities, positive, weights, options, warnings);
  Object.assign(values, curves?.values);
  const rows = classes.map((name, k): ClassReport => ({
    class: name,
    precision: each[k].precision,
    recall: each[k].recall,
    f1: each[k].fbeta,
    jaccard: each[k].jaccard,
    support: counts[k].actual,
    ...(curves && { roc_auc: curves.areas[k], average_precision: curves.precisions[k] }),
  }));
  return report('classification', actual.length, values, warnings, rows);
}

/** @throws KeplerError invalid_arguments where the label is none of the classes */
function positiveClass(classes: readonly string[], label: Label | undefined): number {
  if (label === undefined) return classes.length - 1;
  const place = classes.indexOf(labelText(label));
  if (place >= 0) return place;
  throw new KeplerError(
    'invalid_arguments',
    `posLabel ${JSON.stringify(label)} is none of the classes; they are ${someOf(classes)}.`,
  );
}

function warnOfNothing(
  classes: readonly string[],
  counts: readonly ClassCounts[],
  average: Average,
  positive: number,
  warnings: string[],
): void {
  const looked = average === 'binary' ? [positive] : counts.map((_, k) => k);
  const say = (score: string, what: string, empty: (count: ClassCounts) => boolean): void => {
    const found = looked.filter((k) => empty(counts[k])).map((k) => classes[k]);
    if (found.length > 0)
      warnings.push(`${score} is not defined without ${what} rows and set to 0: ${someOf(found)}.`);
  };
  say('Precision', 'predicted', ({ predicted }) => predicted === 0);
  say('Recall', 'actual', ({ actual }) => actual === 0);
}

/** A column a class. @throws KeplerError invalid_arguments, invalid_data */
function probabilitiesOf(
  given: NonNullable<ClassificationOptions['probabilities']>,
  classes: readonly string[],
  rows: number,
  positive: number,
): Float64Array[] {
  const lists =
    typeof given[0] === 'number' ? [given as ArrayLike<number>] : [...(given as ArrayLike<number>[])];
  const columns = lists.map((list, k) => {
    if (list.length !== rows) {
      throw new KeplerError(
        'invalid_data',
        `Column ${k + 1} of the probabilities has ${list.length} rows instead of ${rows}. Give a list of all rows for each class.`,
      );
    }
    const values = numbersOf(list, 'The probability');
    const outside = values.findIndex((value) => value < 0 || value > 1);
    if (outside < 0) return values;
    throw new KeplerError(
      'invalid_data',
      `The probability of row ${outside + 1} is ${values[outside]}; it must be from 0 to 1.`,
    );
  });
  if (classes.length === 2 && columns.length === 1) {
    const others = columns[0].map((value) => 1 - value);
    return positive === 1 ? [others, columns[0]] : [columns[0], others];
  }
  if (columns.length === classes.length && classes.length > 1) return columns;
  throw new KeplerError(
    'invalid_arguments',
    `There are ${columns.length} columns of probabilities for ${classes.length} classes (${someOf(classes)}). Name all classes with labels, and give a column for each.`,
  );
}

function measureProbabilities(
  codes: Int32Array,
  probabilities: readonly Float64Array[],
  positive: number,
  weights: Float64Array | undefined,
  options: ClassificationOptions,
  warnings: string[],
): { values: Record<string, number>; areas: readonly number[]; precisions: readonly number[] } {
  const areas = eachAgainstRest(codes, probabilities, rocArea, weights);
  const precisions = eachAgainstRest(codes, probabilities, averagePrecision, weights);
  const off = codes.findIndex(
    (_, i) => Math.abs(probabilities.reduce((sum, p) => sum + p[i], 0) - 1) > 1.5e-8,
  );
  if (off >= 0) warnings.push(`The probabilities of row ${off + 1} do not add up to 1.`);
  if (areas.some(Number.isNaN)) {
    warnings.push('A ROC area is not defined for a class without actual rows, or with nothing but them.');
  }
  const two = probabilities.length === 2;
  const mean = (scores: readonly number[], how: 'macro' | 'weighted'): number =>
    averageOfClasses(scores, codes, how, weights);
  const values: Record<string, number> = {
    log_loss: logLoss(codes, probabilities, weights),
    brier_score: brierScore(codes, probabilities, weights),
    ...(options.topK !== undefined && {
      top_k_accuracy: topKAccuracy(codes, probabilities, options.topK, weights),
    }),
  };
  if (two) {
    values.roc_auc = areas[positive];
    values.average_precision = precisions[positive];
    return { values, areas, precisions };
  }
  const pairs = options.multiClass === 'ovo';
  if (pairs && weights) {
    throw new KeplerError(
      'invalid_arguments',
      'The ROC area of pairs of classes (multiClass "ovo") takes no weights; choose "ovr" or leave the weights out.',
    );
  }
  const area = (how: 'macro' | 'weighted'): number =>
    pairs ? rocAucOneVsOne(codes, probabilities, how) : mean(areas, how);
  values.roc_auc_macro = area('macro');
  values.roc_auc_weighted = area('weighted');
  values.roc_auc = options.average === 'macro' ? values.roc_auc_macro : values.roc_auc_weighted;
  values.average_precision_macro = mean(precisions, 'macro');
  values.average_precision_weighted = mean(precisions, 'weighted');
  values.average_precision =
    options.average === 'macro' ? values.average_precision_macro : values.average_precision_weighted;
  return { values, areas, precisions };
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}

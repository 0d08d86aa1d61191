import { averagePrecision, precisionRecallCurve, rocArea, rocCurve, scoreCounts } from './binary-curve.ts';
import type { ScoreCounts } from './binary-curve.ts';
import { calibrationCurve } from './calibration.ts';
import { confusionCounts, countClasses } from './class-counts.ts';
import { classMetrics } from './class-metrics.ts';
import type { Measured } from './evaluate-numbers.ts';
import { sixDigits } from './evaluation.ts';
import type { ClassCurve, Evaluation } from './evaluation.ts';
import { brierScore, logLoss } from './probability-scores.ts';
import { sumOf } from './sums.ts';

/** Of more classes the most frequent ones have curves, and the largest cells of the confusion are kept. */
const MOST_CURVES = 20;
const MOST_CELLS = 200;
/** Points of one curve, and of all curves of a kind together. */
const MOST_POINTS = 200;
const ALL_POINTS = 800;

export interface ClassRows {
  /** The classes of the codes; those beyond `probabilities` are known from actual rows alone. */
  readonly classes: readonly string[];
  readonly actual: Int32Array;
  readonly predicted: Int32Array;
  /** Of all rows or of an even sample of them: the actual classes, and a column a class of the model. */
  readonly scored?: { readonly actual: Int32Array; readonly probabilities: readonly Float64Array[] };
}

/** How well classes were predicted. At least one row. */
export function evaluateClasses({ classes, actual, predicted, scored }: ClassRows): Measured {
  const metrics = classMetrics(countClasses(actual, predicted, classes.length));
  const confusion = confusionOf(classes, actual, predicted);
  if (!scored || scored.actual.length === 0) return { metrics, plots: { confusion } };
  const sampled = scored.actual.length < actual.length && { sampledRows: scored.actual.length };
  const { probabilities } = scored;
  const known = scored.actual.every((code) => code < probabilities.length);
  Object.assign(
    metrics,
    known && {
      log_loss: logLoss(scored.actual, probabilities),
      brier_score: brierScore(scored.actual, probabilities),
    },
  );
  const shown = shownClasses(scored.actual, probabilities.length);
  const counts = shown.map((k) => scoreCounts(probabilities[k], scored.actual, k));
  if (probabilities.length <= MOST_CURVES) Object.assign(metrics, areas(counts));
  const points = Math.min(MOST_POINTS, Math.floor(ALL_POINTS / shown.length));
  const curves = shown.map((k, i) =>
    curveOf(classes[k], counts[i], probabilities[k], scored.actual, k, points),
  );
  return { metrics, plots: { ...sampled, confusion, curves } };
}

/** Of two classes the one that counts as positive, because the other's curves say the same; of many the most frequent. */
function shownClasses(actual: Int32Array, classes: number): number[] {
  if (classes === 2) return [1];
  const all = Array.from({ length: classes }, (_, k) => k);
  if (classes <= MOST_CURVES) return all;
  const rows = new Float64Array(classes);
  for (const code of actual) if (code < classes) rows[code]++;
  return all
    .sort((a, b) => rows[b] - rows[a])
    .slice(0, MOST_CURVES)
    .sort((a, b) => a - b);
}

function confusionOf(
  classes: readonly string[],
  actual: Int32Array,
  predicted: Int32Array,
): NonNullable<Evaluation['confusion']> {
  const count = classes.length;
  const counts = confusionCounts(actual, predicted, count);
  const all = count <= MOST_CURVES;
  const cells = Array.from(counts, (rows, at): [number, number, number] => [
    Math.floor(at / count),
    at % count,
    rows,
  ])
    .filter(([, , rows]) => all || rows > 0)
    .sort((x, y) => (all ? 0 : y[2] - x[2]))
    .slice(0, all ? undefined : MOST_CELLS);
  return { classes, cells, left: actual.length - cells.reduce((sum, [, , rows]) => sum + rows, 0) };
}

/** Areas under the curves; of several classes weighted by their rows, those without a curve left out. */
function areas(counts: readonly ScoreCounts[]): Record<string, number> {
  const defined = counts.filter(({ positives, negatives }) => positives > 0 && negatives > 0);
  if (defined.length === 0) return {};
  const total = sumOf(defined.length, (k) => defined[k].positives);
  const mean = (of: (one: ScoreCounts) => number): number =>
    sumOf(defined.length, (k) => (of(defined[k]) * defined[k].positives) / total);
  return { roc_auc: mean(rocArea), average_precision: mean(averagePrecision) };
}

function curveOf(
  name: string,
  counts: ScoreCounts,
  probabilities: Float64Array,
  actual: Int32Array,
  k: number,
  points: number,
): ClassCurve {
  const roc = rocCurve(counts);
  const pr = precisionRecallCurve(counts);
  const threshold = (value: number | undefined): number | null =>
    value === undefined || value === Infinity ? null : sixDigits(value);
  const empty = counts.positives === 0 || counts.negatives === 0;
  const rocPlaces = empty ? [] : thinned(roc.fpr, roc.tpr, points);
  const prPlaces = empty ? [] : thinned(pr.recall, pr.precision, points);
  return {
    class: name,
    prevalence: sixDigits(counts.positives / (counts.positives + counts.negatives)),
    roc: rocPlaces.map((i) => [threshold(roc.thresholds[i]), sixDigits(roc.fpr[i]), sixDigits(roc.tpr[i])]),
    pr: prPlaces.map((i) => [
      threshold(pr.thresholds[i]),
      sixDigits(pr.recall[i]),
      sixDigits(pr.precision[i]),
    ]),
    calibration: calibrationCurve(probabilities, actual, k).map(({ bin, predicted, observed, rows }) => [
      bin + 1,
      sixDigits(predicted),
      sixDigits(observed),
      rows,
    ]),
  };
}

/** Places of at most so many points of a curve, evenly along its way; its ends are kept. */
export function thinned(x: readonly number[], y: readonly number[], most: number): number[] {
  const last = x.length - 1;
  if (last < most) return x.map((_, i) => i);
  const way = new Float64Array(x.length);
  for (let i = 1; i <= last; i++) way[i] = way[i - 1] + Math.abs(x[i] - x[i - 1]) + Math.abs(y[i] - y[i - 1]);
  const kept: number[] = [];
  for (let i = 0; i <= last && kept.length < most - 1; i++) {
    if (way[i] >= (way[last] * kept.length) / (most - 1)) kept.push(i);
  }
  if (kept[kept.length - 1] !== last) kept.push(last);
  return kept;
}

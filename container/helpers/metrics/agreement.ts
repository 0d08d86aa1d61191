/** How well predicted classes agree with the actual ones, beyond counts of a class: single numbers over all classes. */
import type { ClassCounts } from './class-counts.ts';
import { totalCounts } from './class-counts.ts';
import { sumOf } from './sums.ts';

/** Share of the rows that are predicted right. */
export function accuracy(counts: readonly ClassCounts[]): number {
  const { right, actual } = totalCounts(counts);
  return right / actual;
}

/** Mean recall of the classes that have actual rows. @param adjusted 0 for guessing, 1 for perfect. */
export function balancedAccuracy(counts: readonly ClassCounts[], adjusted = false): number {
  const held = counts.filter(({ actual }) => actual > 0);
  const mean = sumOf(held.length, (k) => held[k].right / held[k].actual) / held.length;
  if (!adjusted) return mean;
  const chance = 1 / held.length;
  return (mean - chance) / (1 - chance);
}

/** Correlation of actual and predicted classes (Matthews 1975; Gorodkin 2004 for several). 0 where either is constant. */
export function matthews(counts: readonly ClassCounts[]): number {
  const { right, actual: all } = totalCounts(counts);
  const product = (of: (a: ClassCounts) => number): number => sumOf(counts.length, (k) => of(counts[k]));
  const both = right * all - product(({ actual, predicted }) => actual * predicted);
  const ofActual = all * all - product(({ actual }) => actual * actual);
  const ofPredicted = all * all - product(({ predicted }) => predicted * predicted);
  const spread = ofActual * ofPredicted;
  return spread === 0 ? 0 : both / Math.sqrt(spread);
}

/**
 * Agreement beyond chance (Cohen 1960). NaN where one class alone occurs.
 * @param confusion Rows by actual and predicted class.
 * @param weights How much a miss by several classes counts; `none`: all misses alike.
 */
export function cohenKappa(
  confusion: Float64Array,
  classes: number,
  weights: 'none' | 'linear' | 'quadratic' = 'none',
): number {
  const actual = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let all = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const count = confusion[i * classes + j];
      actual[i] += count;
      predicted[j] += count;
      all += count;
    }
  }
  const cost = (i: number, j: number): number => {
    if (weights === 'none') return i === j ? 0 : 1;
    return weights === 'linear' ? Math.abs(i - j) : (i - j) ** 2;
  };
  const pairs = (of: (i: number, j: number) => number): number =>
    sumOf(classes * classes, (at) => {
      const [i, j] = [Math.floor(at / classes), at % classes];
      return cost(i, j) * of(i, j);
    });
  const observed = pairs((i, j) => confusion[i * classes + j]);
  const expected = pairs((i, j) => (actual[i] * predicted[j]) / all);
  return expected === 0 ? NaN : 1 - observed / expected;
}

/** The same without weights, from the classes' counts alone: takes any number of classes. */
export function plainKappa(counts: readonly ClassCounts[]): number {
  const { right, actual: all } = totalCounts(counts);
  const chance = sumOf(counts.length, (k) => (counts[k].actual / all) * counts[k].predicted);
  return all - chance === 0 ? NaN : 1 - (all - right) / (all - chance);
}

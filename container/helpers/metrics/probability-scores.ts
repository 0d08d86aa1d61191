/** Scores of predicted probabilities. `probabilities[k][i]` is that of class k in row i. */
import { average } from './regression.ts';
import { rocArea, scoreCounts } from './binary-curve.ts';
import type { ScoreCounts } from './binary-curve.ts';
import { sumOf } from './sums.ts';

type Probabilities = readonly Float64Array[];

/** Mean of -log of the actual class's probability, which counts as 2.2e-16 at least and 1 less that at most. */
export function logLoss(codes: Int32Array, probabilities: Probabilities, weights?: Float64Array): number {
  const loss = (i: number): number => {
    const p = probabilities[codes[i]][i];
    return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p)));
  };
  return average(codes.length, loss, weights);
}

/** Mean squared difference of probabilities and outcomes; of two classes half the sum over both, as in scikit-learn. */
export function brierScore(codes: Int32Array, probabilities: Probabilities, weights?: Float64Array): number {
  const loss = (i: number): number => {
    let sum = 0;
    for (let k = 0; k < probabilities.length; k++)
      sum += (probabilities[k][i] - (codes[i] === k ? 1 : 0)) ** 2;
    return sum;
  };
  const score = average(codes.length, loss, weights);
  return probabilities.length === 2 ? score / 2 : score;
}

/** Share of the rows whose class is among the `k` most probable; of equals the later class goes first, as in scikit-learn. */
export function topKAccuracy(
  codes: Int32Array,
  probabilities: Probabilities,
  k: number,
  weights?: Float64Array,
): number {
  const hit = (i: number): number => {
    const own = probabilities[codes[i]][i];
    let before = 0;
    for (let c = 0; c < probabilities.length; c++) {
      const p = probabilities[c][i];
      if (p > own || (p === own && c > codes[i])) before++;
    }
    return before < k ? 1 : 0;
  };
  return average(codes.length, hit, weights);
}

export type CurveScore = (counts: ScoreCounts) => number;

/** A score of curves for each class against all others. */
export function eachAgainstRest(
  codes: Int32Array,
  probabilities: Probabilities,
  score: CurveScore,
  weights?: Float64Array,
): number[] {
  return probabilities.map((values, k) => score(scoreCounts(values, codes, k, weights)));
}

/** The classes' scores as one: alike, or by the classes' rows. NaN where a class's is, as in scikit-learn. */
export function averageOfClasses(
  scores: readonly number[],
  codes: Int32Array,
  how: 'macro' | 'weighted',
  weights?: Float64Array,
): number {
  if (how === 'macro') return sumOf(scores.length, (k) => scores[k]) / scores.length;
  const rows = new Float64Array(scores.length);
  for (let i = 0; i < codes.length; i++) rows[codes[i]] += weights ? weights[i] : 1;
  const all = sumOf(rows.length, (k) => rows[k]);
  return sumOf(scores.length, (k) => scores[k] * (rows[k] / all));
}

/** All classes' decisions put into one list: is the row of this class, and with which score. */
export function microScore(
  codes: Int32Array,
  probabilities: Probabilities,
  score: CurveScore,
  weights?: Float64Array,
): number {
  const rows = codes.length;
  const scores = new Float64Array(rows * probabilities.length);
  const is = new Int32Array(scores.length);
  const each = weights && new Float64Array(scores.length);
  probabilities.forEach((values, k) => {
    scores.set(values, k * rows);
    each?.set(weights as Float64Array, k * rows);
    for (let i = 0; i < rows; i++) is[k * rows + i] = codes[i] === k ? 1 : 0;
  });
  return score(scoreCounts(scores, is, 1, each));
}

/** Mean ROC area over pairs of classes, each pair both ways round (Hand and Till 2001). Takes no weights, as in scikit-learn. */
export function rocAucOneVsOne(
  codes: Int32Array,
  probabilities: Probabilities,
  how: 'macro' | 'weighted',
): number {
  const classes = probabilities.length;
  const rowsOf = Array.from({ length: classes }, (): number[] => []);
  codes.forEach((code, i) => rowsOf[code].push(i));
  const areas: number[] = [];
  const shares: number[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const rows = [...rowsOf[a], ...rowsOf[b]];
      const own = Int32Array.from(rows, (row) => codes[row]);
      const area = (k: number): number =>
        rocArea(
          scoreCounts(
            Float64Array.from(rows, (row) => probabilities[k][row]),
            own,
            k,
          ),
        );
      areas.push((area(a) + area(b)) / 2);
      shares.push(how === 'macro' ? 1 : rows.length / codes.length);
    }
  }
  return sumOf(areas.length, (i) => areas[i] * shares[i]) / sumOf(shares.length, (i) => shares[i]);
}

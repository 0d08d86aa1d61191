import { meanAndVariance } from '../../../estimators/linear-algebra/spread.ts';

/**
 * A value a category, and behind them the overall mean: the category's mean of the target, drawn towards the overall mean
 * (Micci-Barreca, SIGKDD Explorations 3, 2001, equations 5 to 7, as scikit-learn computes them).
 *
 * @param codes Category of each row; negative ones are left out.
 * @param smooth How many rows' weight the overall mean has, or `auto`: by the variances within the category and overall.
 */
export function encodingOf(
  codes: Int32Array,
  target: Float64Array,
  categories: number,
  smooth: number | 'auto',
): Float64Array {
  const { mean: overall, variance } = meanAndVariance(target);
  const counts = new Float64Array(categories);
  const sums = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] < 0) continue;
    counts[codes[i]]++;
    sums[codes[i]] += target[i];
  }
  const encoding = new Float64Array(categories + 1).fill(overall);
  if (smooth !== 'auto') {
    for (let c = 0; c < categories; c++) {
      const weight = counts[c] + smooth;
      if (weight > 0) encoding[c] = (sums[c] + smooth * overall) / weight;
    }
    return encoding;
  }
  const means = sums.map((sum, c) => sum / counts[c]);
  const squares = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= 0) squares[codes[i]] += (target[i] - means[codes[i]]) ** 2;
  }
  for (let c = 0; c < categories; c++) {
    const between = variance * counts[c];
    const trust = between / (between + squares[c] / counts[c]);
    if (!Number.isNaN(trust)) encoding[c] = trust * means[c] + (1 - trust) * overall;
  }
  return encoding;
}

/** Which rows count: all, or those that are not of one part. */
export interface Rows {
  readonly folds: Int32Array;
  readonly except: number;
}

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
  rows?: Rows,
): Float64Array {
  // The first place is of rows without a category, so that no row need be asked for.
  const counts = new Float64Array(categories + 1);
  const sums = new Float64Array(categories + 1);
  const folds = rows?.folds;
  const except = rows?.except ?? -1;
  for (let i = 0; i < codes.length; i++) {
    if (folds && folds[i] === except) continue;
    counts[codes[i] + 1]++;
    sums[codes[i] + 1] += target[i];
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const overall = sums.reduce((sum, one) => sum + one, 0) / total;
  const encoding = new Float64Array(categories + 1).fill(overall);
  if (smooth !== 'auto') {
    for (let c = 0; c < categories; c++) {
      const weight = counts[c + 1] + smooth;
      if (weight > 0) encoding[c] = (sums[c + 1] + smooth * overall) / weight;
    }
    return encoding;
  }
  const means = sums.map((sum, c) => sum / counts[c]);
  const squares = new Float64Array(categories + 1);
  let all = 0;
  for (let i = 0; i < codes.length; i++) {
    if (folds && folds[i] === except) continue;
    const apart = target[i] - means[codes[i] + 1];
    squares[codes[i] + 1] += apart * apart;
    all += (target[i] - overall) ** 2;
  }
  const variance = all / total;
  for (let c = 0; c < categories; c++) {
    const between = variance * counts[c + 1];
    const trust = between / (between + squares[c + 1] / counts[c + 1]);
    if (!Number.isNaN(trust)) encoding[c] = trust * means[c + 1] + (1 - trust) * overall;
  }
  return encoding;
}

export interface CalibrationBin {
  /** Place of the bin, from 0. */
  readonly bin: number;
  /** Mean predicted probability of its rows. */
  readonly predicted: number;
  /** Share of its rows that are positive. */
  readonly observed: number;
  /** Rows, or their weight. */
  readonly rows: number;
}

/** scikit-learn's calibration_curve with uniform bins: probabilities against what came true. Empty bins are left out. */
export function calibrationCurve(
  probabilities: Float64Array,
  codes: Int32Array,
  positive: number,
  bins = 10,
  weights?: Float64Array,
): CalibrationBin[] {
  const rows = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < codes.length; i++) {
    // A probability on the edge of two bins belongs to the lower one.
    const bin = binOf(probabilities[i], bins);
    const weight = weights ? weights[i] : 1;
    rows[bin] += weight;
    predicted[bin] += weight * probabilities[i];
    if (codes[i] === positive) observed[bin] += weight;
  }
  return Array.from(rows, (count, bin) => ({
    bin,
    predicted: predicted[bin] / count,
    observed: observed[bin] / count,
    rows: count,
  })).filter(({ rows: count }) => count > 0);
}

/** Edges are the multiples of 1 / bins as doubles, as NumPy makes them; a product may round to the other side of one. */
function binOf(probability: number, bins: number): number {
  const step = 1 / bins;
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
  while (bin > 0 && probability <= bin * step) bin--;
  while (bin < bins - 1 && probability > (bin + 1) * step) bin++;
  return bin;
}

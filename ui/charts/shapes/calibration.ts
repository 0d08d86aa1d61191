/** One bin of predicted probability: its mean, the share that came true, and how many rows it holds. */
export interface CalibrationBin {
  readonly predicted: number;
  readonly observed: number;
  readonly rows: number;
}

/** A bin with the range in which the true share lies 95 times of 100. */
export interface CalibrationPoint extends CalibrationBin {
  readonly low: number;
  readonly high: number;
}

/** Bins that hold rows, in the order of probability, each with observed ± 1.96 standard errors within 0 and 1. */
export function calibrationPoints(bins: readonly CalibrationBin[]): CalibrationPoint[] {
  return bins
    .filter((bin) => bin.rows > 0)
    .map((bin) => {
      const error = 1.96 * Math.sqrt((bin.observed * (1 - bin.observed)) / bin.rows);
      return { ...bin, low: Math.max(0, bin.observed - error), high: Math.min(1, bin.observed + error) };
    })
    .sort((a, b) => a.predicted - b.predicted);
}

/** Expected calibration error: the mean distance of observed from predicted, weighted by rows. */
export function calibrationError(bins: readonly CalibrationBin[]): number | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  if (rows === 0) return undefined;
  return bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.observed - bin.predicted), 0) / rows;
}

/** Milliseconds counted in bins that grow by a twentieth: quantiles are right to 2.5 %, and two histograms can be added. */
export type Histogram = Record<number, number>;

const GROWTH = Math.log(1.05);
/** Everything below counts as this. */
const LEAST_MS = 0.01;

export function count(histogram: Histogram, ms: number): void {
  const bin = Math.round(Math.log(Math.max(ms, LEAST_MS)) / GROWTH);
  histogram[bin] = (histogram[bin] ?? 0) + 1;
}

export function add(into: Histogram, other: Histogram): void {
  for (const [bin, n] of Object.entries(other)) into[Number(bin)] = (into[Number(bin)] ?? 0) + n;
}

/** The least time that a share `q` of what was counted did not exceed; undefined where nothing was. */
export function quantile(histogram: Histogram, q: number): number | undefined {
  const bins = Object.entries(histogram)
    .map(([bin, n]) => [Number(bin), n] as const)
    .sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, n]) => sum + n, 0);
  let left = Math.ceil(q * total);
  for (const [bin, n] of bins) {
    left -= n;
    if (left <= 0) return Number(Math.exp(bin * GROWTH).toPrecision(3));
  }
  return undefined;
}

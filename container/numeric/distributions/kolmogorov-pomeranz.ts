/** What rounding may move an edge by, which lies at up to n = 140. */
const ROUNDING = 1e-11;

/**
 * P(D <= d) exactly for medium n d: the chance that a Poisson process of rate n stays within d of the diagonal on [0, 1],
 * given that it has n jumps (Pomeranz, Comm. ACM 17, 1974). The state is the count of jumps so far; the band's edges cross
 * whole counts at 2 n times, between which the count moves by a Poisson step.
 */
export function pomeranz(n: number, d: number): number {
  const width = n * d;
  // Times (in units of 1 / n) where a count enters or leaves the band width: count - width and count + width.
  const times = new Set<number>([0, n]);
  for (let k = 0; k <= n; k++) {
    if (k - width > 0 && k - width < n) times.add(k - width);
    if (k + width > 0 && k + width < n) times.add(k + width);
  }
  const sorted = [...times].sort((x, y) => x - y);
  let chance = new Float64Array(n + 1);
  chance[0] = 1;
  let exponent = 0;
  for (let step = 1; step < sorted.length; step++) {
    const rate = sorted[step] - sorted[step - 1];
    // No edge lies inside the interval: a count that leaves the band before its end must be gone at its start, and one
    // that enters the band only later must not be reached in it.
    const least = sorted[step] - width - ROUNDING;
    const most = sorted[step - 1] + width + ROUNDING;
    for (let k = 0; k < least; k++) chance[k] = 0;
    chance = move(chance, rate, n);
    let largest = 0;
    for (let k = 0; k <= n; k++) {
      if (k > most) chance[k] = 0;
      largest = Math.max(largest, chance[k]);
    }
    if (largest > 0 && largest < 2 ** -128) {
      chance = chance.map((value) => value * 2 ** 128);
      exponent -= 128;
    }
  }
  // Without the factors e^-rate: divide by n^n / n!.
  let value = chance[n];
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value > 0 && value < 2 ** -128) {
      value *= 2 ** 128;
      exponent -= 128;
    }
  }
  return value * 2 ** exponent;
}

/** The counts after a time in which rate^m / m! weighs m more jumps. */
function move(chance: Float64Array, rate: number, n: number): Float64Array<ArrayBuffer> {
  const weights = new Float64Array(n + 1);
  weights[0] = 1;
  for (let m = 1; m <= n; m++) weights[m] = (weights[m - 1] * rate) / m;
  const moved = new Float64Array(n + 1);
  for (let from = 0; from <= n; from++) {
    if (chance[from] === 0) continue;
    for (let m = 0; from + m <= n; m++) moved[from + m] += chance[from] * weights[m];
  }
  return moved;
}

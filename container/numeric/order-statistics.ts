/** The values that are no null, as they are where there is none. */
export function present(values: Float64Array): Float64Array {
  const count = countPresent(values);
  if (count === values.length) return values;
  const kept = new Float64Array(count);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) kept[n++] = values[i];
  return kept;
}

export function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) return true;
  return false;
}

function countPresent(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) count++;
  return count;
}

/** NumPy's linear interpolation between two neighbours, to the last bit. */
function between(a: number, b: number, share: number): number {
  return share >= 0.5 ? b - (b - a) * (1 - share) : a + (b - a) * share;
}

/**
 * Quantiles as NumPy's default (Hyndman and Fan's type 7), without sorting it all: few places of a long column are found by
 * selection. NaN for no values.
 *
 * @param values Without nulls.
 * @param shares From 0 to 1, rising.
 */
export function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 0) return shares.map(() => NaN);
  const work = values.slice();
  let from = 0;
  return shares.map((share) => {
    const place = share * last;
    const low = Math.floor(place);
    if (low > from || from === 0) select(work, low, from, last);
    from = low;
    if (low === last || place === low) return work[low];
    // Behind the selected place stand only larger ones: the next is the least of them.
    let next = work[low + 1];
    for (let i = low + 2; i <= last; i++) if (work[i] < next) next = work[i];
    return between(work[low], next, place - low);
  });
}

/** Quantiles of values that are sorted already. */
export function sortedQuantile(sorted: Float64Array, share: number): number {
  const last = sorted.length - 1;
  if (last < 0) return NaN;
  const place = share * last;
  const low = Math.min(Math.floor(place), last);
  return low === last ? sorted[last] : between(sorted[low], sorted[low + 1], place - low);
}

/** As NumPy's median: the mean of the two in the middle. */
export function median(values: Float64Array): number {
  const [middle] = values.length % 2 === 1 ? quantiles(values, [0.5]) : [NaN];
  if (values.length % 2 === 1 || values.length === 0) return middle;
  const half = values.length / 2;
  const work = values.slice();
  select(work, half, 0, work.length - 1);
  let below = work[0];
  for (let i = 1; i < half; i++) if (work[i] > below) below = work[i];
  return (below + work[half]) / 2;
}

/** Puts the k-th smallest of [left, right] to place k, none larger before it and none smaller behind (Floyd and Rivest 1975). */
function select(values: Float64Array, k: number, left: number, right: number): void {
  while (right > left) {
    if (right - left > 600) {
      const n = right - left + 1;
      const i = k - left + 1;
      const z = Math.log(n);
      const s = 0.5 * Math.exp((2 * z) / 3);
      const sd = 0.5 * Math.sqrt((z * s * (n - s)) / n) * Math.sign(i - n / 2);
      select(
        values,
        k,
        Math.max(left, Math.floor(k - (i * s) / n + sd)),
        Math.min(right, Math.floor(k + ((n - i) * s) / n + sd)),
      );
    }
    const pivot = values[k];
    let i = left;
    let j = right;
    values[k] = values[left];
    values[left] = pivot;
    const swapped = values[right] > pivot;
    if (swapped) {
      values[left] = values[right];
      values[right] = pivot;
    }
    while (i < j) {
      const held = values[i];
      values[i] = values[j];
      values[j] = held;
      i++;
      j--;
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
    }
    if (values[left] === pivot) {
      values[left] = values[j];
      values[j] = pivot;
    } else {
      j++;
      const held = values[j];
      values[j] = values[right];
      values[right] = held;
    }
    if (j <= k) left = j + 1;
    if (k <= j) right = j - 1;
  }
}

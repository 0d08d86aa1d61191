/** Bytes of one column's histogram: 256 bins of 8. */
const HISTOGRAM: usize = 2048;

// @ts-ignore: decorator
@inline
function add(cell: usize, word: i64): void {
  store<i64>(cell, load<i64>(cell) + word);
}

/**
 * Histograms of a block of `width` columns (8 at most) from the rows at [start, end). The eight codes of a row lie side by
 * side, so that one look into the memory serves eight columns.
 */
export function sumHistograms(
  codes: usize, width: i32, rows: usize, payload: usize, start: i32, end: i32, histograms: usize,
): void {
  memory.fill(histograms, 0, <usize>width * HISTOGRAM);
  if (width == 8) sumBlock(codes, rows, payload, start, end, histograms);
  else sumPart(codes, width, rows, payload, start, end, histograms);
}

/** A column's place is told by the instructions, not reckoned: a tenth of the time. */
function sumBlock(codes: usize, rows: usize, payload: usize, start: i32, end: i32, histograms: usize): void {
  const last = rows + ((<usize>end) << 2);
  let word = payload + ((<usize>start) << 3);
  for (let row = rows + ((<usize>start) << 2); row < last; row += 4, word += 8) {
    const at = codes + ((<usize>load<u32>(row)) << 3);
    const own = load<i64>(word);
    let cell = histograms + ((<usize>load<u8>(at)) << 3);
    store<i64>(cell, load<i64>(cell) + own);
    cell = histograms + ((<usize>load<u8>(at, 1)) << 3);
    store<i64>(cell, load<i64>(cell, HISTOGRAM) + own, HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 2 * HISTOGRAM) + own, 2 * HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 3 * HISTOGRAM) + own, 3 * HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 4 * HISTOGRAM) + own, 4 * HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 5)) << 3);
    store<i64>(cell, load<i64>(cell, 5 * HISTOGRAM) + own, 5 * HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 6)) << 3);
    store<i64>(cell, load<i64>(cell, 6 * HISTOGRAM) + own, 6 * HISTOGRAM);
    cell = histograms + ((<usize>load<u8>(at, 7)) << 3);
    store<i64>(cell, load<i64>(cell, 7 * HISTOGRAM) + own, 7 * HISTOGRAM);
  }
}

/** The last block, whose width is the same for all rows: the branches cost next to nothing. */
function sumPart(
  codes: usize, width: i32, rows: usize, payload: usize, start: i32, end: i32, histograms: usize,
): void {
  for (let i = start; i < end; i++) {
    const at = codes + ((<usize>load<u32>(rows + ((<usize>i) << 2))) << 3);
    const word = load<i64>(payload + ((<usize>i) << 3));
    add(histograms + ((<usize>load<u8>(at)) << 3), word);
    if (width > 1) add(histograms + ((<usize>load<u8>(at, 1)) << 3) + HISTOGRAM, word);
    if (width > 2) add(histograms + ((<usize>load<u8>(at, 2)) << 3) + 2 * HISTOGRAM, word);
    if (width > 3) add(histograms + ((<usize>load<u8>(at, 3)) << 3) + 3 * HISTOGRAM, word);
    if (width > 4) add(histograms + ((<usize>load<u8>(at, 4)) << 3) + 4 * HISTOGRAM, word);
    if (width > 5) add(histograms + ((<usize>load<u8>(at, 5)) << 3) + 5 * HISTOGRAM, word);
    if (width > 6) add(histograms + ((<usize>load<u8>(at, 6)) << 3) + 6 * HISTOGRAM, word);
  }
}

/** `into` becomes the sum of two; `bytes` is a multiple of 16. */
export function addHistograms(into: usize, a: usize, b: usize, bytes: usize): void {
  const end = into + bytes;
  for (; into < end; into += 16, a += 16, b += 16) v128.store(into, i64x2.add(v128.load(a), v128.load(b)));
}

/** Takes `part` off `whole`; `bytes` is a multiple of 16. */
export function subtractHistograms(whole: usize, part: usize, bytes: usize): void {
  const end = whole + bytes;
  for (; whole < end; whole += 16, part += 16) v128.store(whole, i64x2.sub(v128.load(whole), v128.load(part)));
}

/** Where a search leaves what it found in one column, behind the best of all columns. */
const FOUND: usize = 64;

/**
 * The best boundary in the finished histograms of the columns from `first` to before `last`; of equals that of the first
 * column. `weightBits` is 11 or more.
 *
 * @param bins How many bins each column has.
 * @param sum, weight The node's, as whole numbers; so with `least` and `most`, what the left side may weigh.
 * @param two52 2^52, whose bits before a whole number make a double of it. An argument, as V8 makes constants anew each turn.
 */
export function scanSums(
  histograms: usize, bins: usize, first: i32, last: i32, weightBits: i32, sum: f64, weight: f64, least: f64, most: f64,
  two52: f64, result: usize,
): void {
  let best = -Infinity;
  const anywhere = least <= 1 && most >= weight - 1;
  for (let column = first; column < last; column++) {
    const histogram = histograms + <usize>column * HISTOGRAM;
    const width = load<i32>(bins + ((<usize>column) << 2));
    if (anywhere) scanColumn(histogram, width, weightBits, sum, weight, least, most, two52, result + FOUND, false);
    else scanColumn(histogram, width, weightBits, sum, weight, least, most, two52, result + FOUND, true);
    const proxy = load<f64>(result + FOUND);
    if (!(proxy > best)) continue;
    best = proxy;
    store<f64>(result, load<f64>(result + FOUND, 8), 8);
    store<f64>(result, load<f64>(result + FOUND, 16), 16);
    store<f64>(result, <f64>column, 32);
    store<f64>(result, load<f64>(result + FOUND, 24), 40);
    store<f64>(result, load<f64>(result + FOUND, 32), 48);
  }
  store<f64>(result, best);
}

/**
 * The best boundary in one histogram, two bins at a time and without a division: sum² / weight of both sides is greatest
 * where (left sum * weight - sum * left weight)² / (left weight * right weight) is, and fractions are compared crosswise.
 * Behind an empty bin the sums are those before it, so that it never wins; nor does a side without weight, 0 / 0.
 */
// @ts-ignore: decorator
@inline
function scanColumn(
  histogram: usize, bins: i32, weightBits: i32, sum: f64, weight: f64, least: f64, most: f64, two52: f64, found: usize,
  bounded: bool,
): void {
  const magic = f64x2.splat(two52);
  // Sums become positive by what the first carry holds, so that their bits can be shifted without their sign.
  const lifted = f64x2.splat(two52 + <f64>((<i64>1) << (62 - <i64>weightBits)));
  const mask = i64x2.splat(((<i64>1) << (<i64>weightBits)) - 1);
  const sums = f64x2.splat(sum);
  const weights = f64x2.splat(weight);
  const leasts = f64x2.splat(least);
  const mosts = f64x2.splat(most);
  let carry = i64x2.splat((<i64>1) << 62);
  let bestOver = f64x2.splat(-1);
  let bestUnder = f64x2.splat(1);
  let bestPrefix = i64x2.splat(0);
  let bestAt = i64x2.splat(0);
  const end = histogram + ((<usize>bins) << 3);
  for (let at = histogram; at < end; at += 16) {
    const pair = v128.load(at);
    const prefix = i64x2.add(i64x2.add(pair, v128.shuffle<i64>(i64x2.splat(0), pair, 1, 2)), carry);
    carry = v128.shuffle<i64>(prefix, prefix, 1, 1);
    const here = f64x2.sub(v128.or(v128.and(prefix, mask), magic), magic);
    const left = f64x2.sub(v128.or(i64x2.shr_u(prefix, weightBits), magic), lifted);
    const apart = f64x2.sub(f64x2.mul(left, weights), f64x2.mul(sums, here));
    const over = f64x2.mul(apart, apart);
    const under = f64x2.mul(here, f64x2.sub(weights, here));
    let better = f64x2.gt(f64x2.mul(over, bestUnder), f64x2.mul(bestOver, under));
    if (bounded) better = v128.and(better, v128.and(f64x2.ge(here, leasts), f64x2.le(here, mosts)));
    if (v128.any_true(better)) {
      bestOver = v128.bitselect(over, bestOver, better);
      bestUnder = v128.bitselect(under, bestUnder, better);
      bestPrefix = v128.bitselect(prefix, bestPrefix, better);
      bestAt = v128.bitselect(i64x2.splat(at), bestAt, better);
    }
  }
  const even = <usize>i64x2.extract_lane(bestAt, 0);
  const odd = <usize>i64x2.extract_lane(bestAt, 1);
  if (max<usize>(even, odd) == 0) {
    store<f64>(found, -Infinity);
    return;
  }
  const evenSide = f64x2.extract_lane(bestOver, 0) * f64x2.extract_lane(bestUnder, 1);
  const oddSide = f64x2.extract_lane(bestOver, 1) * f64x2.extract_lane(bestUnder, 0);
  const oddWins = oddSide > evenSide || (oddSide == evenSide && odd < even);
  const boundary = oddWins ? odd + 8 : even;
  const words = (oddWins ? i64x2.extract_lane(bestPrefix, 1) : i64x2.extract_lane(bestPrefix, 0)) - ((<i64>1) << 62);
  const left = <f64>(words >> (<i64>weightBits));
  const here = <f64>(words & (((<i64>1) << (<i64>weightBits)) - 1));
  const right = sum - left;
  let next = boundary + 8;
  while (load<i64>(next) == 0) next += 8;
  store<f64>(found, (left * left) / here + (right * right) / (weight - here));
  store<f64>(found, <f64>((boundary - histogram) >> 3), 8);
  store<f64>(found, <f64>((next - histogram) >> 3), 16);
  store<f64>(found, left, 24);
  store<f64>(found, here, 32);
}

import { drainMarks, isDense, markBin } from './bins';

export function classSplitBytes(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, classes: i32, histogram: usize,
  counts: usize, marks: usize, used: usize, weights: usize, totals: usize, sides: usize, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  classSplit<u8>(codes, bins, rows, payload, start, end, classes, histogram, counts, marks, used, weights, totals, sides, minRows, minWeight, countRows, result);
}

export function classSplitShorts(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, classes: i32, histogram: usize,
  counts: usize, marks: usize, used: usize, weights: usize, totals: usize, sides: usize, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  classSplit<u16>(codes, bins, rows, payload, start, end, classes, histogram, counts, marks, used, weights, totals, sides, minRows, minWeight, countRows, result);
}

// @ts-ignore: decorator
@inline
function classSplit<Code>(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, classes: i32, histogram: usize,
  counts: usize, marks: usize, used: usize, weights: usize, totals: usize, sides: usize, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  const dense = isDense(bins, end - start);
  if (dense && !countRows) fillDense<Code>(codes, rows, payload, start, end, <u32>classes, histogram);
  else {
    for (let i = start; i < end; i++) {
      const row = <usize>load<u32>(rows + ((<usize>i) << 2));
      const bin = <u32>load<Code>(codes + row * sizeof<Code>());
      const word = load<u32>(payload + ((<usize>i) << 2));
      const cell = histogram + ((<usize>(bin * <u32>classes + (word & 0xffff))) << 2);
      store<u32>(cell, load<u32>(cell) + (word >> 16));
      if (countRows) store<u32>(counts + ((<usize>bin) << 2), load<u32>(counts + ((<usize>bin) << 2)) + 1);
      if (!dense) markBin(marks, bin);
    }
  }
  const listed = dense ? listFilled(histogram, bins, classes, used) : drainMarks(marks, used);
  if (classes == 2 && !countRows) {
    scanTwo(histogram, listed, used, weights, totals, <f64>(end - start), minRows, minWeight, result);
    return;
  }
  const left = sides;
  const right = sides + ((<usize>classes) << 3);
  for (let k: usize = 0; k < <usize>classes; k++) {
    store<f64>(left + (k << 3), 0);
    store<f64>(right + (k << 3), load<f64>(totals + (k << 3)));
  }
  let best = -Infinity;
  let rowsLeft: u32 = 0;
  let last: i32 = -1;
  for (let u: i32 = 0; u < listed; u++) {
    const bin = load<i32>(used + ((<usize>u) << 2));
    if (u > 0) {
      let leftWeight: f64 = 0;
      let rightWeight: f64 = 0;
      let leftSquares: f64 = 0;
      let rightSquares: f64 = 0;
      for (let k: usize = 0; k < <usize>classes; k++) {
        const a = load<f64>(left + (k << 3));
        const b = load<f64>(right + (k << 3));
        leftWeight += a;
        rightWeight += b;
        leftSquares += a * a;
        rightSquares += b * b;
      }
      const here = countRows ? <f64>rowsLeft : leftWeight;
      if (
        !(minRows > 1 && (here < minRows || <f64>(end - start) - here < minRows)) &&
        leftWeight >= minWeight && rightWeight >= minWeight
      ) {
        const proxy = leftSquares / leftWeight + rightSquares / rightWeight;
        if (proxy > best) {
          best = proxy;
          store<f64>(result, <f64>last, 8);
          store<f64>(result, <f64>bin, 16);
        }
      }
    }
    let cell = histogram + ((<usize>(bin * classes)) << 2);
    for (let k: usize = 0; k < <usize>classes; k++) {
      const weight = <f64>load<u32>(cell) * load<f64>(weights + (k << 3));
      store<f64>(left + (k << 3), load<f64>(left + (k << 3)) + weight);
      store<f64>(right + (k << 3), load<f64>(right + (k << 3)) - weight);
      store<u32>(cell, 0);
      cell += 4;
    }
    if (countRows) {
      rowsLeft += load<u32>(counts + ((<usize>bin) << 2));
      store<u32>(counts + ((<usize>bin) << 2), 0);
    }
    last = bin;
  }
  store<f64>(result, best);
  store<f64>(result, <f64>listed, 24);
}

function listFilled(histogram: usize, bins: i32, classes: i32, used: usize): i32 {
  let count: i32 = 0;
  let cell = histogram;
  for (let bin: i32 = 0; bin < bins; bin++) {
    let any: u32 = 0;
    for (let k: i32 = 0; k < classes; k++) {
      any |= load<u32>(cell);
      cell += 4;
    }
    store<i32>(used + ((<usize>count) << 2), bin);
    count += <i32>(any != 0);
  }
  return count;
}

// @ts-ignore: decorator
@inline
function fillDense<Code>(
  codes: usize, rows: usize, payload: usize, start: i32, end: i32, classes: u32, histogram: usize,
): void {
  let i = start;
  for (; i + 3 < end; i += 4) {
    const at = rows + ((<usize>i) << 2);
    const words = payload + ((<usize>i) << 2);
    addClass<Code>(codes, load<u32>(at), load<u32>(words), classes, histogram);
    addClass<Code>(codes, load<u32>(at, 4), load<u32>(words, 4), classes, histogram);
    addClass<Code>(codes, load<u32>(at, 8), load<u32>(words, 8), classes, histogram);
    addClass<Code>(codes, load<u32>(at, 12), load<u32>(words, 12), classes, histogram);
  }
  for (; i < end; i++)
    addClass<Code>(codes, load<u32>(rows + ((<usize>i) << 2)), load<u32>(payload + ((<usize>i) << 2)), classes, histogram);
}

// @ts-ignore: decorator
@inline
function addClass<Code>(codes: usize, row: u32, word: u32, classes: u32, histogram: usize): void {
  const bin = <u32>load<Code>(codes + (<usize>row) * sizeof<Code>());
  const cell = histogram + ((<usize>(bin * classes + (word & 0xffff))) << 2);
  store<u32>(cell, load<u32>(cell) + (word >> 16));
}

/** The search for two classes, whose sums stay in registers. Same results as the general one. */
function scanTwo(
  histogram: usize, listed: i32, used: usize, weights: usize, totals: usize, nodeRows: f64, minRows: f64, minWeight: f64,
  result: usize,
): void {
  const w0 = load<f64>(weights);
  const w1 = load<f64>(weights, 8);
  let left0: f64 = 0;
  let left1: f64 = 0;
  let right0 = load<f64>(totals);
  let right1 = load<f64>(totals, 8);
  let best = -Infinity;
  let bestLeft: i32 = 0;
  let bestRight: i32 = 0;
  let last: i32 = -1;
  for (let u: i32 = 0; u < listed; u++) {
    const bin = load<i32>(used + ((<usize>u) << 2));
    if (u > 0) {
      const leftWeight = left0 + left1;
      const rightWeight = right0 + right1;
      if (
        !(minRows > 1 && (leftWeight < minRows || nodeRows - leftWeight < minRows)) &&
        leftWeight >= minWeight && rightWeight >= minWeight
      ) {
        const proxy =
          (left0 * left0 + left1 * left1) / leftWeight + (right0 * right0 + right1 * right1) / rightWeight;
        if (proxy > best) {
          best = proxy;
          bestLeft = last;
          bestRight = bin;
        }
      }
    }
    const cell = histogram + ((<usize>bin) << 3);
    const both = load<u64>(cell);
    store<u64>(cell, 0);
    const a = <f64>(<u32>both) * w0;
    const b = <f64>(<u32>(both >> 32)) * w1;
    left0 += a;
    left1 += b;
    right0 -= a;
    right1 -= b;
    last = bin;
  }
  store<f64>(result, best);
  store<f64>(result, <f64>bestLeft, 8);
  store<f64>(result, <f64>bestRight, 16);
  store<f64>(result, <f64>listed, 24);
}

/** How often each class occurs at [start, end). */
export function classTotals(payload: usize, start: i32, end: i32, classes: i32, totals: usize): void {
  memory.fill(totals, 0, (<usize>classes) << 3);
  if (classes == 2) {
    let all: i64 = 0;
    let second: i64 = 0;
    for (let i = start; i < end; i++) {
      const word = load<u32>(payload + ((<usize>i) << 2));
      all += <i64>(word >> 16);
      second += <i64>((word >> 16) * (word & 1));
    }
    store<f64>(totals, <f64>(all - second));
    store<f64>(totals, <f64>second, 8);
    return;
  }
  for (let i = start; i < end; i++) {
    const word = load<u32>(payload + ((<usize>i) << 2));
    const cell = totals + ((<usize>(word & 0xffff)) << 3);
    store<f64>(cell, load<f64>(cell) + <f64>(word >> 16));
  }
}

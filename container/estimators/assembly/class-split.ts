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
  for (let i = start; i < end; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    const bin = <u32>load<Code>(codes + row * sizeof<Code>());
    const word = load<u32>(payload + ((<usize>i) << 2));
    const cell = histogram + ((<usize>(bin * <u32>classes + (word & 0xffff))) << 2);
    store<u32>(cell, load<u32>(cell) + (word >> 16));
    if (countRows) store<u32>(counts + ((<usize>bin) << 2), load<u32>(counts + ((<usize>bin) << 2)) + 1);
    if (!dense) markBin(marks, bin);
  }
  const listed = dense ? listFilled(histogram, bins, classes, used) : drainMarks(marks, used);
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

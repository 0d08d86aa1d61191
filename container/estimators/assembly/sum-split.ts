import { drainMarks, isDense, markBin } from './bins';

export function sumSplitBytes(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, histogram: usize, counts: usize,
  marks: usize, used: usize, weightBits: i32, unit: f64, weightUnit: f64, sum: f64, weight: f64, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  sumSplit<u8>(codes, bins, rows, payload, start, end, histogram, counts, marks, used, weightBits, unit, weightUnit, sum, weight, minRows, minWeight, countRows, result);
}

export function sumSplitShorts(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, histogram: usize, counts: usize,
  marks: usize, used: usize, weightBits: i32, unit: f64, weightUnit: f64, sum: f64, weight: f64, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  sumSplit<u16>(codes, bins, rows, payload, start, end, histogram, counts, marks, used, weightBits, unit, weightUnit, sum, weight, minRows, minWeight, countRows, result);
}

// @ts-ignore: decorator
@inline
function sumSplit<Code>(
  codes: usize, bins: i32, rows: usize, payload: usize, start: i32, end: i32, histogram: usize, counts: usize,
  marks: usize, used: usize, weightBits: i32, unit: f64, weightUnit: f64, sum: f64, weight: f64, minRows: f64,
  minWeight: f64, countRows: i32, result: usize,
): void {
  const dense = isDense(bins, end - start);
  for (let i = start; i < end; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2));
    const bin = <u32>load<Code>(codes + row * sizeof<Code>());
    const cell = histogram + ((<usize>bin) << 3);
    store<i64>(cell, load<i64>(cell) + load<i64>(payload + ((<usize>i) << 3)));
    if (countRows) store<u32>(counts + ((<usize>bin) << 2), load<u32>(counts + ((<usize>bin) << 2)) + 1);
    if (!dense) markBin(marks, bin);
  }
  let listed: i32 = 0;
  if (dense) {
    for (let bin: i32 = 0; bin < bins; bin++) {
      store<i32>(used + ((<usize>listed) << 2), bin);
      listed += <i32>(load<i64>(histogram + ((<usize>bin) << 3)) != 0);
    }
  } else listed = drainMarks(marks, used);
  const mask: i64 = ((<i64>1) << (<i64>weightBits)) - 1;
  let best = -Infinity;
  let leftSum: i64 = 0;
  let leftWeight: i64 = 0;
  let rowsLeft: u32 = 0;
  let last: i32 = -1;
  for (let u: i32 = 0; u < listed; u++) {
    const bin = load<i32>(used + ((<usize>u) << 2));
    if (u > 0) {
      const left = <f64>leftSum * unit;
      const right = sum - left;
      const weightHere = <f64>leftWeight * weightUnit;
      const rest = weight - weightHere;
      const here = countRows ? <f64>rowsLeft : <f64>leftWeight;
      if (
        !(minRows > 1 && (here < minRows || <f64>(end - start) - here < minRows)) &&
        weightHere >= minWeight && rest >= minWeight
      ) {
        const proxy = (left * left) / weightHere + (right * right) / rest;
        if (proxy > best) {
          best = proxy;
          store<f64>(result, <f64>last, 8);
          store<f64>(result, <f64>bin, 16);
        }
      }
    }
    const cell = histogram + ((<usize>bin) << 3);
    const word = load<i64>(cell);
    store<i64>(cell, 0);
    leftSum += word >> (<i64>weightBits);
    leftWeight += word & mask;
    if (countRows) {
      rowsLeft += load<u32>(counts + ((<usize>bin) << 2));
      store<u32>(counts + ((<usize>bin) << 2), 0);
    }
    last = bin;
  }
  store<f64>(result, best);
  store<f64>(result, <f64>listed, 24);
}

/** Histograms of `features` columns of bytes, four at a time, from the rows at [start, end). */
export function sumHistograms(
  codePointers: usize, features: i32, rows: usize, payload: usize, start: i32, end: i32, histograms: usize, bytes: usize,
): void {
  memory.fill(histograms, 0, <usize>features * bytes);
  let f: i32 = 0;
  for (; f + 3 < features; f += 4) {
    const pointers = codePointers + ((<usize>f) << 2);
    const a = <usize>load<u32>(pointers), b = <usize>load<u32>(pointers, 4);
    const c = <usize>load<u32>(pointers, 8), d = <usize>load<u32>(pointers, 12);
    const ha = histograms + <usize>f * bytes;
    const hb = ha + bytes, hc = hb + bytes, hd = hc + bytes;
    for (let i = start; i < end; i++) {
      const row = <usize>load<u32>(rows + ((<usize>i) << 2));
      const word = load<i64>(payload + ((<usize>i) << 3));
      let at = ha + ((<usize>load<u8>(a + row)) << 3);
      store<i64>(at, load<i64>(at) + word);
      at = hb + ((<usize>load<u8>(b + row)) << 3);
      store<i64>(at, load<i64>(at) + word);
      at = hc + ((<usize>load<u8>(c + row)) << 3);
      store<i64>(at, load<i64>(at) + word);
      at = hd + ((<usize>load<u8>(d + row)) << 3);
      store<i64>(at, load<i64>(at) + word);
    }
  }
  for (; f < features; f++) {
    const codes = <usize>load<u32>(codePointers + ((<usize>f) << 2));
    const histogram = histograms + <usize>f * bytes;
    for (let i = start; i < end; i++) {
      const row = <usize>load<u32>(rows + ((<usize>i) << 2));
      const at = histogram + ((<usize>load<u8>(codes + row)) << 3);
      store<i64>(at, load<i64>(at) + load<i64>(payload + ((<usize>i) << 3)));
    }
  }
}

/** Takes `part` off `whole`; `words` is even. */
export function subtractHistogram(whole: usize, part: usize, words: i32): void {
  const end = whole + ((<usize>words) << 3);
  for (; whole < end; whole += 16, part += 16) v128.store(whole, i64x2.sub(v128.load(whole), v128.load(part)));
}

/** The best boundary in one finished histogram. */
export function scanSums(
  histogram: usize, bins: i32, weightBits: i32, unit: f64, weightUnit: f64, sum: f64, weight: f64, nodeRows: f64,
  minRows: f64, minWeight: f64, result: usize,
): void {
  const mask: i64 = ((<i64>1) << (<i64>weightBits)) - 1;
  let best = -Infinity;
  let leftSum: i64 = 0;
  let leftWeight: i64 = 0;
  let last: i32 = -1;
  let used: i32 = 0;
  for (let bin: i32 = 0; bin < bins; bin++) {
    const word = load<i64>(histogram + ((<usize>bin) << 3));
    if (word == 0) continue;
    if (used > 0) {
      const left = <f64>leftSum * unit;
      const right = sum - left;
      const weightHere = <f64>leftWeight * weightUnit;
      const rest = weight - weightHere;
      const here = <f64>leftWeight;
      if (
        !(minRows > 1 && (here < minRows || nodeRows - here < minRows)) &&
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
    leftSum += word >> (<i64>weightBits);
    leftWeight += word & mask;
    last = bin;
    used++;
  }
  store<f64>(result, best);
  store<f64>(result, <f64>used, 24);
}

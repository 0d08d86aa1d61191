/**
 * The bin of each value: the first whose edge is not below it. `edges` are 256, filled up with infinity, `low` and `high` the
 * least and greatest value of each bin so far. Without a branch: eight steps of a binary search.
 */
export function codeValues(values: usize, count: i32, edges: usize, codes: usize, low: usize, high: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f32>(values + (i << 2));
    let bin: usize = 0;
    for (let step: usize = 128; step > 0; step >>= 1) {
      bin += select<usize>(step, 0, load<f32>(edges + ((bin + step - 1) << 2)) < value);
    }
    store<u8>(codes + i, <u8>bin);
    const at = bin << 2;
    store<f32>(low + at, min<f32>(load<f32>(low + at), value));
    store<f32>(high + at, max<f32>(load<f32>(high + at), value));
  }
}

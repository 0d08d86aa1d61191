/** How many of four edges lie below the value, told by a bit each. */
// @ts-ignore: decorator
@inline
function below(edges: v128, value: v128): i32 {
  return popcnt<i32>(i32x4.bitmask(f32x4.lt(edges, value)));
}

/** Every sixteenth of 64 edges. */
// @ts-ignore: decorator
@inline
function sixteenths(edges: usize): v128 {
  return f32x4(load<f32>(edges, 60), load<f32>(edges, 124), load<f32>(edges, 188), load<f32>(edges, 252));
}

/**
 * The bin of each value: the number of edges below it. `edges` are 256 in order, filled up with infinity, `low` and `high` the
 * least and greatest value of each bin so far. First every sixteenth edge is looked at, then the sixteen between two of those.
 */
export function codeValues(values: usize, count: i32, edges: usize, codes: usize, low: usize, high: usize): void {
  const a = sixteenths(edges);
  const b = sixteenths(edges + 256);
  const c = sixteenths(edges + 512);
  const d = sixteenths(edges + 768);
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f32>(values + (i << 2));
    const four = f32x4.splat(value);
    const block = <usize>(below(a, four) + below(b, four) + below(c, four) + below(d, four));
    const from = edges + (block << 6);
    const bin =
      (block << 4) +
      <usize>(
        below(v128.load(from), four) +
        below(v128.load(from, 16), four) +
        below(v128.load(from, 32), four) +
        below(v128.load(from, 48), four)
      );
    store<u8>(codes + i, <u8>bin);
    const at = bin << 2;
    store<f32>(low + at, min<f32>(load<f32>(low + at), value));
    store<f32>(high + at, max<f32>(load<f32>(high + at), value));
  }
}

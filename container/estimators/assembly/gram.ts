/**
 * Adds a block's products of columns to `result` (even × even, lower triangle of pairs of columns). Column c of the block
 * starts at c * stride bytes and has `size` values, an even number; they become (value - mean) * factor first.
 */
export function addProducts(
  block: usize, stride: usize, size: i32, columns: i32, means: usize, factors: usize, result: usize,
): void {
  const bytes = <usize>size << 3;
  for (let c: usize = 0; c < <usize>columns; c++) {
    const mean = v128.load64_splat(means + (c << 3));
    const factor = v128.load64_splat(factors + (c << 3));
    let at = block + c * stride;
    for (const end = at + bytes; at < end; at += 16) v128.store(at, f64x2.mul(f64x2.sub(v128.load(at), mean), factor));
  }
  const row = <usize>columns << 3;
  for (let a: usize = 0; a < <usize>columns; a += 2) {
    for (let b: usize = 0; b <= a; b += 2) {
      let x = block + a * stride;
      let y = block + b * stride;
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      for (const end = x + bytes; x < end; x += 16, y += 16) {
        const x0 = v128.load(x);
        const x1 = v128.load(x + stride);
        const y0 = v128.load(y);
        const y1 = v128.load(y + stride);
        s00 = f64x2.add(s00, f64x2.mul(x0, y0));
        s01 = f64x2.add(s01, f64x2.mul(x0, y1));
        s10 = f64x2.add(s10, f64x2.mul(x1, y0));
        s11 = f64x2.add(s11, f64x2.mul(x1, y1));
      }
      const at = result + a * row + (b << 3);
      addPair(at, s00, s01);
      addPair(at + row, s10, s11);
    }
  }
}

/** Adds the lanes' sums of two products that stand side by side. */
// @ts-ignore: decorator
@inline
function addPair(at: usize, left: v128, right: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(left, right, 0, 2), v128.shuffle<f64>(left, right, 1, 3));
  v128.store(at, f64x2.add(v128.load(at), sums));
}

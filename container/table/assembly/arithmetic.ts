/** The high 64 bits of a * b. */
// @ts-ignore: decorator
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const t = aLow * bLow;
  const u = aHigh * bLow + (t >> 32);
  const v = aLow * bHigh + (u & 0xffffffff);
  return aHigh * bHigh + (u >> 32) + (v >> 32);
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Sorts numbers, none of them NaN, by the digits of their bits: several times as fast as comparing them. */
export function sortFloats(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  // The order of the bits becomes that of the numbers: negative ones are turned round and go first.
  for (let i = 0; i < bits.length; i++) bits[i] ^= (bits[i] >> 31) | 0x80000000;
  let from: Uint32Array = bits;
  let to: Uint32Array = new Uint32Array(bits.length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = new Uint32Array(DIGITS + 1);
    for (let i = 0; i < from.length; i++) starts[((from[i] >>> shift) & (DIGITS - 1)) + 1]++;
    for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1] += starts[digit];
    for (let i = 0; i < from.length; i++) to[starts[(from[i] >>> shift) & (DIGITS - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  for (let i = 0; i < bits.length; i++) bits[i] = from[i] ^ (from[i] >> 31 === 0 ? 0xffffffff : 0x80000000);
  return values;
}

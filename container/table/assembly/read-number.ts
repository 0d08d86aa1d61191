import { POWERS_OF_FIVE } from './addresses';
import { multiplyHigh } from './arithmetic';

/** The host reads what is rare: more than 19 digits, subnormals, blanks, signs, and what is no number at all (NaN). */
// @ts-ignore: decorator
@external('env', 'readRare')
declare function readRare(start: usize, length: i32, column: i32): f64;

// @ts-ignore: decorator
@inline
function digitAt(p: usize): u32 {
  return <u32>load<u8>(p) - 48;
}

/**
 * The double that the text [start, end) stands for, of up to 19 digits with or without an exponent.
 * Eisel-Lemire: D. Lemire, "Number Parsing at a Gigabyte per Second" (2021).
 */
export function readNumber(start: usize, end: usize, column: i32): f64 {
  let p = start;
  const negative = load<u8>(p) == 45;
  if (negative) p++;
  let digits: u64 = 0;
  let significant = 0;
  let seen = 0;
  let exponent = 0;
  while (p < end) {
    const d = digitAt(p);
    if (d > 9) break;
    digits = digits * 10 + d;
    if (digits) significant++;
    seen++;
    p++;
  }
  if (p < end && load<u8>(p) == 46) {
    p++;
    const fraction = p;
    while (p < end) {
      const d = digitAt(p);
      if (d > 9) break;
      digits = digits * 10 + d;
      if (digits) significant++;
      p++;
    }
    exponent = -(<i32>(p - fraction));
    seen += <i32>(p - fraction);
  }
  if (p < end && (load<u8>(p) | 32) == 101) {
    p++;
    const minus = load<u8>(p) == 45;
    if (minus || load<u8>(p) == 43) p++;
    let written = 0;
    const first = p;
    while (p < end && written < 9999) {
      const d = digitAt(p);
      if (d > 9) break;
      written = written * 10 + <i32>d;
      p++;
    }
    if (p == first) p = end + 1;
    exponent += minus ? -written : written;
  }
  if (p != end || seen == 0 || significant > 19) return readRare(start, <i32>(end - start), column);
  if (digits == 0) return negative ? -0.0 : 0.0;
  if (exponent < -342 || exponent > 308) return readRare(start, <i32>(end - start), column);

  const zeros = clz(digits);
  const normal = digits << zeros;
  const power = <usize>POWERS_OF_FIVE + (<usize>(exponent + 342) << 4);
  const powerHigh = load<u64>(power);
  let low = normal * powerHigh;
  let high = multiplyHigh(normal, powerHigh);
  if ((high & 0x1ff) == 0x1ff) {
    const more = multiplyHigh(normal, load<u64>(power, 8));
    low += more;
    if (more > low) high++;
  }
  if (low == 0xffffffffffffffff && (exponent < -27 || exponent > 55)) {
    return readRare(start, <i32>(end - start), column);
  }
  const upper = high >> 63;
  const shift = upper + 9;
  let mantissa = high >> shift;
  let binary = <i64>(((217706 * exponent) >> 16) + 63) + <i64>upper - <i64>zeros + 1023;
  if (binary <= 0 || binary >= 2046) return readRare(start, <i32>(end - start), column);
  // Halfway between two doubles: to even.
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) {
    mantissa &= ~1;
  }
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >= 0x20000000000000) {
    mantissa = 0x10000000000000;
    binary++;
  }
  mantissa &= ~0x10000000000000;
  return reinterpret<f64>(mantissa | (<u64>binary << 52) | (<u64>negative << 63));
}

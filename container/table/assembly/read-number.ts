import { DIVISORS, POWERS_OF_FIVE, SHUFFLES } from './addresses';
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

/** The place of the point among the first `n` of the bytes; `n` where there is none. */
// @ts-ignore: decorator
@inline
function pointOf(bytes: v128, n: i32): i32 {
  return ctz(i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(46))) | (1 << n));
}

/** The digits' values, aligned right, without the point; zeros in front of them. What is no digit is above 9. */
// @ts-ignore: decorator
@inline
function align(bytes: v128, place: i32): v128 {
  return i8x16.swizzle(i8x16.sub(bytes, i8x16.splat(48)), v128.load(<usize>SHUFFLES + ((<usize>place) << 4)));
}

/** Where the divisor of such a number lies: with the sign in it, for which numbers are negative cannot be foretold by a branch. */
// @ts-ignore: decorator
@inline
function divisorOf(place: i32, negative: i32): usize {
  return <usize>DIVISORS + ((<usize>place) << 3) + ((<usize>negative) << 12);
}

/** Whether all are below 10: 118 more does not set any's highest bit. */
// @ts-ignore: decorator
@inline
function areDigits(values: v128): bool {
  return i8x16.bitmask(i8x16.add_sat_u(values, i8x16.splat(118))) == 0;
}

/** 16 digits as four numbers of four. */
// @ts-ignore: decorator
@inline
function joinDigits(digits: v128): v128 {
  // Two digits lie in 16 bits as tens + 256 units: times 2561, the second byte is 10 tens + units.
  const twos = i16x8.shr_u(i16x8.mul(digits, i16x8.splat(2561)), 8);
  return i32x4.dot_i16x8_s(twos, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
}

/** Four numbers of four digits as two of eight, in the lower half. */
// @ts-ignore: decorator
@inline
function joinFours(fours: v128): v128 {
  return i32x4.dot_i16x8_s(
    i16x8.narrow_i32x4_u(fours, fours),
    i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1),
  );
}

/**
 * Stores the double that a text of up to 15 bytes stands for, where that is digits with at most one point, behind at most one
 * minus; false where it is anything else. Reads 17 bytes from `first` on, of which the one behind the text is no digit.
 */
// @ts-ignore: decorator
@inline
export function readShort(first: usize, length: i32, out: usize): bool {
  if (length > 15) return false;
  const negative = <i32>(load<u8>(first) == 45);
  const bytes = v128.load(first + negative);
  const n = length - negative;
  const place = (n << 4) + pointOf(bytes, n);
  const digits = align(bytes, place);
  if (!areDigits(digits)) return false;
  const eights = joinFours(joinDigits(digits));
  const whole = <f64>i32x4.extract_lane(eights, 0) * 1e8 + <f64>i32x4.extract_lane(eights, 1);
  store<f64>(out, whole / load<f64>(divisorOf(place, negative)));
  return true;
}

/** The same for two numbers of up to 8 digits at once, stored one behind the other; false where either is anything else. */
// @ts-ignore: decorator
@inline
export function readTwoShort(firstA: usize, lengthA: i32, firstB: usize, lengthB: i32, out: usize): bool {
  // Both are 1 to 16 long.
  if (<u32>((lengthA - 1) | (lengthB - 1)) > 15) return false;
  const negativeA = <i32>(load<u8>(firstA) == 45);
  const negativeB = <i32>(load<u8>(firstB) == 45);
  const bytesA = v128.load(firstA + negativeA);
  const bytesB = v128.load(firstB + negativeB);
  const nA = lengthA - negativeA;
  const nB = lengthB - negativeB;
  const placeA = (nA << 4) + pointOf(bytesA, nA);
  const placeB = (nB << 4) + pointOf(bytesB, nB);
  const digitsA = align(bytesA, placeA);
  const digitsB = align(bytesB, placeB);
  const last = i8x16.shuffle(digitsA, digitsB, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31); // prettier-ignore
  const first = i8x16.shuffle(digitsA, digitsB, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23); // prettier-ignore
  if (v128.any_true(first) || !areDigits(last)) return false;
  const values = f64x2.convert_low_i32x4_s(joinFours(joinDigits(last)));
  const divisors = v128.load64_lane(
    divisorOf(placeB, negativeB),
    v128.load64_zero(divisorOf(placeA, negativeA)),
    1,
  );
  v128.store(out, f64x2.div(values, divisors));
  return true;
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

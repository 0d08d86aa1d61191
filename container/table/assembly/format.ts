import { DIGIT_PAIRS, POWERS_FOR_WRITING } from './addresses';
import { multiplyHigh } from './arithmetic';

// @ts-ignore: decorator
@inline
function roundToOdd(high: u64, low: u64, factor: u64): u64 {
  const carried = multiplyHigh(low, factor);
  const product = high * factor;
  const middle = product + carried;
  const top = multiplyHigh(high, factor) + <u64>(middle < product);
  return top | <u64>(middle > 1);
}

let decimalExponent: i32 = 0;

/**
 * The shortest decimal digits that read back as the positive double `bits`, the closest of them; `decimalExponent` is set.
 * Schubfach: R. Giulietti, "The Schubfach way to render doubles" (2021). Zeros at the end are not taken off.
 */
function shortestDigits(bits: u64): u64 {
  const fraction = bits & 0xfffffffffffff;
  const biased = <i32>(bits >> 52);
  let c: u64;
  let q: i32;
  if (biased != 0) {
    c = fraction | 0x10000000000000;
    q = biased - 1075;
    if (q <= 0 && q > -53 && (c & ((<u64>1 << <u64>-q) - 1)) == 0) {
      decimalExponent = 0;
      return c >> <u64>-q;
    }
  } else {
    c = fraction;
    q = -1074;
  }
  const odd = c & 1;
  const closer = <u64>(fraction == 0 && biased > 1);
  const k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
  const h = <u64>(q + ((-k * 1741647) >> 19) + 1);
  const power = <usize>POWERS_FOR_WRITING + (<usize>(292 - k) << 4);
  const high = load<u64>(power);
  const low = load<u64>(power, 8);
  const middle = roundToOdd(high, low, (4 * c) << h);
  const lower = roundToOdd(high, low, (4 * c - 2 + closer) << h) + odd;
  const upper = roundToOdd(high, low, (4 * c + 2) << h) - odd;
  const s = middle >> 2;
  if (s >= 10) {
    const tens = s / 10;
    const below = lower <= 40 * tens;
    const above = 40 * tens + 40 <= upper;
    if (below != above) {
      decimalExponent = k + 1;
      return tens + <u64>above;
    }
  }
  decimalExponent = k;
  const below = lower <= 4 * s;
  const above = 4 * s + 4 <= upper;
  if (below != above) return s + <u64>above;
  const half = 4 * s + 2;
  return s + <u64>(middle > half || (middle == half && (s & 1) != 0));
}

// @ts-ignore: decorator
@inline
function countDigits(v: u64): i32 {
  let n = 1;
  let w = v;
  if (w >= 10000000000000000) {
    w /= 10000000000000000;
    n += 16;
  }
  if (w >= 100000000) {
    w /= 100000000;
    n += 8;
  }
  let x = <u32>w;
  if (x >= 10000) {
    x /= 10000;
    n += 4;
  }
  if (x >= 100) {
    x /= 100;
    n += 2;
  }
  if (x >= 10) n++;
  return n;
}

// @ts-ignore: decorator
@inline
function storePair(p: usize, pair: u32): void {
  store<u16>(p, load<u16>(<usize>DIGIT_PAIRS + (<usize>pair << 1)));
}

/** The last eight digits of a number that has at least eight, zeros in front kept. */
// @ts-ignore: decorator
@inline
function storeEight(p: usize, v: u32): void {
  const high = v / 10000;
  const low = v - high * 10000;
  const a = high / 100;
  const b = low / 100;
  storePair(p, a);
  storePair(p + 2, high - a * 100);
  storePair(p + 4, b);
  storePair(p + 6, low - b * 100);
}

/** Exactly n digits of v at p. */
// @ts-ignore: decorator
@inline
function storeDigits(p: usize, v: u64, n: i32): void {
  let left = n;
  let w = v;
  while (left >= 8) {
    const rest = w / 100000000;
    left -= 8;
    storeEight(p + left, <u32>(w - rest * 100000000));
    w = rest;
  }
  let x = <u32>w;
  while (left >= 2) {
    const rest = x / 100;
    left -= 2;
    storePair(p + left, x - rest * 100);
    x = rest;
  }
  if (left) store<u8>(p, <u8>(48 + x));
}

// @ts-ignore: decorator
@inline
function fillZeros(p: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<u8>(p + i, 48);
}

/**
 * Writes v as JavaScript's String(v) does; NaN as nothing (null). At most 25 bytes, plus 8 bytes of overshoot.
 * Returns the place behind the text.
 */
export function formatNumber(v: f64, target: usize): usize {
  let p = target;
  if (v == 0) {
    store<u8>(p, 48);
    return p + 1;
  }
  if (v != v) return p;
  if (v < 0) {
    store<u8>(p++, 45);
    v = -v;
  }
  if (v == Infinity) {
    store<u64>(p, 0x7974696e69666e49);
    return p + 8;
  }
  let digits = shortestDigits(reinterpret<u64>(v));
  let exponent = decimalExponent;
  if (exponent < 0) {
    // The digits may end in zeros, of which a fraction has none.
    if (digits % 10 == 0) {
      if (digits % 100000000 == 0) {
        digits /= 100000000;
        exponent += 8;
      }
      if (digits % 10000 == 0) {
        digits /= 10000;
        exponent += 4;
      }
      if (digits % 100 == 0) {
        digits /= 100;
        exponent += 2;
      }
      while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
      }
    }
  }
  let n = countDigits(digits);
  const point = n + exponent;
  if (point > 0 && point <= 21) {
    if (exponent >= 0) {
      storeDigits(p, digits, n);
      fillZeros(p + n, exponent);
      return p + point;
    }
    storeDigits(p + 1, digits, n);
    // Digits before the point move one place to the left.
    for (let i = 0; i < point; i++) store<u8>(p + i, load<u8>(p + i + 1));
    store<u8>(p + point, 46);
    return p + n + 1;
  }
  if (point > -6 && point <= 0) {
    store<u16>(p, 0x2e30);
    fillZeros(p + 2, -point);
    storeDigits(p + 2 - point, digits, n);
    return p + 2 - point + n;
  }
  while (digits % 10 == 0) {
    digits /= 10;
    n--;
  }
  storeDigits(p + 1, digits, n);
  store<u8>(p, load<u8>(p + 1));
  if (n > 1) {
    store<u8>(p + 1, 46);
    p += n + 1;
  } else {
    p++;
  }
  store<u8>(p++, 101);
  let power = point - 1;
  if (power < 0) {
    store<u8>(p++, 45);
    power = -power;
  } else {
    store<u8>(p++, 43);
  }
  const width = countDigits(<u64>power);
  storeDigits(p, <u64>power, width);
  return p + width;
}

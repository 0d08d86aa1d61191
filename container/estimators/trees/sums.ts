import type { SumFormat } from './kernels.ts';

/**
 * Fixed-point words for sums of a target and weights: (sum << weightBits) + weight in 64 bits, as two words of 32. Sums are
 * whole numbers below 2^52, so that they are exact as doubles too.
 */

/** Most bits that the weights' total may take: a low word holds it whole. */
const MOST_WEIGHT_BITS = 30;
/** With weights that are not whole numbers: binary digits behind the point, where there is room. */
const FINE_WEIGHT_BITS = 10;

/** Units stay so large that their inverse is a number. */
const LEAST_EXPONENT = -1000;

/**
 * The format in which no sum of these values can overflow. The unit is a power of two, so that whole numbers stay exact.
 *
 * @param greatest The greatest absolute value of a row.
 * @param totalWeight All rows' weights together.
 */
export function chooseFormat(greatest: number, totalWeight: number, wholeWeights: boolean): SumFormat {
  const wholeBits = Math.ceil(Math.log2(totalWeight + 2));
  const fine = wholeWeights ? 0 : Math.max(0, Math.min(FINE_WEIGHT_BITS, MOST_WEIGHT_BITS - wholeBits));
  // A weight rounded up to the smallest unit adds to the total: one bit more.
  const weightBits = wholeBits + fine + (fine > 0 ? 1 : 0);
  const sumBits = Math.min(52, 62 - weightBits);
  const rowBits = sumBits - wholeBits - 1;
  const exponent = greatest > 0 ? Math.max(LEAST_EXPONENT, Math.ceil(Math.log2(greatest)) - rowBits) : 0;
  return { weightBits, unit: 2 ** exponent, weightUnit: 2 ** -fine };
}

/** Puts a word's two halves at position `at`. */
export function packWord(
  words: Uint32Array,
  at: number,
  value: number,
  weight: number,
  { weightBits, unit, weightUnit }: SumFormat,
): void {
  const sum = Math.floor(value / unit + 0.5);
  const whole = weightUnit === 1 ? weight : Math.max(1, Math.round(weight / weightUnit));
  const shifted = 2 ** (32 - weightBits);
  const high = Math.floor(sum / shifted);
  words[2 * at] = (sum - high * shifted) * 2 ** weightBits + whole;
  words[2 * at + 1] = high;
}

/** The sum in a word, as a whole number. */
export function wordSum(words: Uint32Array, at: number, weightBits: number): number {
  return (words[2 * at + 1] | 0) * 2 ** (32 - weightBits) + (words[2 * at] >>> weightBits);
}

/** The weight in a word, as a whole number. */
export function wordWeight(words: Uint32Array, at: number, weightBits: number): number {
  return words[2 * at] & (2 ** weightBits - 1);
}

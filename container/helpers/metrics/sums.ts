/**
 * Sums with a running compensation for what rounding lost (Neumaier, ZAMM 54, 1974), so that a million rows add no error.
 */
export function sum(values: ArrayLike<number>): number {
  return sumOf(values.length, (i) => values[i]);
}

export function sumOf(count: number, term: (i: number) => number): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const value = term(i);
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** @returns NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Mean of (value - centre)^order. */
export function centralMoment(values: ArrayLike<number>, order: number, centre = mean(values)): number {
  if (order === 2) return sumOf(values.length, (i) => (values[i] - centre) ** 2) / values.length;
  return sumOf(values.length, (i) => (values[i] - centre) ** order) / values.length;
}

/** @param ddof What is taken from the count in the divisor: 1 for the unbiased estimate. */
export function variance(values: ArrayLike<number>, ddof: number): number {
  const centre = mean(values);
  return sumOf(values.length, (i) => (values[i] - centre) ** 2) / (values.length - ddof);
}

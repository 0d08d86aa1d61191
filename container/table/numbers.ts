/** What a cell's text is where a number is wanted. */
export type NumberReading =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'not-finite' | 'text' };

const DECIMAL = /^[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t]*$/;
const NOT_FINITE = /^[ \t]*[+-]?(?:nan|inf|infinity)[ \t]*$/i;

/**
 * The plain form of reading a number: what JavaScript's and pandas' parsers both read. What is no finite double
 * (`NaN`, `inf`, `1e999`) is `not-finite`: a null with a warning; all else is text. The kernel reads the common forms.
 */
export function readNumber(text: string): NumberReading {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { kind: 'number', value } : { kind: 'not-finite' };
  }
  return { kind: NOT_FINITE.test(text) ? 'not-finite' : 'text' };
}

/** A value of an eval expression: SPL's numbers, texts, truth values, multivalues and null. */
export type Value = number | string | boolean | readonly string[] | null;

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

export function isNumeric(text: string): boolean {
  return NUMBER.test(text);
}

/** The value as a number; null where it is none. A field's text counts as a number where it reads as one. */
export function toNumber(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return isNumeric(value) ? Number(value) : null;
  if (Array.isArray(value) && value.length === 1) return toNumber(value[0] as string);
  return null;
}

/** The value as text; null stays null. */
export function toText(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : value.join('\n');
}

/** A number as SPL prints it: the shortest text that reads back as the same double; nothing for what is no number. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}

/** Values of a multivalue, one for a single value, none for null. */
export function toValues(value: Value): readonly string[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [toText(value)!];
}

/** Less than, equal or greater (as a number below, at or above 0); null where one side is null. Two numbers by size, else as text. */
export function compare(left: Value, right: Value): number | null {
  if (left === null || right === null) return null;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== null && b !== null) return a < b ? -1 : a > b ? 1 : 0;
  const [s, t] = [toText(left)!, toText(right)!];
  return s < t ? -1 : s > t ? 1 : 0;
}

/** Whether two values are equal; a multivalue is equal to a value that it holds. */
export function equals(left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null;
  if (Array.isArray(left)) return left.some((value) => compare(value, right) === 0);
  if (Array.isArray(right)) return right.some((value) => compare(left, value) === 0);
  return compare(left, right) === 0;
}

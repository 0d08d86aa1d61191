import type { Column } from '../../../contract/table.ts';
import { byCodePoint } from '../../metrics/labels.ts';

/**
 * The categories of a column, sorted: numbers by size, text by code point. Null is a category of its own, the last one, where the
 * fit met one.
 */
export type Categories = {
  readonly kind: 'number' | 'text';
  /** Of text; empty for numbers. */
  readonly levels: readonly string[];
  /** Of numbers; empty for text. */
  readonly numbers: Float64Array;
  readonly hasNull: boolean;
};

/** Code of what the fit has not met: a value, or null where the fit met none. */
export const UNKNOWN = -1;

/** How null is called in names of columns. */
export const NULL_NAME = '(null)';

export function categoriesOf(column: Column): Categories {
  if (column.kind === 'number') {
    const seen = new Set<number>();
    let hasNull = false;
    for (const value of column.values) {
      if (value === value) seen.add(value + 0);
      else hasNull = true;
    }
    return { kind: 'number', levels: [], numbers: Float64Array.from(seen).sort(), hasNull };
  }
  const seen = new Uint8Array(column.levels.length);
  let hasNull = false;
  for (const code of column.codes) {
    if (code >= 0) seen[code] = 1;
    else if (code === -1) hasNull = true;
  }
  const levels = column.levels.filter((_, code) => seen[code]).sort(byCodePoint);
  return { kind: 'text', levels, numbers: new Float64Array(), hasNull };
}

export function categoryCount({ levels, numbers, hasNull }: Categories): number {
  return levels.length + numbers.length + Number(hasNull);
}

/** As in names of columns. */
export function categoryNames({ levels, numbers, hasNull }: Categories): string[] {
  return [...levels, ...Array.from(numbers, String), ...(hasNull ? [NULL_NAME] : [])];
}

/** For each row the place of its category, or UNKNOWN. The column is of the kind that the fit's was. */
export function categoryCodes(categories: Categories, column: Column): Int32Array {
  const nullCode = categories.hasNull ? categoryCount(categories) - 1 : UNKNOWN;
  if (column.kind === 'text') {
    const places = new Map(categories.levels.map((level, i) => [level, i]));
    const recode = Int32Array.from(column.levels, (level) => places.get(level) ?? UNKNOWN);
    const codes = new Int32Array(column.codes.length);
    for (let i = 0; i < codes.length; i++) {
      const code = column.codes[i];
      codes[i] = code >= 0 ? recode[code] : code === -1 ? nullCode : UNKNOWN;
    }
    return codes;
  }
  const places = new Map(Array.from(categories.numbers, (value, i) => [value, i]));
  const codes = new Int32Array(column.values.length);
  for (let i = 0; i < codes.length; i++) {
    const value = column.values[i];
    codes[i] = value === value ? (places.get(value) ?? UNKNOWN) : nullCode;
  }
  return codes;
}

/** What a row held that the fit has not met, for a message. */
export function valueAt(column: Column, row: number): string {
  if (column.kind === 'number') return String(column.values[row]);
  const code = column.codes[row];
  return code === -1 ? 'null' : JSON.stringify(column.levels[code] ?? '(unknown)');
}

/** A column of categories by their places; null for the null category and for places beyond all. */
export function columnOfCodes(name: string, categories: Categories, codes: Int32Array): Column {
  const { kind, levels, numbers } = categories;
  if (kind === 'number') {
    return { kind, name, values: Float64Array.from(codes, (code) => numbers[code] ?? NaN) };
  }
  return { kind, name, levels, codes: codes.map((code) => (code >= 0 && code < levels.length ? code : -1)) };
}

/** The value of each row's code; what the fit has not met has the one behind all. */
export function valuesByCode(codes: Int32Array, values: Float64Array): Float64Array {
  const unknown = values[values.length - 1];
  const found = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) found[i] = codes[i] < 0 ? unknown : values[codes[i]];
  return found;
}

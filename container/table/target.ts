import { clipped } from '../contract/clipped.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Column } from '../contract/table.ts';
import type { ClassTarget, NumberTarget } from '../contract/template.ts';
import { byCodePoint } from './code-point.ts';
import { MAX_LEVEL_LENGTH } from './level-length.ts';
import { readNumber } from './numbers.ts';

/** @throws KeplerError not_numeric naming a value that is text. */
export function numberTarget(column: Column, places: Uint32Array | undefined): NumberTarget {
  if (column.kind === 'text') {
    const value = column.levels.find((level) => readNumber(level).kind === 'text') ?? column.levels[0];
    throw new KeplerError(
      'not_numeric',
      `The field to predict, "${column.name}", must hold numbers, but it holds text such as "${clipped(value)}". Use a classifier for text, or turn it into numbers with eval.`,
    );
  }
  if (!places) return { kind: 'number', name: column.name, values: column.values };
  return { kind: 'number', name: column.name, values: gather(column.values, places) };
}

function gather(values: Float64Array, places: Uint32Array): Float64Array {
  const gathered = new Float64Array(places.length);
  for (let n = 0; n < places.length; n++) gathered[n] = values[places[n]];
  return gathered;
}

/**
 * Classes sorted as numbers where all are numbers, else by code point; a whole number is "1", never "1.0".
 * @throws KeplerError target_constant, too_many_classes, invalid_data
 */
export function classTarget(
  column: Column,
  places: Uint32Array | undefined,
  maxClasses: number,
): ClassTarget {
  const rows = places?.length ?? (column.kind === 'number' ? column.values.length : column.codes.length);
  const at = (n: number) => (places ? places[n] : n);
  const found = new Map<number, number>();
  const codes = new Int32Array(rows);
  for (let n = 0; n < rows; n++) {
    // -0 and 0 are one class.
    const key = column.kind === 'number' ? column.values[at(n)] + 0 : column.codes[at(n)];
    let code = found.get(key);
    if (code === undefined) {
      code = found.size;
      if (code === maxClasses || key === -2) throw tooMany(column.name, maxClasses);
      found.set(key, code);
    }
    codes[n] = code;
  }
  const texts = [...found.keys()].map((key) => (column.kind === 'number' ? String(key) : column.levels[key]));
  const long = texts.find((text) => text.length > MAX_LEVEL_LENGTH);
  if (long !== undefined) {
    throw new KeplerError(
      'invalid_data',
      `The field to predict, "${column.name}", holds a text of ${long.length} characters; the name of a class has at most ${MAX_LEVEL_LENGTH}. Shorten it with eval (substr), or name another field.`,
    );
  }
  if (texts.length === 1) {
    throw new KeplerError(
      'target_constant',
      `The field to predict, "${column.name}", has only one value ("${clipped(texts[0])}") in the rows used for training; a classifier needs at least two.`,
    );
  }
  const allNumbers = texts.every((text) => readNumber(text).kind === 'number');
  const order = texts
    .map((_, code) => code)
    .sort(
      (a, b) => (allNumbers ? Number(texts[a]) - Number(texts[b]) : 0) || byCodePoint(texts[a], texts[b]),
    );
  const recode = new Int32Array(order.length);
  order.forEach((old, code) => (recode[old] = code));
  return {
    kind: 'classes',
    name: column.name,
    codes: codes.map((code) => recode[code]),
    classes: order.map((old) => texts[old]),
  };
}

function tooMany(name: string, maxClasses: number): KeplerError {
  return new KeplerError(
    'too_many_classes',
    `The field to predict, "${name}", has more than ${maxClasses} distinct values (KEPLER_MAX_CLASSES), too many for a classifier. Use a regressor for a number, or group the values with eval.`,
  );
}

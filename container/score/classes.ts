import { KeplerError } from '../contract/errors.ts';
import type { Column, NumberColumn, TextColumn } from '../contract/table.ts';
import { labelOrder } from '../helpers/metrics/labels.ts';
import type { CodedLabels } from '../helpers/metrics/labels.ts';

export const MAX_CLASSES = 100;

/**
 * Gives the labels of all columns common codes. A number's label is its shortest text ("1", never "1.0"); where one
 * column holds numbers and another text, text that reads as a number stands for that number.
 *
 * @throws KeplerError too_many_classes above MAX_CLASSES.
 */
export function codeLabels(columns: readonly Column[]): CodedLabels {
  const mixed = columns.some(({ kind }) => kind === 'number') && columns.some(({ kind }) => kind === 'text');
  const index = new Map<string, number>();
  const provisional = columns.map((column) =>
    column.kind === 'number' ? codeNumbers(column, index) : codeText(column, index, mixed),
  );
  if (index.size > MAX_CLASSES) throw tooManyClasses(columns, index.size);
  const found = [...index.keys()];
  const order = found.map((_, i) => i).sort(labelOrder(found));
  const rank = new Int32Array(found.length);
  order.forEach((old, fresh) => (rank[old] = fresh));
  return {
    classes: order.map((i) => found[i]),
    codes: provisional.map((codes) => codes.map((code) => rank[code])),
  };
}

function codeNumbers(column: NumberColumn, index: Map<string, number>): Int32Array {
  const { values } = column;
  const codes = new Int32Array(values.length);
  const seen = new Map<number, number>();
  let last = NaN;
  let lastCode = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] + 0; // -0 is the class "0"
    if (value !== last) {
      let code = seen.get(value);
      if (code === undefined) {
        if (seen.size > MAX_CLASSES) throw tooManyClasses([column], new Set(values).size);
        code = codeOf(String(value), index);
        seen.set(value, code);
      }
      last = value;
      lastCode = code;
    }
    codes[i] = lastCode;
  }
  return codes;
}

function codeText(column: TextColumn, index: Map<string, number>, mixed: boolean): Int32Array {
  const { codes: levelsOf, levels } = column;
  const codes = new Int32Array(levelsOf.length);
  const codeOfLevel = new Int32Array(levels.length).fill(-1);
  let distinct = 0;
  for (let i = 0; i < codes.length; i++) {
    const level = levelsOf[i];
    let code = codeOfLevel[level];
    if (code < 0) {
      if (++distinct > MAX_CLASSES) throw tooManyClasses([column], new Set(levelsOf).size);
      code = codeOf(mixed ? asNumberLabel(levels[level]) : levels[level], index);
      codeOfLevel[level] = code;
    }
    codes[i] = code;
  }
  return codes;
}

function codeOf(label: string, index: Map<string, number>): number {
  let code = index.get(label);
  if (code === undefined) {
    code = index.size;
    index.set(label, code);
  }
  return code;
}

/** "1.0" and " 1" are "1"; text that is no number stays as it is. */
export function asNumberLabel(label: string): string {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(label) ? String(Number(label) + 0) : label;
}

function tooManyClasses(columns: readonly Column[], count: number): KeplerError {
  const names = columns.map(({ name }) => `"${name}"`).join(' and ');
  return new KeplerError(
    'too_many_classes',
    `${names} ${columns.length > 1 ? 'have' : 'has'} ${count} distinct values; a score of classes takes at most ${MAX_CLASSES}. For numbers use r2_score or another regression score.`,
  );
}

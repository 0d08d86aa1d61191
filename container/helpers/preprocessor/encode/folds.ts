import { KeplerError } from '../../../contract/errors.ts';
import type { Target } from '../../../contract/template.ts';
import type { EncodeOptions } from './encode-options.ts';

/**
 * The part of each row, from 0: given ones; else as many of each class in every part. Dealt by chance, or in the rows' order as
 * scikit-learn's KFold and StratifiedKFold do without shuffling.
 */
export function foldsOf(title: string, target: Target, rows: number, options: EncodeOptions): Int32Array {
  if (options.folds) return givenFolds(title, options.folds, rows);
  const parts = options.cv ?? 5;
  if (rows < parts) {
    throw new KeplerError(
      'invalid_data',
      `${title}: ${parts} parts (cv) cannot be made of ${rows} rows. Give more rows or a smaller cv.`,
    );
  }
  const order = options.shuffle === false ? undefined : shuffled(rows, options.seed ?? 0);
  const codes = target.kind === 'classes' ? target.codes : new Int32Array(rows);
  const folds = target.kind === 'classes' ? stratified(codes, parts, order) : contiguous(rows, parts, order);
  return folds;
}

function givenFolds(title: string, folds: ArrayLike<number>, rows: number): Int32Array {
  const given = Int32Array.from(folds);
  if (given.length === rows && given.every((fold) => fold >= 0) && new Set(given).size >= 2) return given;
  throw new KeplerError(
    'invalid_arguments',
    `${title}: folds has ${given.length} values for ${rows} rows, or a negative one, or but one part; it says the part of each row, from 0.`,
  );
}

function contiguous(rows: number, parts: number, order: Uint32Array | undefined): Int32Array {
  const folds = new Int32Array(rows);
  const [size, more] = [Math.floor(rows / parts), rows % parts];
  let at = 0;
  for (let part = 0; part < parts; part++) {
    for (let end = at + size + Number(part < more); at < end; at++) folds[order ? order[at] : at] = part;
  }
  return folds;
}

/** scikit-learn's allocation: the sorted classes are dealt round, which says how many of a class each part has. */
function stratified(codes: Int32Array, parts: number, order: Uint32Array | undefined): Int32Array {
  // Classes are taken in the order in which rows first hold them.
  const rank = new Map<number, number>();
  const counts: number[] = [];
  for (const code of codes) {
    const place = rank.get(code) ?? rank.size;
    rank.set(code, place);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const left: number[][] = [];
  let dealt = 0;
  for (const count of counts) {
    const share = new Array<number>(parts).fill(0);
    for (let i = 0; i < count; i++) share[(dealt + i) % parts]++;
    dealt += count;
    left.push(share);
  }
  const folds = new Int32Array(codes.length);
  const next = counts.map(() => 0);
  for (let n = 0; n < codes.length; n++) {
    const row = order ? order[n] : n;
    const place = rank.get(codes[row]) as number;
    while (left[place][next[place]] === 0) next[place]++;
    left[place][next[place]]--;
    folds[row] = next[place];
  }
  return folds;
}

/** Row numbers in an order that the seed says (Fisher and Yates, with mulberry32). */
function shuffled(rows: number, seed: number): Uint32Array {
  let state = seed >>> 0;
  const order = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  for (let i = rows - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const j = Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * (i + 1));
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

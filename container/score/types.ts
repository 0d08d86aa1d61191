import type { Column } from '../contract/table.ts';
import type { Params, ParamsSchema } from '../contract/template.ts';

/** How a method reads a field: as numbers (text is an error), or as labels that are compared for being the same. */
export type Reading = 'numbers' | 'labels';

/**
 * Which fields a method takes before (`a`) and after (`b`) `against`:
 * - `fields`: one or more before, nothing after; with `single`, exactly one.
 * - `pair`: one before, one after.
 * - `pairs`: one before and one or more after, or as many of each.
 * - `sets`: one or more on either side; with `single`, one before.
 * - `named`: none, as the options name them; the first is read as numbers, the others as they are.
 */
export type FieldRule =
  | { readonly kind: 'fields'; readonly a: Reading; readonly single?: boolean }
  | { readonly kind: 'pair'; readonly a: Reading; readonly b: Reading }
  | { readonly kind: 'pairs'; readonly a: Reading; readonly b: Reading }
  | { readonly kind: 'sets'; readonly a: Reading; readonly b: Reading; readonly single?: boolean }
  | { readonly kind: 'named'; readonly fieldsOf: (params: Params) => readonly string[] };

export type Warn = (text: string) => void;

/** Columns of equal length without a null, globs expanded. */
export interface ScoreInput {
  readonly a: readonly Column[];
  readonly b: readonly Column[];
}

/** What a method answers with; numbers become text at the door. */
export interface ScoreTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A method of `score`: pure, columns in, a table out. */
export interface ScoreMethod {
  readonly name: string;
  /** One sentence for help texts. */
  readonly description: string;
  readonly params: ParamsSchema;
  readonly fields: FieldRule;
  /** @throws KeplerError invalid_arguments or invalid_data where the numbers asked for do not exist. */
  run(input: ScoreInput, params: Params, warn: Warn): ScoreTable;
}

import { KeplerError } from '../contract/errors.ts';
import { MAX_GROUPS } from '../contract/groups.ts';

/** The row has a null in a `by` field. */
export const NO_GROUP = -1;
/** The row's group is none of those known. */
export const UNKNOWN_GROUP = -2;

/** Numbers groups by the level codes of their `by` fields, in the order in which they are met. */
export class GroupIndex {
  /** How many codes each field has at most. */
  readonly #levels: readonly number[];
  /** A field after the other: what is known of the fields before, and its code, to the number of both together. */
  readonly #stages: readonly Map<number, number>[];
  /** Codes of each group. */
  readonly codes: (readonly number[])[] = [];

  constructor(levels: readonly number[]) {
    this.#levels = levels;
    this.#stages = levels.map(() => new Map<number, number>());
  }

  /** The group of one key, entered where it is new. @throws KeplerError invalid_data beyond MAX_GROUPS */
  enter(codes: readonly number[]): number {
    let id = 0;
    this.#stages.forEach((stage, s) => {
      const key = id * this.#levels[s] + codes[s];
      const known = stage.get(key);
      id = known ?? stage.size;
      if (known !== undefined) return;
      stage.set(key, id);
      if (stage.size > MAX_GROUPS) throw tooManyGroups();
    });
    if (id === this.codes.length) this.codes.push([...codes]);
    return id;
  }

  /**
   * Groups of rows, NO_GROUP or UNKNOWN_GROUP.
   *
   * @param columns Level codes of each `by` field: -1 null, -2 no level that is known.
   */
  find(columns: readonly Int32Array[], rows: number): Int32Array {
    const groups = new Int32Array(rows);
    for (let row = 0; row < rows; row++) groups[row] = this.#findOne(columns, row);
    return groups;
  }

  #findOne(columns: readonly Int32Array[], row: number): number {
    let id = 0;
    for (let s = 0; s < columns.length; s++) {
      const code = columns[s][row];
      if (code < 0) return code === -1 ? NO_GROUP : UNKNOWN_GROUP;
      const next = this.#stages[s].get(id * this.#levels[s] + code);
      if (next === undefined) return UNKNOWN_GROUP;
      id = next;
    }
    return id;
  }
}

export function tooManyGroups(): KeplerError {
  return new KeplerError(
    'invalid_data',
    `The fields after by make more than ${MAX_GROUPS} groups, the most that one model holds. Group by a field with fewer values, or make coarser ones of it with eval or bin.`,
  );
}

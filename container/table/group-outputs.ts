import type { OutputColumn, TemplateKind } from '../contract/template.ts';
import { asText, textOf } from './output-kinds.ts';

type Slot = {
  readonly name: string;
  kind: OutputColumn['kind'];
  /** Of labels: all that any group has. */
  readonly labels: string[];
};

/** Where one group's outputs go among those of all groups. */
type Route = { readonly slot: number; readonly recode?: Int32Array };

/**
 * The output columns of all groups together. Groups need not have the same: one may lack a class or need fewer components.
 * What a group has no column for stays empty, but the probability of a class that it has never seen is 0.
 */
export class GroupOutputs {
  readonly #slots: Slot[] = [];
  readonly #routes: (readonly Route[])[];
  /** Slots of each group that are 0 because it has no column for them. */
  readonly #zeroes: readonly (readonly number[])[];

  /** @param samples What each group's template answers, of any number of rows. */
  constructor(kind: TemplateKind, samples: readonly (readonly OutputColumn[])[]) {
    const places = new Map<string, number>();
    const labelPlaces: Map<string, number>[] = [];
    this.#routes = samples.map((outputs) =>
      outputs.map((output): Route => {
        let slot = places.get(output.name);
        if (slot === undefined) {
          slot = this.#slots.length;
          places.set(output.name, slot);
          labelPlaces.push(new Map());
          this.#slots.push({ name: output.name, kind: output.kind, labels: [] });
        }
        // Groups that differ in kind can only share text.
        if (this.#slots[slot].kind !== output.kind) this.#slots[slot].kind = 'text';
        if (output.kind !== 'label') return { slot };
        const { labels } = this.#slots[slot];
        const known = labelPlaces[slot];
        const recode = Int32Array.from(output.labels, (label) => {
          if (!known.has(label)) known.set(label, labels.push(label) - 1);
          return known.get(label) as number;
        });
        return { slot, recode };
      }),
    );
    this.#zeroes = this.#routes.map((routes) => {
      if (kind !== 'classifier' || routes.length === this.#slots.length) return [];
      const filled = new Set(routes.map(({ slot }) => slot));
      return [...this.#slots.keys()].filter(
        (slot) => !filled.has(slot) && this.#slots[slot].kind === 'number',
      );
    });
  }

  names(): string[] {
    return this.#slots.map(({ name }) => name);
  }

  /** Columns of so many rows, all empty. */
  empty(rows: number): OutputColumn[] {
    return this.#slots.map(({ name, kind, labels }): OutputColumn => {
      if (kind === 'number') return { name, kind, values: new Float64Array(rows).fill(NaN) };
      if (kind === 'label') return { name, kind, labels, codes: new Int32Array(rows).fill(-1) };
      return { name, kind, values: new Array<string | null>(rows).fill(null) };
    });
  }

  /** Puts a group's outputs at their places in `whole`: row i of `outputs` at `places[i]`, where `valid(i)`. */
  put(
    group: number,
    outputs: readonly OutputColumn[],
    places: ArrayLike<number>,
    valid: (row: number) => boolean,
    whole: OutputColumn[],
  ): void {
    const routes = this.#routes[group];
    outputs.forEach((output, k) => {
      const { slot } = routes[k];
      // Of no row a user's template may answer another kind of column than of some.
      if (!fits(output, routes[k], whole[slot])) whole[slot] = asText(whole[slot]);
      putOne(output, routes[k], places, valid, whole[slot]);
    });
    for (const slot of this.#zeroes[group]) {
      const column = whole[slot];
      if (column.kind !== 'number') continue;
      for (let i = 0; i < places.length; i++) if (valid(i)) column.values[places[i]] = 0;
    }
  }
}

function fits(output: OutputColumn, { recode }: Route, whole: OutputColumn): boolean {
  if (whole.kind === 'text') return true;
  if (output.kind !== whole.kind) return false;
  return output.kind !== 'label' || output.labels.length === recode?.length;
}

function putOne(
  output: OutputColumn,
  { recode }: Route,
  places: ArrayLike<number>,
  valid: (row: number) => boolean,
  whole: OutputColumn,
): void {
  const rows = places.length;
  if (output.kind === 'number' && whole.kind === 'number') {
    for (let i = 0; i < rows; i++) if (valid(i)) whole.values[places[i]] = output.values[i];
  } else if (output.kind === 'label' && whole.kind === 'label' && recode) {
    for (let i = 0; i < rows; i++) {
      if (valid(i) && output.codes[i] >= 0) whole.codes[places[i]] = recode[output.codes[i]];
    }
  } else if (whole.kind === 'text') {
    const values = whole.values as (string | null)[];
    for (let i = 0; i < rows; i++) if (valid(i)) values[places[i]] = textOf(output, i);
  }
}

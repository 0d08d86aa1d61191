import { KeplerError } from '../contract/errors.ts';
import type { SampleSpec } from '../contract/requests.ts';
import type { Column, NumberColumn } from '../contract/table.ts';
import { Random } from './random.ts';

export type Selection =
  | { readonly kind: 'subset'; /** 1 a row that stays. */ readonly keep: Uint8Array }
  | { readonly kind: 'partition'; /** 0 … partitions - 1 a row. */ readonly partition: Uint32Array };

/**
 * Which rows `sample` keeps, or the partition that each falls into.
 * - `ratio`: each row by itself with that probability, so the count varies.
 * - `count`: exactly so many rows, or all of them; with `by`, so many of each value (null counts as a value).
 * - `proportional`: each row with the field's value (`inverse`: one less it) as probability, cut to 0 … 1; never with a null.
 * - `partitions`: at random, as even in size as can be.
 *
 * The same seed, rows and options give the same selection; without a seed each call gives another.
 *
 * @throws KeplerError invalid_arguments where the options do not say how to sample.
 */
export function selectRows(
  spec: SampleSpec,
  rows: number,
  columns: { readonly proportional?: NumberColumn; readonly by?: Column } = {},
): Selection {
  const random = new Random(spec.seed ?? Math.floor(Math.random() * 2 ** 53));
  if (spec.partitions !== undefined) {
    return { kind: 'partition', partition: partitions(rows, spec.partitions, random) };
  }
  if (spec.proportional !== undefined) {
    if (!columns.proportional && rows > 0) throw noField(spec.proportional);
    return {
      kind: 'subset',
      keep: proportional(
        columns.proportional?.values.subarray(0, rows) ?? new Float64Array(0),
        spec.inverse,
        random,
      ),
    };
  }
  if (spec.ratio !== undefined) {
    const keep = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) keep[i] = random.uniform() < spec.ratio ? 1 : 0;
    return { kind: 'subset', keep };
  }
  if (spec.count !== undefined) {
    if (spec.by !== undefined && !columns.by && rows > 0) throw noField(spec.by);
    const keep = new Uint8Array(rows);
    for (const group of groups(rows, columns.by)) take(group, spec.count, random, keep);
    return { kind: 'subset', keep };
  }
  throw new KeplerError(
    'invalid_arguments',
    'sample needs one of ratio=<0 to 1>, count=<n>, proportional=<field> or partitions=<n>. Example: sample ratio=0.1 seed=42.',
  );
}

function noField(name: string): KeplerError {
  return new KeplerError(
    'invalid_arguments',
    `sample: there is no field "${name}". Check its spelling, or name a field of the search.`,
  );
}

function proportional(values: Float64Array, inverse: boolean, random: Random): Uint8Array {
  return Uint8Array.from(values, (value) => {
    const draw = random.uniform();
    return draw < (inverse ? 1 - value : value) ? 1 : 0; // a comparison with NaN is false
  });
}

function groups(rows: number, by: Column | undefined): Uint32Array[] {
  if (!by) return [Uint32Array.from({ length: rows }, (_, i) => i)];
  const members = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const key = by.kind === 'number' ? by.values[i] : by.codes[i];
    const group = members.get(key);
    if (group) group.push(i);
    else members.set(key, [i]);
  }
  return [...members.values()].map((group) => Uint32Array.from(group));
}

/** Marks `count` of the rows: a Fisher-Yates shuffle that stops after as many. */
function take(rows: Uint32Array, count: number, random: Random, keep: Uint8Array): void {
  const last = Math.min(count, rows.length);
  for (let i = 0; i < last; i++) {
    const j = i + random.below(rows.length - i);
    [rows[i], rows[j]] = [rows[j], rows[i]];
    keep[rows[i]] = 1;
  }
}

function partitions(rows: number, count: number, random: Random): Uint32Array {
  const partition = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const j = random.below(i + 1);
    partition[i] = partition[j];
    partition[j] = i % count;
  }
  return partition;
}

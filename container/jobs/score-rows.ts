import type { Column } from '../contract/table.ts';
import type { OutputColumn } from '../contract/template.ts';
import { asText, textOf } from '../table/output-kinds.ts';
import type { Scorer } from '../table/scorer.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { Control } from './control.ts';

/** Raw scores of some rows, caught while all rows are scored, so that nothing is scored twice. */
export interface CaughtScores {
  /** Places among all rows, rising. */
  readonly rows: Uint32Array;
  /** A list an output of the plan; empty where the template has no plan. */
  readonly scores: Float64Array[];
}

/** Worker: a model's outputs for all rows of a job, block by block, from its fields' columns. */
export function scoreRows(
  memory: TableMemory,
  control: Control,
  scorer: Scorer,
  fields: readonly Column[],
  rows: number,
  caught?: CaughtScores,
): OutputColumn[] {
  let next = 0;
  const regions = fields.map(() => new Region(memory));
  let outputs: OutputColumn[] | undefined;
  for (let from = 0; from < rows; from += scorer.rowsAtOnce) {
    control.check();
    const count = Math.min(scorer.rowsAtOnce, rows - from);
    const addresses = fields.map((column, i) => {
      const at = regions[i].ensure(count * 8);
      if (column.kind === 'number') memory.doubles.set(column.values.subarray(from, from + count), at / 8);
      else memory.integers.set(column.codes.subarray(from, from + count), at / 4);
      return at;
    });
    const { outputs: block, scores } = scorer.score(addresses, count);
    if (caught && scores) next = catchScores(caught, scores, next, from, count);
    outputs ??= block.map((output) => empty(output, rows));
    outputs = outputs.map((whole, k) => put(block[k], whole, from, count));
  }
  return outputs ?? [];
}

/** Catches scores that are known for all rows; gives them back. */
export function caughtOf(
  known: readonly Float64Array[],
  caught: CaughtScores | undefined,
): readonly Float64Array[] {
  caught?.scores.push(...known.map((own) => Float64Array.from(caught.rows, (row) => own[row])));
  return known;
}

/** Keeps what is asked for of a block's scores; answers which row is asked for next. */
function catchScores(
  { rows, scores }: CaughtScores,
  block: readonly Float64Array[],
  first: number,
  from: number,
  count: number,
): number {
  while (scores.length < block.length) scores.push(new Float64Array(rows.length));
  let next = first;
  for (; next < rows.length && rows[next] < from + count; next++) {
    for (let k = 0; k < block.length; k++) scores[k][next] = block[k][rows[next] - from];
  }
  return next;
}

function empty(output: OutputColumn, rows: number): OutputColumn {
  if (output.kind === 'number') return { ...output, values: new Float64Array(rows) };
  if (output.kind === 'label') return { ...output, codes: new Int32Array(rows) };
  return { ...output, values: new Array<string | null>(rows).fill(null) };
}

/** The whole column with a block put into it: the same one, or text where the two are of different kinds. */
function put(block: OutputColumn, whole: OutputColumn, from: number, count: number): OutputColumn {
  if (block.kind === 'number' && whole.kind === 'number') {
    whole.values.set(block.values.subarray(0, count), from);
    return whole;
  }
  if (block.kind === 'label' && whole.kind === 'label' && sameTexts(block.labels, whole.labels)) {
    whole.codes.set(block.codes.subarray(0, count), from);
    return whole;
  }
  const text = asText(whole);
  const values = text.values as (string | null)[];
  for (let i = 0; i < count; i++) values[from + i] = textOf(block, i);
  return text;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((text, i) => text === b[i]));
}

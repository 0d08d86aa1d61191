import type { Column } from '../contract/table.ts';
import type { OutputColumn } from '../contract/template.ts';
import type { Scorer } from '../table/scorer.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { Control } from './control.ts';

const BLOCK_ROWS = 4096;

/** Worker: a model's outputs for all rows of a job, block by block, from its fields' columns. */
export function scoreRows(
  memory: TableMemory,
  control: Control,
  scorer: Scorer,
  fields: readonly Column[],
  rows: number,
): OutputColumn[] {
  const regions = fields.map(() => new Region(memory));
  let outputs: OutputColumn[] | undefined;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    control.check();
    const count = Math.min(BLOCK_ROWS, rows - from);
    const addresses = fields.map((column, i) => {
      const at = regions[i].ensure(count * 8);
      if (column.kind === 'number') memory.doubles.set(column.values.subarray(from, from + count), at / 8);
      else memory.integers.set(column.codes.subarray(from, from + count), at / 4);
      return at;
    });
    const block = scorer.score(addresses, count).outputs;
    outputs ??= block.map((output) => empty(output, rows));
    block.forEach((output, k) => put(output, (outputs as OutputColumn[])[k], from, count));
  }
  return outputs ?? [];
}

function empty(output: OutputColumn, rows: number): OutputColumn {
  if (output.kind === 'number') return { ...output, values: new Float64Array(rows) };
  if (output.kind === 'label') return { ...output, codes: new Int32Array(rows) };
  return { ...output, values: new Array<string | null>(rows).fill(null) };
}

function put(block: OutputColumn, whole: OutputColumn, from: number, count: number): void {
  if (block.kind === 'number' && whole.kind === 'number') {
    whole.values.set(block.values.subarray(0, count), from);
  } else if (block.kind === 'label' && whole.kind === 'label') {
    whole.codes.set(block.codes.subarray(0, count), from);
  } else if (block.kind === 'text' && whole.kind === 'text') {
    const values = whole.values as (string | null)[];
    for (let i = 0; i < count; i++) values[from + i] = block.values[i];
  }
}

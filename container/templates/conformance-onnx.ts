import { createRequire } from 'node:module';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { OutputColumn, State, Template } from '../contract/template.ts';
import { writeModelOnnx } from '../onnx/model.ts';
import { runOnnx } from '../onnx/run.ts';
import type { OnnxInput } from '../onnx/run.ts';
import { decodeState } from '../registry/state-codec.ts';
import { textOf } from '../table/output-kinds.ts';
import { replayGraph } from './graph-recording.ts';
import type { TemplateDraft } from './store.ts';
import type { Trial } from './trial-rows.ts';

/** Graphs may compute in float32. */
const TOLERANCE = 1e-5;

/**
 * Whether a template's ONNX says of the trial's rows what its `apply` said. Where ONNX Runtime is not installed, only that it can
 * be written is seen.
 * @param recorded what its process answered
 * @param outputs what `apply` answered
 * @throws KeplerError template_invalid, template_failed
 */
export async function checkOnnx(
  draft: TemplateDraft,
  { preparation, fields, places, features, target }: Trial,
  recorded: Uint8Array,
  outputs: readonly OutputColumn[],
): Promise<void> {
  const calls = decodeState(new Uint8Array(recorded));
  const template = {
    name: draft.name,
    description: draft.description,
    toOnnx: (_state: State, graph) => replayGraph(draft.name, calls, graph),
  } as Pick<Template, 'name' | 'description' | 'toOnnx'> as Template;
  const model = writeModelOnnx(template, {}, preparation, target);
  if (!model || !hasRuntime()) return;
  const inputs: Record<string, OnnxInput> = {};
  for (const column of fields) {
    const rows = Array.from({ length: features.rows }, (_, n) => (places ? places[n] : n));
    inputs[column.name] =
      column.kind === 'number'
        ? Float64Array.from(rows, (row) => column.values[row])
        : rows.map((row) => column.levels[column.codes[row]]);
  }
  let answers: Awaited<ReturnType<typeof runOnnx>>;
  try {
    answers = await runOnnx(model, inputs);
  } catch (error) {
    throw refused(draft, `ONNX Runtime refuses what toOnnx writes: ${(error as Error).message}`);
  }
  const [output] = outputs;
  const answer = Object.entries(answers).find(([name]) => /^(variable|label)_*$/.test(name))?.[1];
  if (!answer) throw refused(draft, 'toOnnx must name an output "variable" (numbers) or "label".');
  const columns = outputs.filter(({ kind }) => kind === 'number');
  for (let row = 0; row < features.rows; row++) {
    const width = answer.data.length / features.rows;
    for (let c = 0; c < width; c++) {
      const said = answer.data[row * width + c];
      const one = width === 1 ? output : columns[c];
      if (one && agrees(said, one, row)) continue;
      throw refused(
        draft,
        `its ONNX answers ${said} where apply answers ${one ? textOf(one, row) : 'nothing'} (row ${row + 1} of ${features.rows}).`,
      );
    }
  }
}

function agrees(said: number | string, output: OutputColumn, row: number): boolean {
  if (output.kind !== 'number') return String(said) === textOf(output, row);
  const value = output.values[row];
  return Math.abs(Number(said) - value) <= TOLERANCE * Math.max(1, Math.abs(value));
}

function hasRuntime(): boolean {
  try {
    createRequire(join(process.cwd(), 'package.json')).resolve('onnxruntime-node');
    return true;
  } catch {
    // Not part of what serves.
    return false;
  }
}

function refused({ name }: TemplateDraft, why: string): KeplerError {
  return new KeplerError('template_invalid', `The template ${name} was not published: ${why}`);
}

import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

export type OnnxInput = Float64Array | readonly string[];

export interface OnnxOutput {
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
}

/** Plain JavaScript, so that it needs no build: the same from sources, from a bundle and under jest's own globals. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { InferenceSession, Tensor } = require(workerData.runtime);
(async () => {
  const session = await InferenceSession.create(workerData.model, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const feeds = {};
  for (const [name, values] of Object.entries(workerData.inputs)) {
    const type = ArrayBuffer.isView(values) ? 'float64' : 'string';
    feeds[name] = new Tensor(type, values, [values.length, 1]);
  }
  const outputs = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds))) {
    outputs[name] = { dims: tensor.dims, data: Array.from(tensor.data, (v) => (typeof v === 'bigint' ? Number(v) : v)) };
  }
  parentPort.postMessage(outputs);
})();
`;

/**
 * Runs a model on columns, one an input, with ONNX Runtime, in a thread of its own: its `run` would stall the event loop
 * of the caller. For tests and checks; the thread lives for this one call.
 *
 * @param inputs By field: `rows` values each.
 * @returns By output name, values row after row.
 * @throws What ONNX Runtime finds wrong with model or inputs.
 */
export function runOnnx(
  model: Uint8Array,
  inputs: Readonly<Record<string, OnnxInput>>,
): Promise<Record<string, OnnxOutput>> {
  const runtime = createRequire(path.join(process.cwd(), 'package.json')).resolve('onnxruntime-node');
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, { eval: true, workerData: { runtime, model, inputs } });
    thread.once('message', (outputs: Record<string, OnnxOutput>) => resolve(outputs));
    thread.once('error', reject);
    thread.once('exit', (status) => reject(new Error(`ONNX Runtime's thread ended with status ${status}.`)));
  });
}

/** The thread that takes large bodies apart, so that the runtime's own goes on answering meanwhile. */
import { parentPort } from 'node:worker_threads';
import { KeplerError } from '../../contract/errors.ts';
import { splitBody } from './split-body.ts';
import type { SplitBody } from './split-body.ts';

export interface BodyQuestion {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type BodyAnswer =
  | { readonly id: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly split: SplitBody }
  | { readonly id: number; readonly failed: string };

parentPort?.on('message', ({ id, bytes }: BodyQuestion) => {
  let answer: BodyAnswer;
  try {
    const split = splitBody(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    answer = { id, bytes, split };
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    answer = { id, failed: error.message };
  }
  parentPort?.postMessage(answer, 'bytes' in answer ? [answer.bytes.buffer] : []);
});

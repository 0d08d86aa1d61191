/** The second thread of a scoring crew: helps with every call that it is awake in time for. */
import { workerData } from 'node:worker_threads';
import type { CrewData } from './scoring-crew.ts';
import { HELPED, STATE, State, takeBlocks } from './scoring-share.ts';
import type { ScoringKernels } from './kernels.ts';

const { memory, module, words: buffer } = workerData as CrewData;
const words = new Int32Array(buffer);
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScoringKernels;

for (;;) {
  const state = Atomics.load(words, STATE);
  if (state !== State.open) Atomics.wait(words, STATE, state);
  else if (Atomics.compareExchange(words, STATE, State.open, State.helping) === State.open) {
    Atomics.add(words, HELPED, takeBlocks(words, kernels));
    Atomics.store(words, STATE, State.left);
    Atomics.notify(words, STATE);
  }
}

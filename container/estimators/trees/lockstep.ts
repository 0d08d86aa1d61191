import type { Split } from './split.ts';
import type { GrowTools } from './tools.ts';

const ARRIVED = 0;
const GENERATION = 1;
const NUMBERS = 5;
/** Turns of the loop before a waiting thread goes to sleep. */
const SPINS = 4000;
const SLEEP_MS = 20;

/** Shared by the threads of one fit that grow the same tree, each looking at its own columns. */
export interface LockstepMemory {
  readonly control: Int32Array;
  readonly splits: Float64Array;
}

export function newLockstepMemory(threads: number): LockstepMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(8)),
    // Two sets in turn: a quick thread may write its next split while a slow one still reads the last.
    splits: new Float64Array(new SharedArrayBuffer(2 * threads * NUMBERS * 8)),
  };
}

/**
 * How threads that grow the same trees keep together. To agree on a split each hands in its own, waits for the others and
 * takes the best; of equals that of the first columns, as one thread alone would.
 */
export function lockstep(
  memory: LockstepMemory,
  thread: number,
  threads: number,
): Pick<GrowTools, 'agree' | 'meet' | 'share'> {
  const { control, splits } = memory;
  let generation = 0;
  let turn = 0;
  const meet = (): void => waitForAll(control, ++generation, threads);
  const agree = (own: Split | null): Split | null => {
    const set = (turn++ % 2) * threads;
    const at = (set + thread) * NUMBERS;
    splits[at] = own ? own.proxy : -Infinity;
    if (own) splits.set([own.feature, own.lastLeft, own.firstRight, own.gain], at + 1);
    meet();
    let best = -1;
    for (let t = 0; t < threads; t++) {
      const proxy = splits[(set + t) * NUMBERS];
      if (proxy > (best < 0 ? -Infinity : splits[best])) best = (set + t) * NUMBERS;
    }
    if (best < 0) return null;
    const [proxy, feature, lastLeft, firstRight, gain] = splits.subarray(best, best + NUMBERS);
    return { proxy, feature, lastLeft, firstRight, gain };
  };
  const share = (rows: number): [number, number] => [
    Math.floor((thread * rows) / threads),
    Math.floor(((thread + 1) * rows) / threads),
  ];
  return { agree, meet, share };
}

function waitForAll(control: Int32Array, generation: number, threads: number): void {
  if (Atomics.add(control, ARRIVED, 1) + 1 === threads * generation) {
    Atomics.store(control, GENERATION, generation);
    Atomics.notify(control, GENERATION);
    return;
  }
  for (let spins = 0; Atomics.load(control, GENERATION) < generation; spins++) {
    if (spins > SPINS) Atomics.wait(control, GENERATION, generation - 1, SLEEP_MS);
  }
}

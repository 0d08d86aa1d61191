import type { Split } from './split.ts';

/** Threads that work on the same trees, as each of them sees them. */
export interface Team {
  readonly thread: number;
  readonly threads: number;
  /** Waits until all threads are here. */
  meet(): void;
  /** This thread's part of so many things: from, and to before. */
  share(count: number): [number, number];
  /** Tells the others up to `MOST_NUMBERS` numbers and hears theirs, in the order of the threads; read them before the next. */
  exchange(own: readonly number[]): readonly Float64Array[];
}

export const MOST_NUMBERS = 16;

/** For a thread that works on its trees alone. */
export const ALONE: Team = {
  thread: 0,
  threads: 1,
  meet: () => undefined,
  share: (count) => [0, count],
  exchange: (own) => [Float64Array.from(own)],
};

const ARRIVED = 0;
const GENERATION = 1;
/** Turns of the loop before a waiting thread goes to sleep. */
const SPINS = 4000;
const SLEEP_MS = 20;

/** What the threads of a team share. */
export interface TeamMemory {
  readonly control: Int32Array;
  readonly numbers: Float64Array;
}

export function newTeamMemory(threads: number): TeamMemory {
  return {
    control: new Int32Array(new SharedArrayBuffer(8)),
    // Two sets in turn: a quick thread may tell its next numbers while a slow one still reads the last.
    numbers: new Float64Array(new SharedArrayBuffer(2 * threads * MOST_NUMBERS * 8)),
  };
}

/** One of several threads that keep together. */
export function teamMember({ control, numbers }: TeamMemory, thread: number, threads: number): Team {
  let generation = 0;
  let turn = 0;
  const places = Array.from({ length: 2 * threads }, (_, place) =>
    numbers.subarray(place * MOST_NUMBERS, (place + 1) * MOST_NUMBERS),
  );
  const meet = (): void => waitForAll(control, ++generation, threads);
  return {
    thread,
    threads,
    meet,
    share: (count) => [Math.floor((thread * count) / threads), Math.floor(((thread + 1) * count) / threads)],
    exchange(own) {
      const set = (turn++ % 2) * threads;
      places[set + thread].set(own);
      meet();
      return places.slice(set, set + threads);
    },
  };
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

/** The best of what the threads found in their columns; of equals that of the first columns, as one thread alone would. */
export function agree(team: Team, own: Split | null): Split | null {
  if (team.threads === 1) return own;
  let best: Split | null = null;
  for (const [proxy, feature, lastLeft, firstRight, gain] of team.exchange(
    own ? [own.proxy, own.feature, own.lastLeft, own.firstRight, own.gain] : [-Infinity, 0, 0, 0, 0],
  )) {
    if (proxy > (best?.proxy ?? -Infinity)) best = { proxy, feature, lastLeft, firstRight, gain };
  }
  return best;
}

import type { ScoringKernels } from './kernels.ts';

/** Words that the two threads of a scoring crew share. */
export const STATE = 0;
/** Next row that nobody has taken. */
const NEXT = 1;
const ROWS = 2;
/** Blocks that the second thread has scored. */
export const HELPED = 3;
/** From here on the call. */
const ARGUMENTS = 4;
const ARGUMENT_COUNT = 11;
export const CREW_BYTES = 4 * (ARGUMENTS + ARGUMENT_COUNT);

/** Arguments of the kernel `trees`, without its range of rows. */
export interface TreeCall {
  readonly x: number;
  readonly rowBytes: number;
  readonly count: number;
  readonly roots: number;
  readonly depths: number;
  readonly firsts: number;
  readonly nodes: number;
  readonly values: number;
  readonly width: number;
  readonly out: number;
  readonly stride: number;
}

type Trees = Pick<ScoringKernels, 'trees'>;

/** Adds the trees to the scores of rows from … to. */
export function scoreRange(kernels: Trees, call: TreeCall, from: number, to: number): void {
  const { x, rowBytes, count, roots, depths, firsts, nodes, values, width, out, stride } = call;
  kernels.trees(x, rowBytes, from, to, count, roots, depths, firsts, nodes, values, width, out, stride);
}

/** Puts a call where the other thread finds it. */
export function shareCall(words: Int32Array, call: TreeCall, rows: number): void {
  const { x, rowBytes, count, roots, depths, firsts, nodes, values, width, out, stride } = call;
  words.set([x, rowBytes, count, roots, depths, firsts, nodes, values, width, out, stride], ARGUMENTS);
  Atomics.store(words, ROWS, rows);
  Atomics.store(words, NEXT, 0);
}

/** The call that is shared; read only while it is open. */
function sharedCall(words: Int32Array): TreeCall {
  const [x, rowBytes, count, roots, depths, firsts, nodes, values, width, out, stride] =
    words.subarray(ARGUMENTS);
  return { x, rowBytes, count, roots, depths, firsts, nodes, values, width, out, stride };
}
/** Rows taken at once; the kernel's own block. */
export const BLOCK_ROWS = 256;

/** Where a call stands, as the second thread sees it: only while it is helping does the first one wait for it. */
export const State = { closed: 0, open: 1, helping: 2, left: 3 } as const;

/** Takes blocks of rows until none is left. Returns how many. */
export function takeBlocks(words: Int32Array, kernels: Trees): number {
  const rows = Atomics.load(words, ROWS);
  const call = sharedCall(words);
  let taken = 0;
  for (;;) {
    const from = Atomics.add(words, NEXT, BLOCK_ROWS);
    if (from >= rows) return taken;
    taken++;
    scoreRange(kernels, call, from, Math.min(rows, from + BLOCK_ROWS));
  }
}

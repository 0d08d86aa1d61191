import type { HistogramPool } from './histogram-search.ts';
import type { Agree } from './split.ts';
import type { Kernels, Workspace } from './kernels.ts';

/** What one thread grows trees with. */
export interface GrowTools {
  readonly work: Workspace;
  readonly kernels: Kernels;
  /** Where histograms of sums are kept between nodes; null: each node's rows are read for each of its features. */
  readonly pool: HistogramPool | null;
  readonly agree: Agree;
  /** Waits until all threads that work on the same trees are here. */
  readonly meet: () => void;
  /** This thread's part of so many rows: from, and to before. */
  readonly share: (rows: number) => [number, number];
  /** Called now and then; throws to end the work. */
  readonly checkpoint: () => void;
}

/** For a thread that works on its trees alone. */
export const ALONE: Pick<GrowTools, 'agree' | 'meet' | 'share'> = {
  agree: (own) => own,
  meet: () => undefined,
  share: (rows) => [0, rows],
};

import type { HistogramPool } from './histogram-pool.ts';
import type { Kernels, Workspace } from './kernels.ts';
import type { Team } from './team.ts';

/** What one thread grows trees with. */
export interface GrowTools {
  readonly work: Workspace;
  readonly kernels: Kernels;
  /** Where histograms of sums are kept between nodes; null: each node's rows are read for each of its features. */
  readonly pool: HistogramPool | null;
  /** The threads that work on the same trees. */
  readonly team: Team;
  /** Called now and then; throws to end the work. */
  readonly checkpoint: () => void;
}

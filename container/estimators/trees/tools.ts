import type { Agree, HistogramPool } from './histogram-search.ts';
import type { Kernels, Workspace } from './kernels.ts';

/** What one thread grows trees with. */
export interface GrowTools {
  readonly work: Workspace;
  readonly kernels: Kernels;
  /** Where histograms of sums are kept between nodes; null: each node's rows are read for each of its features. */
  readonly pool: HistogramPool | null;
  readonly agree: Agree;
  /** Called now and then; throws to end the work. */
  readonly checkpoint: () => void;
}

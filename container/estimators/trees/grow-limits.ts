/** How far a tree may grow. */
export interface GrowLimits {
  /** Infinity where there is none. */
  readonly maxDepth: number;
  readonly maxLeafNodes: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Least weight of a leaf. */
  readonly minWeightLeaf: number;
}

// Inner loops of tree training. Each has a twin in ../trees/plain-kernels.ts, which says what it does; results are the same
// to the last bit. Addresses and layouts are the host's (../trees/kernels.ts). Nothing is allocated here.
export { classTotals, classSplitBytes, classSplitShorts } from './class-split';
export { sumSplitBytes, sumSplitShorts } from './sum-split';
export { addHistograms, scanSums, subtractHistograms, sumHistograms } from './sum-histogram';
export { addStep, greatestSize, packSums, sumTotals } from './sums';
export { partitionBytes, partitionShorts } from './partition';
export { codeValues } from './binning';

// Inner loops of training. Each has a twin, which says what it does and whose results are the same to the last bit: those of
// trees in ../trees/plain-kernels.ts, addProducts in ../linear-algebra/product-kernel.ts. Addresses and layouts are the host's.
// Nothing is allocated here.
export { classTotals, classSplitBytes, classSplitShorts } from './class-split';
export { sumSplitBytes, sumSplitShorts } from './sum-split';
export { addHistograms, scanSums, subtractHistograms, sumHistograms } from './sum-histogram';
export { addStep, greatestSize, packSums, sumTotals } from './sums';
export { partitionBytes, partitionShorts } from './partition';
export { codeValues } from './binning';
export { addProducts } from './gram';
export { logisticGradients, newtonSums, softmaxGradients } from './gradients';

import { BLOCK_COLUMNS, HISTOGRAM_WORDS, MARKS, RESULT } from './kernels.ts';
import type { Kernels, SideLimits, Workspace } from './kernels.ts';
import { packWord, wordSum, wordWeight } from './sums.ts';

/** The kernels in plain TypeScript. */
export const plainKernels: Kernels = {
  codeValues(values, edges, codes, low, high) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      let bin = 0;
      while (edges[bin] < value) bin++;
      codes[row] = bin;
      if (value < low[bin]) low[bin] = value;
      if (value > high[bin]) high[bin] = value;
    }
  },

  classSplit(column, work, start, end, limits, measure) {
    const { codes } = column;
    const { rows, payload, histogram, counts, result, used } = work;
    const classes = work.classes.length / 4;
    const classWeights = work.classes.subarray(0, classes);
    const totals = work.classes.subarray(classes, 2 * classes);
    for (let i = start; i < end; i++) {
      const bin = codes[rows[i]];
      const word = payload[i];
      histogram[bin * classes + (word & 0xffff)] += word >>> 16;
      if (limits.countRows) counts[bin]++;
      mark(work, bin);
    }
    const proxyOf = measure === 'gini' ? squaresOverWeight : negativeEntropy;
    const left = new Float64Array(classes);
    const right = Float64Array.from(totals);
    const search = new BoundarySearch(result, limits);
    const bins = drainMarks(work);
    let rowsLeft = 0;
    for (let u = 0; u < bins; u++) {
      const bin = used[u];
      if (u > 0) {
        const leftWeight = total(left);
        const rightWeight = total(right);
        const rowsHere = limits.countRows ? rowsLeft : leftWeight;
        if (search.allows(rowsHere, end - start - rowsHere, leftWeight, rightWeight))
          search.offer(proxyOf(left, leftWeight) + proxyOf(right, rightWeight), used[u - 1], bin);
      }
      for (let k = 0; k < classes; k++) {
        const weight = histogram[bin * classes + k] * classWeights[k];
        left[k] += weight;
        right[k] -= weight;
        histogram[bin * classes + k] = 0;
      }
      rowsLeft += counts[bin];
      counts[bin] = 0;
    }
    result[RESULT.used] = bins;
  },

  classTotals({ classes, payload }, start, end) {
    const count = classes.length / 4;
    classes.fill(0, count, 2 * count);
    for (let i = start; i < end; i++) classes[count + (payload[i] & 0xffff)] += payload[i] >>> 16;
  },

  sumSplit(column, work, start, end, format, sum, weight, limits) {
    const { codes } = column;
    const { rows, payload, histogram, counts, result, used } = work;
    for (let i = start; i < end; i++) {
      const bin = codes[rows[i]];
      addWord(histogram, bin, payload[2 * i], payload[2 * i + 1]);
      if (limits.countRows) counts[bin]++;
      mark(work, bin);
    }
    const search = new BoundarySearch(result, limits);
    const bins = drainMarks(work);
    let leftSum = 0;
    let leftWeight = 0;
    let rowsLeft = 0;
    for (let u = 0; u < bins; u++) {
      const bin = used[u];
      if (u > 0) {
        const rowsHere = limits.countRows ? rowsLeft : leftWeight;
        const left = leftSum * format.unit;
        const right = sum - left;
        const weightHere = leftWeight * format.weightUnit;
        const rest = weight - weightHere;
        if (search.allows(rowsHere, end - start - rowsHere, weightHere, rest))
          search.offer((left * left) / weightHere + (right * right) / rest, used[u - 1], bin);
      }
      leftSum += wordSum(histogram, bin, format.weightBits);
      leftWeight += wordWeight(histogram, bin, format.weightBits);
      rowsLeft += counts[bin];
      histogram[2 * bin] = 0;
      histogram[2 * bin + 1] = 0;
      counts[bin] = 0;
    }
    result[RESULT.used] = bins;
  },

  sumHistograms({ columns, blocks }, work, start, end, histograms) {
    for (let f = 0; f < columns; f++) {
      const own = histograms.subarray(f * HISTOGRAM_WORDS, (f + 1) * HISTOGRAM_WORDS).fill(0);
      const block = blocks[Math.floor(f / BLOCK_COLUMNS)];
      const place = f % BLOCK_COLUMNS;
      for (let i = start; i < end; i++)
        addWord(
          own,
          block[work.rows[i] * BLOCK_COLUMNS + place],
          work.payload[2 * i],
          work.payload[2 * i + 1],
        );
    }
  },

  addHistograms(into, a, b) {
    into.set(a);
    for (let bin = 0; bin < into.length / 2; bin++) addWord(into, bin, b[2 * bin], b[2 * bin + 1]);
  },

  subtractHistograms(whole, part) {
    for (let i = 0; i < whole.length; i += 2) {
      const borrow = whole[i] < part[i] ? 1 : 0;
      whole[i] = whole[i] - part[i];
      whole[i + 1] = whole[i + 1] - part[i + 1] - borrow;
    }
  },

  scanSums(histograms, bins, first, end, { result }, { weightBits }, sum, weight, least, most) {
    result[RESULT.proxy] = -Infinity;
    for (let column = first; column < end; column++) {
      const at = column * HISTOGRAM_WORDS;
      const histogram = histograms.subarray(at, at + 2 * bins[column]);
      const found = bestBoundary(histogram, weightBits, sum, weight, least, most);
      if (!found || !(found.proxy > result[RESULT.proxy])) continue;
      result[RESULT.proxy] = found.proxy;
      result[RESULT.lastLeft] = found.lastLeft;
      result[RESULT.firstRight] = found.firstRight;
      result[RESULT.feature] = column;
      result[RESULT.leftSum] = found.left;
      result[RESULT.leftWeight] = found.here;
    }
  },

  packSums(values, work, count, format) {
    for (let i = 0; i < count; i++) packWord(work.payload, i, values[work.rows[i]], 1, format);
  },

  greatestSize(values, { rows }, count) {
    let greatest = 0;
    for (let i = 0; i < count; i++) greatest = Math.max(greatest, Math.abs(values[rows[i]]));
    return greatest;
  },

  addStep(scores, { rows }, start, end, step) {
    for (let i = start; i < end; i++) scores[rows[i]] += step;
  },

  sumTotals({ payload, result }, start, end, { weightBits }) {
    let sum = 0;
    let weight = 0;
    // Equal values may have different weights: what is compared is a row's sum over its weight.
    const first = wordSum(payload, start, weightBits) / wordWeight(payload, start, weightBits);
    let differs = 0;
    for (let i = start; i < end; i++) {
      const rowSum = wordSum(payload, i, weightBits);
      const rowWeight = wordWeight(payload, i, weightBits);
      sum += rowSum;
      weight += rowWeight;
      if (rowSum / rowWeight !== first) differs = 1;
    }
    result[0] = sum;
    result[1] = weight;
    result[2] = differs;
    result[3] = first;
  },

  classGradients(scores, classes, gradients, from, to) {
    for (let i = from; i < to; i++) {
      if (scores.length === 1) {
        gradients[0][i] = classes[i] - 1 / (1 + exp(Math.min(Math.max(-scores[0][i], -FARTHEST), FARTHEST)));
        continue;
      }
      const top = Math.max(...scores.map((own) => own[i]));
      const powers = scores.map((own) => exp(Math.max(own[i] - top, -FARTHEST)));
      const sum = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, k) => (gradients[k][i] = (classes[i] === k ? 1 : 0) - power / sum));
    }
  },

  newtonSums(gradient, rows, { result }, start, end) {
    let sum = 0;
    let curvature = 0;
    for (let i = start; i < end; i++) {
      const size = Math.abs(gradient[rows[i]]);
      sum += gradient[rows[i]];
      curvature += size * (1 - size);
    }
    result[0] = sum;
    result[1] = curvature;
  },

  partition(column, work, start, end, lastLeft, width) {
    const { rows, payload, spareRows, sparePayload } = work;
    const { codes } = column;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      if (codes[row] <= lastLeft) {
        rows[left] = row;
        for (let w = 0; w < width; w++) payload[left * width + w] = payload[i * width + w];
        left++;
      } else {
        spareRows[right] = row;
        for (let w = 0; w < width; w++) sparePayload[right * width + w] = payload[i * width + w];
        right++;
      }
    }
    rows.set(spareRows.subarray(0, right), left);
    payload.set(sparePayload.subarray(0, right * width), left * width);
    return left;
  },
};

/** The best boundary in one column's histogram; null where none is allowed. */
function bestBoundary(
  histogram: Uint32Array,
  weightBits: number,
  sum: number,
  weight: number,
  least: number,
  most: number,
): { proxy: number; lastLeft: number; firstRight: number; left: number; here: number } | null {
  // Compared as fractions, crosswise: what is greatest is the squared difference of the sides' means by their weights.
  let bestOver = -1;
  let bestUnder = 1;
  let left = 0;
  let here = 0;
  let waiting = false;
  let found: ReturnType<typeof bestBoundary> = null;
  for (let bin = 0; bin < histogram.length / 2; bin++) {
    if (histogram[2 * bin] === 0 && histogram[2 * bin + 1] === 0) continue;
    if (found && waiting) {
      found.firstRight = bin;
      waiting = false;
    }
    left += wordSum(histogram, bin, weightBits);
    here += wordWeight(histogram, bin, weightBits);
    const over = (left * weight - sum * here) ** 2;
    const under = here * (weight - here);
    if (here < least || here > most || !(over * bestUnder > bestOver * under)) continue;
    [bestOver, bestUnder, waiting] = [over, under, true];
    const right = sum - left;
    const proxy = (left * left) / here + (right * right) / (weight - here);
    found = { proxy, lastLeft: bin, firstRight: -1, left, here };
  }
  return found;
}

/** Beyond it e^x is no normal double. */
const FARTHEST = 708;
/** 1.5 * 2^52: whoever is added to it is rounded to a whole number. */
const ROUNDER = 6755399441055744;

/** e^x for x not beyond ±708, by the steps of fdlibm's `exp`: x = k ln 2 + r, and e^r as a quotient. */
function exp(x: number): number {
  const k = x * 1.4426950408889634 + ROUNDER - ROUNDER;
  const high = x - k * 0.6931471803691238;
  const low = k * 1.9082149292705877e-10;
  const r = high - low;
  const square = r * r;
  let series = 4.1381367970572385e-8;
  for (const term of [
    -0.0000016533902205465252, 0.00006613756321437934, -0.0027777777777015593, 0.16666666666666602,
  ])
    series = series * square + term;
  const c = r - series * square;
  return (1 - (low - (r * c) / (2 - c) - high)) * 2 ** k;
}

/** Keeps the best boundary; of equals, the first. */
class BoundarySearch {
  private best = -Infinity;

  constructor(
    private readonly result: Float64Array,
    private readonly limits: SideLimits,
  ) {
    result[RESULT.proxy] = -Infinity;
  }

  allows(rowsLeft: number, rowsRight: number, weightLeft: number, weightRight: number): boolean {
    const { minRows, minWeight } = this.limits;
    if (minRows > 1 && (rowsLeft < minRows || rowsRight < minRows)) return false;
    return weightLeft >= minWeight && weightRight >= minWeight;
  }

  offer(proxy: number, lastLeft: number, firstRight: number): void {
    if (!(proxy > this.best)) return;
    this.best = proxy;
    this.result[RESULT.proxy] = proxy;
    this.result[RESULT.lastLeft] = lastLeft;
    this.result[RESULT.firstRight] = firstRight;
  }
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** Gini's index of a side, turned: weight * (1 - impurity). */
export function squaresOverWeight(classes: Float64Array, weight: number): number {
  let squares = 0;
  for (let k = 0; k < classes.length; k++) squares += classes[k] * classes[k];
  return squares / weight;
}

/** Entropy of a side, turned: -weight * bits. */
export function negativeEntropy(classes: Float64Array, weight: number): number {
  let bits = 0;
  for (let k = 0; k < classes.length; k++) {
    if (classes[k] > 0) bits += classes[k] * Math.log2(classes[k] / weight);
  }
  return bits;
}

function addWord(words: Uint32Array, at: number, low: number, high: number): void {
  const sum = words[2 * at] + low;
  words[2 * at] = sum;
  words[2 * at + 1] = words[2 * at + 1] + high + (sum > 0xffffffff ? 1 : 0);
}

function mark(work: Workspace, bin: number): void {
  const word = bin >> 5;
  work.marks[MARKS.summary + word] |= 1 << (bin & 31);
  work.marks[word >> 5] |= 1 << (word & 31);
}

/** Lists the marked bins in order in `work.used`, unmarks them and says how many they are. */
function drainMarks({ marks, used }: Workspace): number {
  let count = 0;
  for (let s = 0; s < MARKS.summary; s++) {
    let words = marks[s];
    marks[s] = 0;
    while (words !== 0) {
      const word = (s << 5) + lowestBit(words);
      words &= words - 1;
      let bits = marks[MARKS.summary + word];
      marks[MARKS.summary + word] = 0;
      while (bits !== 0) {
        used[count++] = (word << 5) + lowestBit(bits);
        bits &= bits - 1;
      }
    }
  }
  return count;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

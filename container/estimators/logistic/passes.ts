import { BLOCK, multiplyPairs } from '../linear-algebra/gram.ts';
import { stopIfAborted } from '../stop.ts';
import type { LogisticProblem } from './problem.ts';

export interface Evaluation {
  readonly loss: number;
  readonly gradient: Float64Array;
  /** outputs·width squared, symmetric; only where it was asked for. */
  readonly hessian?: Float64Array;
}

/** One block of rows: scaled columns, and for each output its scores, then what the pass makes of them. */
interface Block {
  readonly start: number;
  readonly size: number;
  readonly z: Float64Array;
  /** scores[k * BLOCK + i], turned into probabilities of the classes (two classes: of the second). */
  readonly probabilities: Float64Array;
}

/** Loss, gradient and, where wanted, Hessian of the penalised likelihood at a point, in one pass over the rows. */
export function evaluate(
  problem: LogisticProblem,
  point: Float64Array,
  wantHessian: boolean,
  signal: AbortSignal,
): Evaluation {
  const { outputs, width, penalties, codes, rowWeights } = problem;
  const size = outputs * width;
  const gradient = new Float64Array(size);
  const blocks = new Map<number, Float64Array>();
  const errors = new Float64Array(outputs * BLOCK);
  const weighted = new Float64Array((width + (width & 1)) * BLOCK);
  const pair = new Float64Array(BLOCK);
  let loss = 0;
  forEachBlock(problem, point, signal, (block, blockLoss) => {
    loss += blockLoss;
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < block.size; i++) {
        const row = block.start + i;
        const hit = outputs === 1 ? codes[row] : codes[row] === k ? 1 : 0;
        errors[k * BLOCK + i] = rowWeights[row] * (block.probabilities[k * BLOCK + i] - hit);
      }
    }
    addProducts(problem, block, errors, gradient);
    if (!wantHessian) return;
    for (let k = 0; k < outputs; k++) {
      for (let l = 0; l <= k; l++) {
        for (let i = 0; i < block.size; i++) {
          const p = block.probabilities[k * BLOCK + i];
          const q = block.probabilities[l * BLOCK + i];
          pair[i] = rowWeights[block.start + i] * (k === l ? p * (1 - p) : -p * q);
        }
        for (let j = 0; j < width; j++) {
          for (let i = 0; i < block.size; i++) weighted[j * BLOCK + i] = block.z[j * BLOCK + i] * pair[i];
        }
        let products = blocks.get(k * outputs + l);
        if (!products) blocks.set(k * outputs + l, (products = new Float64Array(width * width)));
        multiplyPairs(block.z, weighted, block.size, width, products);
      }
    }
  });
  for (let a = 0; a < size; a++) {
    const penalty = penalties[a % width];
    loss += 0.5 * penalty * point[a] ** 2;
    gradient[a] += penalty * point[a];
  }
  return { loss, gradient, ...(wantHessian && { hessian: assemble(problem, blocks) }) };
}

/** Hessian times a direction, without the Hessian: for problems too wide to hold it. */
export function curvatureAlong(
  problem: LogisticProblem,
  point: Float64Array,
  direction: Float64Array,
  signal: AbortSignal,
): Float64Array {
  const { outputs, width, penalties, rowWeights } = problem;
  const result = direction.map((value, a) => value * penalties[a % width]);
  const moved = new Float64Array(outputs * BLOCK);
  forEachBlock(problem, point, signal, (block) => {
    scoresOf(problem, block, direction, moved);
    for (let i = 0; i < block.size; i++) {
      const weight = rowWeights[block.start + i];
      if (outputs === 1) {
        const p = block.probabilities[i];
        moved[i] *= weight * p * (1 - p);
        continue;
      }
      let mean = 0;
      for (let k = 0; k < outputs; k++) mean += block.probabilities[k * BLOCK + i] * moved[k * BLOCK + i];
      for (let k = 0; k < outputs; k++) {
        const at = k * BLOCK + i;
        moved[at] = weight * block.probabilities[at] * (moved[at] - mean);
      }
    }
    addProducts(problem, block, moved, result);
  });
  return result;
}

function forEachBlock(
  problem: LogisticProblem,
  point: Float64Array,
  signal: AbortSignal,
  visit: (block: Block, loss: number) => void,
): void {
  const { columns, codes, rowWeights, outputs, width, centres, scales, constant } = problem;
  const rows = codes.length;
  const z = new Float64Array((width + (width & 1)) * BLOCK);
  const probabilities = new Float64Array(outputs * BLOCK);
  if (constant !== 0) z.fill(constant, columns.length * BLOCK, (columns.length + 1) * BLOCK);
  for (let start = 0; start < rows; start += BLOCK) {
    if (start % (BLOCK * 64) === 0) stopIfAborted(signal);
    const size = Math.min(BLOCK, rows - start);
    columns.forEach((column, j) => {
      const factor = 1 / scales[j];
      const centre = centres[j];
      for (let i = 0; i < size; i++) z[j * BLOCK + i] = (column[start + i] - centre) * factor;
    });
    const block: Block = { start, size, z, probabilities };
    scoresOf(problem, block, point, probabilities);
    visit(block, toProbabilities(block, outputs, codes, rowWeights));
  }
}

function scoresOf(problem: LogisticProblem, block: Block, point: Float64Array, scores: Float64Array): void {
  const { outputs, width } = problem;
  const { z, size } = block;
  for (let k = 0; k < outputs; k++) {
    const to = k * BLOCK;
    scores.fill(0, to, to + size);
    for (let j = 0; j < width; j++) {
      const slope = point[k * width + j];
      const from = j * BLOCK;
      for (let i = 0; i < size; i++) scores[to + i] += slope * z[from + i];
    }
  }
}

/** result[k, j] += Σ over the block's rows of values[k] z[j]. */
function addProducts(
  problem: LogisticProblem,
  block: Block,
  values: Float64Array,
  result: Float64Array,
): void {
  const { outputs, width } = problem;
  const { z, size } = block;
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += values[k * BLOCK + i] * z[j * BLOCK + i];
      result[k * width + j] += sum;
    }
  }
}

/** Scores become probabilities in place; returns the block's share of the negative log likelihood. */
function toProbabilities(block: Block, outputs: number, codes: Int32Array, rowWeights: Float64Array): number {
  const { start, size, probabilities: scores } = block;
  let loss = 0;
  for (let i = 0; i < size; i++) {
    const row = start + i;
    if (outputs === 1) {
      const score = scores[i];
      const small = Math.exp(-Math.abs(score));
      const towards = codes[row] === 1 ? score : -score;
      loss += rowWeights[row] * (Math.log1p(small) + Math.max(0, -towards));
      scores[i] = score >= 0 ? 1 / (1 + small) : small / (1 + small);
      continue;
    }
    let top = -Infinity;
    for (let k = 0; k < outputs; k++) top = Math.max(top, scores[k * BLOCK + i]);
    const own = scores[codes[row] * BLOCK + i] - top;
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += scores[k * BLOCK + i] = Math.exp(scores[k * BLOCK + i] - top);
    for (let k = 0; k < outputs; k++) scores[k * BLOCK + i] /= sum;
    loss += rowWeights[row] * (Math.log(sum) - own);
  }
  return loss;
}

function assemble(problem: LogisticProblem, blocks: ReadonlyMap<number, Float64Array>): Float64Array {
  const { outputs, width, penalties } = problem;
  const size = outputs * width;
  const hessian = new Float64Array(size * size);
  for (let k = 0; k < outputs; k++) {
    for (let l = 0; l <= k; l++) {
      const products = blocks.get(k * outputs + l);
      if (!products) continue;
      for (let a = 0; a < width; a++) {
        for (let b = 0; b < width; b++) {
          const value = products[a >= b ? a * width + b : b * width + a];
          hessian[(k * width + a) * size + l * width + b] = value;
          hessian[(l * width + b) * size + k * width + a] = value;
        }
      }
    }
  }
  for (let a = 0; a < size; a++) hessian[a * size + a] += penalties[a % width];
  // The same change of all classes changes no probability, and at the optimum it is 0 (`ownUnits`): curvature in that
  // direction keeps the equations well-conditioned and the steps out of it.
  if (outputs > 1) {
    for (let k = 0; k < outputs; k++) {
      for (let l = 0; l < outputs; l++) {
        for (let a = 0; a < width; a++) hessian[(k * width + a) * size + l * width + a] += 1 / outputs;
      }
    }
  }
  return hessian;
}

import { stopIfAborted } from '../stop.ts';
import { cholesky, choleskySolve } from './cholesky.ts';
import { centredProducts } from './centred-products.ts';
import type { ColumnRange } from './moments.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface LinearFit {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/** Singular values below this share of the largest count as none: scikit-learn's `tol`, taken on columns of equal length. */
const RANK_TOLERANCE = 1e-6;
/** A Cholesky pivot of the correlation matrix above this means columns far from collinear: no refinement is needed. */
const SAFE_PIVOT = 1e-3;
/** Below this the eigenvalues decide what is collinear. */
const SMALLEST_PIVOT = 1e-8;
const REFINEMENTS = 3;

/**
 * Least squares y ≈ X b + intercept. Where columns are collinear, the solution whose coefficients have the smallest sum
 * of squares; which columns count as collinear does not depend on their units.
 *
 * Method: normal equations on centred columns scaled to equal length, by Cholesky, or by eigenvalues where that is not
 * safe; then iterative refinement against the data, which brings back the digits that squaring the condition cost.
 */
export function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
  fitIntercept: boolean,
  signal: AbortSignal,
): LinearFit {
  const rows = target.length;
  const all = [...columns, target];
  const { ranges, products } = centredProducts(all, fitIntercept, rows, signal);
  const used = columns.map((_, f) => f).filter((f) => !ranges[f].constant);
  const p = used.length;
  const chosen = [...used, columns.length];
  const product = (a: number, b: number): number => products[chosen[a] * all.length + chosen[b]];
  // From here on columns have length 1: `correlations` holds their products, lengths[c] what was divided away.
  const lengths = Float64Array.from(chosen, (_, c) => Math.sqrt(product(c, c)) || 1);
  const correlations = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) correlations[a * p + b] = product(a, b) / (lengths[a] * lengths[b]);
    right[a] = product(a, p) / (lengths[a] * lengths[p]);
  }
  const scaled = {
    columns: used.map((f) => columns[f]),
    ranges: used.map((f) => ranges[f]),
    lengths: lengths.subarray(0, p),
    target,
    targetRange: ranges[columns.length],
    targetLength: lengths[p],
  };
  const solver = solverFor(correlations, p);
  const solution = solver.solve(right);
  for (let round = 0; round < solver.refinements; round++) {
    stopIfAborted(signal);
    const correction = solver.solve(residualProducts(scaled, solution));
    for (let a = 0; a < p; a++) solution[a] += correction[a];
  }
  const toUnits = Float64Array.from(
    used,
    (f, a) => (lengths[p] * ranges[columns.length].unit) / (lengths[a] * ranges[f].unit),
  );
  const found = shortest(
    solution.map((value, a) => value * toUnits[a]),
    solver.nullSpace,
    toUnits,
  );
  const coefficients = new Float64Array(columns.length);
  used.forEach((f, a) => {
    coefficients[f] = found[a];
  });
  let intercept = ranges[columns.length].mean;
  for (let f = 0; f < columns.length; f++) intercept -= coefficients[f] * ranges[f].mean;
  return { coefficients, intercept: fitIntercept ? intercept : 0 };
}

interface Solver {
  readonly solve: (right: Float64Array) => Float64Array;
  readonly refinements: number;
  /** Directions, one a row, in which nothing changes. */
  readonly nullSpace: readonly Float64Array[];
}

function solverFor(correlations: Float64Array, p: number): Solver {
  const lower = cholesky(correlations, p, SMALLEST_PIVOT);
  if (lower) {
    let smallest = 1;
    for (let a = 0; a < p; a++) smallest = Math.min(smallest, lower[a * p + a] ** 2);
    const refinements = smallest > SAFE_PIVOT ? 0 : REFINEMENTS;
    return { solve: (right) => choleskySolve(lower, p, right), refinements, nullSpace: [] };
  }
  const { values, vectors } = symmetricEigen(correlations, p);
  const kept = values.findIndex((value) => value <= RANK_TOLERANCE ** 2 * values[0]);
  const rank = kept < 0 ? p : kept;
  const vector = (k: number) => vectors.subarray(k * p, (k + 1) * p);
  const solve = (right: Float64Array) => {
    const x = new Float64Array(p);
    for (let k = 0; k < rank; k++) {
      const direction = vector(k);
      let dot = 0;
      for (let a = 0; a < p; a++) dot += direction[a] * right[a];
      dot /= values[k];
      for (let a = 0; a < p; a++) x[a] += dot * direction[a];
    }
    return x;
  };
  const nullSpace = Array.from({ length: p - rank }, (_, k) => vector(rank + k));
  return { solve, refinements: REFINEMENTS, nullSpace };
}

interface ScaledSystem {
  readonly columns: readonly Float64Array[];
  readonly ranges: readonly ColumnRange[];
  readonly lengths: Float64Array;
  readonly target: Float64Array;
  readonly targetRange: ColumnRange;
  readonly targetLength: number;
}

/** Zᵀ(t - Z b): what the residuals of a solution still have in common with each column. */
function residualProducts(system: ScaledSystem, solution: Float64Array): Float64Array {
  const { columns, ranges, lengths, target, targetRange, targetLength } = system;
  const factor = 1 / (targetRange.unit * targetLength);
  const residuals = target.map((y) => (y - targetRange.mean) * factor);
  columns.forEach((column, a) => {
    const slope = solution[a] / (ranges[a].unit * lengths[a]);
    const { mean } = ranges[a];
    for (let i = 0; i < residuals.length; i++) residuals[i] -= (column[i] - mean) * slope;
  });
  return Float64Array.from(columns, (column, a) => {
    const { mean, unit } = ranges[a];
    let sum = 0;
    for (let i = 0; i < residuals.length; i++) sum += (column[i] - mean) * residuals[i];
    return sum / (unit * lengths[a]);
  });
}

/**
 * Of all coefficients that fit equally well, the shortest: what lies in the null space, turned from scaled columns into
 * the columns' own units, is taken out.
 */
function shortest(
  coefficients: Float64Array,
  nullSpace: readonly Float64Array[],
  toUnits: Float64Array,
): Float64Array {
  const result = coefficients.slice();
  const basis: Float64Array[] = [];
  for (const direction of nullSpace) {
    const own = direction.map((value, a) => value * toUnits[a]);
    // Twice is enough: the second pass removes what rounding left in the first.
    for (let pass = 0; pass < 2; pass++) for (const other of basis) removeFrom(own, other);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) basis.push(own.map((value) => value / length));
  }
  for (let pass = 0; pass < 2; pass++) for (const direction of basis) removeFrom(result, direction);
  return result;
}

function removeFrom(vector: Float64Array, unit: Float64Array): void {
  let dot = 0;
  for (let a = 0; a < vector.length; a++) dot += vector[a] * unit[a];
  for (let a = 0; a < vector.length; a++) vector[a] -= dot * unit[a];
}

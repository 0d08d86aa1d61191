import { stopIfAborted } from '../stop.ts';
import { cholesky, choleskySolve } from './cholesky.ts';
import { gram } from './gram.ts';
import type { LinearFit } from './least-squares.ts';
import { columnRange } from './moments.ts';

/** One round of refinement squares away the error that the condition of the equations brings; two leave a margin. */
const REFINEMENTS = 2;

/**
 * Minimises Σ (y - X b - intercept)² + alpha Σ b², with alpha > 0: normal equations on centred columns, each brought to
 * diagonal 1 (penalty included), then iterative refinement against the data.
 */
export function ridgeSolution(
  columns: readonly Float64Array[],
  target: Float64Array,
  alpha: number,
  fitIntercept: boolean,
  signal: AbortSignal,
): LinearFit {
  const p = columns.length;
  const ranges = [...columns, target].map((column) => columnRange(column, fitIntercept));
  const products = gram([...columns, target], ranges, target.length, signal);
  const scale = Float64Array.from(columns, (_, f) => {
    const { unit } = ranges[f];
    return 1 / Math.sqrt(products[f * (p + 1) + f] + alpha / unit ** 2) / unit;
  });
  const equations = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      equations[a * p + b] =
        products[a * (p + 1) + b] * ranges[a].unit * scale[a] * ranges[b].unit * scale[b] +
        (a === b ? alpha * scale[a] ** 2 : 0);
    }
  }
  // Rounding can take a last hair off a penalty far smaller than the data; the refinement makes good what is added here.
  const lower = factorise(equations, p);
  const centre = ranges[p].mean;
  const coefficients = new Float64Array(p);
  for (let round = 0; round <= REFINEMENTS; round++) {
    stopIfAborted(signal);
    const residuals = target.map((y) => y - centre);
    columns.forEach((column, f) => {
      const slope = coefficients[f];
      const { mean } = ranges[f];
      if (slope !== 0) for (let i = 0; i < residuals.length; i++) residuals[i] -= (column[i] - mean) * slope;
    });
    const right = Float64Array.from(columns, (column, f) => {
      const { mean } = ranges[f];
      let sum = 0;
      for (let i = 0; i < residuals.length; i++) sum += (column[i] - mean) * residuals[i];
      return (sum - alpha * coefficients[f]) * scale[f];
    });
    const step = choleskySolve(lower, p, right);
    for (let f = 0; f < p; f++) coefficients[f] += step[f] * scale[f];
  }
  let intercept = centre;
  for (let f = 0; f < p; f++) intercept -= coefficients[f] * ranges[f].mean;
  return { coefficients, intercept: fitIntercept ? intercept : 0 };
}

function factorise(equations: Float64Array, size: number): Float64Array {
  for (let added = 0; ; added = added === 0 ? 1e-14 : added * 10) {
    const lower = cholesky(
      equations.map((value, i) => (i % (size + 1) === 0 ? value + added : value)),
      size,
    );
    if (lower) return lower;
    if (added > 1) throw new RangeError('The equations of a ridge regression are not positive definite.');
  }
}

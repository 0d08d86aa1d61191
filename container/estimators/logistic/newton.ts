import { cholesky, choleskySolve } from '../linear-algebra/cholesky.ts';
import { curvatureAlong, evaluate } from './passes.ts';
import type { Evaluation } from './passes.ts';
import type { LogisticProblem } from './problem.ts';

/** More parameters than this are solved for without a matrix. */
const DIRECT_PARAMETERS = 400;
const MAX_STEPS = 100;
/**
 * A step whose expected gain is this small, or that is this small beside the point, is the last: the error after it is of
 * the order of its square. As the penalty's curvature is 1, a gain of 1e-13 leaves coefficients within 1e-6 before it.
 */
const LAST_GAIN = 1e-13;
const LAST_STEP = 1e-8;
const MAX_HALVINGS = 40;
const MAX_CONJUGATE_STEPS = 1000;

/** With more rows than this the way to the neighbourhood of the optimum is gone with every n-th row, this many in all. */
const APPROACH_ROWS = 8000;
const APPROACH_STEPS = 12;

export interface Optimum {
  readonly point: Float64Array;
  readonly converged: boolean;
}

/**
 * The optimum of a penalised logistic regression by Newton's method with a backtracking line search: directly by Cholesky,
 * or for wide problems by conjugate gradients (Nocedal and Wright, Numerical Optimization, algorithms 3.2 and 7.1).
 */
export function minimise(
  problem: LogisticProblem,
  signal: AbortSignal,
  progress: (share: number) => void,
): Optimum {
  const zero = new Float64Array(problem.outputs * problem.width);
  if (problem.codes.length < 3 * APPROACH_ROWS) return descend(problem, zero, MAX_STEPS, signal, progress);
  const few = thinned(problem, Math.floor(problem.codes.length / APPROACH_ROWS));
  const { point } = descend(few, zero, APPROACH_STEPS, signal, () => {});
  const nearer =
    evaluate(problem, point, false, signal).loss < evaluate(problem, zero, false, signal).loss ? point : zero;
  return descend(problem, nearer, MAX_STEPS, signal, progress);
}

function descend(
  problem: LogisticProblem,
  start: Float64Array,
  steps: number,
  signal: AbortSignal,
  progress: (share: number) => void,
): Optimum {
  const direct = start.length <= DIRECT_PARAMETERS;
  let point = start;
  let here = evaluate(problem, point, direct, signal);
  let wholeStep = true;
  const firstLength = norm(here.gradient);
  for (let step = 0; step < steps; step++) {
    if (norm(here.gradient) === 0) return { point, converged: true };
    progress(step / (step + 4));
    const accuracy = Math.min(0.1, Math.sqrt(norm(here.gradient) / firstLength)) * 1e-2;
    const direction = here.hessian
      ? solveDirectly(here.hessian, here.gradient)
      : solveByConjugates(problem, point, here.gradient, accuracy, signal);
    const slope = dot(direction, here.gradient);
    if (!(slope < 0)) return { point, converged: largest(direction) <= 1e-6 * largest(point) };
    if (-slope <= LAST_GAIN || largest(direction) <= LAST_STEP * largest(point)) {
      return { point: point.map((value, a) => value + direction[a]), converged: true };
    }
    // After a shortened step the next may need shortening too: then the costly curvature waits for the point to be found.
    const wantHessian = direct && wholeStep;
    let share = 1;
    let next: Float64Array = point;
    let there: Evaluation | undefined;
    // Near the optimum the loss changes by less than its rounding: that much rise is let pass.
    const noise = 1e-13 * Math.abs(here.loss) * Math.sqrt(problem.codes.length);
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      next = point.map((value, a) => value + share * direction[a]);
      there = evaluate(problem, next, wantHessian, signal);
      if (there.loss <= here.loss + 1e-4 * share * slope + noise) break;
      there = undefined;
      share /= 2;
    }
    if (!there) return { point, converged: false };
    point = next;
    here = direct && !there.hessian ? evaluate(problem, point, true, signal) : there;
    wholeStep = share === 1;
  }
  return { point, converged: false };
}

/** The same problem on every n-th row, each of which counts n times: its optimum lies near, in the same coordinates. */
function thinned(problem: LogisticProblem, every: number): LogisticProblem {
  const rows = Int32Array.from({ length: Math.floor(problem.codes.length / every) }, (_, i) => i * every);
  return {
    ...problem,
    columns: problem.columns.map((column) => Float64Array.from(rows, (row) => column[row])),
    codes: Int32Array.from(rows, (row) => problem.codes[row]),
    rowWeights: Float64Array.from(rows, (row) => problem.rowWeights[row] * every),
  };
}

function solveDirectly(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  for (let added = 0; ; added = added === 0 ? 1e-14 : added * 100) {
    const lower = cholesky(
      hessian.map((value, i) => (i % (size + 1) === 0 ? value * (1 + added) : value)),
      size,
    );
    if (lower) return choleskySolve(lower, size, gradient).map((value) => -value);
    if (added > 1) throw new RangeError('The curvature of a logistic regression is not positive.');
  }
}

/** Solves H s = -g until the residual is `accuracy` of g. */
function solveByConjugates(
  problem: LogisticProblem,
  point: Float64Array,
  gradient: Float64Array,
  accuracy: number,
  signal: AbortSignal,
): Float64Array {
  const solution = new Float64Array(gradient.length);
  const residual = gradient.map((value) => -value);
  let direction: Float64Array = residual.slice();
  let square = dot(residual, residual);
  const enough = square * accuracy * accuracy;
  for (let step = 0; step < MAX_CONJUGATE_STEPS && square > enough; step++) {
    const curved = curvatureAlong(problem, point, direction, signal);
    const curvature = dot(direction, curved);
    if (!(curvature > 0)) break;
    const length = square / curvature;
    for (let a = 0; a < solution.length; a++) {
      solution[a] += length * direction[a];
      residual[a] -= length * curved[a];
    }
    const nextSquare = dot(residual, residual);
    const carry = nextSquare / square;
    direction = direction.map((value, a) => residual[a] + carry * value);
    square = nextSquare;
  }
  return solution;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function largest(vector: Float64Array): number {
  let top = 0;
  for (const value of vector) top = Math.max(top, Math.abs(value));
  return top;
}

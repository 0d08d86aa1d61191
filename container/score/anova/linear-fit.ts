import { KeplerError } from '../../contract/errors.ts';
import { dot, orthogonalize } from '../least-squares.ts';
import type { Design } from './design.ts';

export type Robust = 'HC0' | 'HC1' | 'HC2' | 'HC3';

/** Ordinary least squares of full rank. Matrices are lists of rows. */
export interface LinearFit {
  readonly coefficients: Float64Array;
  /** Of each column, the share of the target along the direction that it adds to those before it. */
  readonly effects: Float64Array;
  readonly residuals: Float64Array;
  /** Sum of their squares, and rows less columns. */
  readonly squares: number;
  readonly freedom: number;
  /** Covariance of the coefficients, by the residuals' variance or robust to its changing (White, MacKinnon). */
  covariance(robust?: Robust): Float64Array[];
}

/** @throws KeplerError invalid_data where columns depend on one another, or rows are too few. */
export function fitLinear({ columns, names }: Design, target: Float64Array): LinearFit {
  const [rows, width] = [target.length, columns.length];
  if (rows <= width)
    throw new KeplerError(
      'invalid_data',
      `anova: ${rows} rows are too few for the ${width} columns that the formula makes. Use fewer terms or more rows.`,
    );
  const { q, r } = orthogonalize(columns);
  const dependent = r.findIndex((row, k) => row[k] === 0);
  if (dependent >= 0)
    throw new KeplerError(
      'invalid_data',
      `anova: "${names[dependent]}" says nothing that the terms before it do not say (a constant, a copy, or a combination of categories without rows). Leave its term out.`,
    );
  const residuals = target.slice();
  const effects = Float64Array.from(q, (direction) => {
    const share = dot(direction, residuals);
    for (let i = 0; i < rows; i++) residuals[i] -= share * direction[i];
    return share;
  });
  const inverse = invertTriangle(r);
  const squares = dot(residuals, residuals);
  const freedom = rows - width;
  return {
    coefficients: Float64Array.from(inverse, (row) => dot(row, effects)),
    effects,
    residuals,
    squares,
    freedom,
    covariance(robust) {
      const middle = q.map(() => new Float64Array(width));
      if (!robust) middle.forEach((row, k) => (row[k] = squares / freedom));
      else weigh(middle, q, residuals, robust);
      return multiply(multiply(inverse, middle), transpose(inverse));
    },
  };
}

/** Q' diag(w) Q with each row's squared residual, as the estimator corrects it. */
function weigh(
  middle: Float64Array[],
  q: readonly Float64Array[],
  residuals: Float64Array,
  robust: Robust,
): void {
  const [rows, width] = [residuals.length, q.length];
  const weights = residuals.map((rest, i) => {
    const leverage = q.reduce((sum, direction) => sum + direction[i] ** 2, 0);
    if ((robust === 'HC2' || robust === 'HC3') && leverage > 1 - 1e-9) throw tooFewRows();
    if (robust === 'HC1') return (rest ** 2 * rows) / (rows - width);
    if (robust === 'HC2') return rest ** 2 / (1 - leverage);
    return robust === 'HC3' ? (rest / (1 - leverage)) ** 2 : rest ** 2;
  });
  for (let j = 0; j < width; j++) {
    const weighted = q[j].map((value, i) => value * weights[i]);
    for (let k = 0; k <= j; k++) middle[j][k] = middle[k][j] = dot(weighted, q[k]);
  }
}

/** Where a row alone decides a coefficient, nothing is left to tell its variance by. */
export function tooFewRows(): KeplerError {
  return new KeplerError(
    'invalid_data',
    'anova: the variance of a term cannot be estimated, as some combination of categories has too few rows. Leave robust out, use type=1, or take interactions out of the formula.',
  );
}

function invertTriangle(r: readonly Float64Array[]): Float64Array[] {
  const inverse = r.map(() => new Float64Array(r.length));
  for (let k = 0; k < r.length; k++) {
    inverse[k][k] = 1 / r[k][k];
    for (let j = k - 1; j >= 0; j--) {
      let sum = 0;
      for (let i = j + 1; i <= k; i++) sum += r[j][i] * inverse[i][k];
      inverse[j][k] = -sum / r[j][j];
    }
  }
  return inverse;
}

export function transpose(rows: readonly Float64Array[]): Float64Array[] {
  return Array.from(rows[0] ?? [], (_, j) => Float64Array.from(rows, (row) => row[j]));
}

export function multiply(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  const columns = transpose(b);
  return a.map((row) => Float64Array.from(columns, (column) => dot(row, column)));
}

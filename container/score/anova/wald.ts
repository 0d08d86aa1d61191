import { dot, orthogonalize } from '../least-squares.ts';
import { multiply, tooFewRows, transpose } from './linear-fit.ts';

/**
 * Wald's statistic of the hypothesis that the coefficients of `columns` are 0, where those of `containing`, the terms that
 * contain this one, may be anything: of all contrasts of both those that do not go with the latter (as statsmodels' type 2).
 */
export function waldStatistic(
  coefficients: Float64Array,
  covariance: readonly Float64Array[],
  columns: readonly number[],
  containing: readonly number[],
): number {
  const all = [...columns, ...containing];
  const block = all.map((j) => Float64Array.from(all, (k) => covariance[j][k]));
  const contrasts = containing.length === 0 ? identity(all.length) : without(block, columns.length);
  const values = contrasts.map((contrast) =>
    dot(
      contrast,
      Float64Array.from(all, (j) => coefficients[j]),
    ),
  );
  return solvedProduct(multiply(multiply(contrasts, block), transpose(contrasts)), Float64Array.from(values));
}

/** Directions orthogonal to the covariances with all columns from `first` on: as many as there are before. */
function without(block: readonly Float64Array[], first: number): Float64Array[] {
  const given = Array.from({ length: block.length - first }, (_, k) =>
    Float64Array.from(block, (row) => row[first + k]),
  );
  const { q, r } = orthogonalize([...given, ...identity(block.length)]);
  return q.filter((_, k) => k >= given.length && r[k][k] > 0);
}

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)),
  );
}

/** v' M^-1 v of a symmetric positive matrix, by Cholesky's factors. */
function solvedProduct(matrix: readonly Float64Array[], v: Float64Array): number {
  const size = v.length;
  const lower = matrix.map(() => new Float64Array(size));
  const solved = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      const rest = matrix[j][k] - dot(lower[j].subarray(0, k), lower[k].subarray(0, k));
      if (k === j && !(rest > 1e-13 * matrix[j][j])) throw tooFewRows();
      lower[j][k] = k === j ? Math.sqrt(rest) : rest / lower[k][k];
    }
    solved[j] = (v[j] - dot(lower[j].subarray(0, j), solved.subarray(0, j))) / lower[j][j];
  }
  return dot(solved, solved);
}

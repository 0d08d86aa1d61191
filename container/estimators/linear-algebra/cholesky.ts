/**
 * Cholesky factor of a symmetric positive definite matrix, row-major, lower triangle: A = L Lᵀ.
 *
 * @param smallestPivot A pivot (what the columns before leave of a diagonal entry) at or below it ends the attempt.
 * @returns null where the matrix is not positive definite by that measure.
 */
export function cholesky(matrix: Float64Array, size: number, smallestPivot = 0): Float64Array | null {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const rowI = i * size;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * size;
      let sum = matrix[rowI + j];
      for (let k = 0; k < j; k++) sum -= lower[rowI + k] * lower[rowJ + k];
      if (i > j) lower[rowI + j] = sum / lower[rowJ + j];
      else if (sum > smallestPivot) lower[rowI + i] = Math.sqrt(sum);
      else return null;
    }
  }
  return lower;
}

/** Solves L Lᵀ x = b. */
export function choleskySolve(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * x[k];
    x[i] = sum / lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = x[i] / lower[i * size + i];
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] -= lower[i * size + k] * value;
  }
  return x;
}

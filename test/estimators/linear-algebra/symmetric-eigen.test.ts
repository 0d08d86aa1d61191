import { symmetricEigen } from '../../../container/estimators/linear-algebra/symmetric-eigen.ts';
import { lcg } from '../data.ts';

/** A = B Bᵀ for a random B of `rank` columns. */
function ofRank(size: number, rank: number): Float64Array {
  const factor = lcg(size, size * rank);
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += (factor[i * rank + k] - 0.5) * (factor[j * rank + k] - 0.5);
    return sum;
  });
}

test.each([
  [1, 1],
  [2, 2],
  [7, 7],
  [40, 40],
  [40, 3],
  [120, 20],
  [5, 0],
])('size %i of rank %i: A v = λ v, vectors orthonormal, values descending', (size, rank) => {
  const matrix = ofRank(size, rank);
  const before = matrix.slice();
  const { values, vectors } = symmetricEigen(matrix, size);
  expect(matrix).toEqual(before);
  const tolerance = 1e-13 * Math.max(1, values[0]) * size;
  for (let k = 0; k < size; k++) {
    if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
    const v = vectors.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++) {
      const image = v.reduce((sum, value, j) => sum + matrix[i * size + j] * value, 0);
      expect(Math.abs(image - values[k] * v[i])).toBeLessThanOrEqual(tolerance);
    }
    for (let l = 0; l <= k; l++) {
      const dot = v.reduce((sum, value, j) => sum + value * vectors[l * size + j], 0);
      expect(Math.abs(dot - (k === l ? 1 : 0))).toBeLessThanOrEqual(1e-12);
    }
  }
  expect(values.filter((value) => Math.abs(value) > 1e-10 * Math.max(values[0], 1e-300))).toHaveLength(rank);
});

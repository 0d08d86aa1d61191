export interface Eigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of values[k]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, row-major: Householder reduction to a tridiagonal matrix, then
 * implicit QL (Martin, Reinsch and Wilkinson 1968; Bowdler et al. 1968; EISPACK's tred2 and tql2). Errors are of the order
 * of the largest eigenvalue times machine precision.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const diagonal = new Float64Array(size);
  const off = new Float64Array(size);
  const basis = tridiagonalise(matrix, size, diagonal, off);
  diagonaliseByQl(basis, size, diagonal, off);
  const order = Array.from({ length: size }, (_, k) => k).sort((a, b) => diagonal[b] - diagonal[a]);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => vectors.set(basis.subarray(from * size, (from + 1) * size), to * size));
  return { values: Float64Array.from(order, (k) => diagonal[k]), vectors };
}

/**
 * Fills diagonal and off (off[0] = 0) with T and returns the orthogonal basis, transposed: row k is column k of Q, so that
 * the rotations to come work on neighbouring memory.
 */
function tridiagonalise(
  matrix: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
): Float64Array {
  const a = matrix.slice();
  const factors = new Float64Array(n);
  const p = new Float64Array(n);
  // Column k below the diagonal becomes (norm, 0, …, 0); its Householder vector stays in that place.
  for (let k = 0; k < n - 1; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, a[i * n + k]);
    if (norm === 0) {
      off[k + 1] = 0;
      continue;
    }
    const head = a[(k + 1) * n + k];
    const alpha = head > 0 ? -norm : norm;
    off[k + 1] = alpha;
    // v = (1, x₂/(head-α), …), H = I - factor v vᵀ
    const scale = 1 / (head - alpha);
    for (let i = k + 2; i < n; i++) a[i * n + k] *= scale;
    a[(k + 1) * n + k] = 1;
    const factor = (alpha - head) / alpha;
    factors[k] = factor;
    // The rest of the matrix, lower triangle: B - v wᵀ - w vᵀ with p = factor B v, w = p - (factor/2)(pᵀv) v.
    p.fill(0, k + 1);
    for (let i = k + 1; i < n; i++) {
      const vi = a[i * n + k];
      let sum = a[i * n + i] * vi;
      for (let j = k + 1; j < i; j++) {
        const value = a[i * n + j];
        sum += value * a[j * n + k];
        p[j] += value * vi;
      }
      p[i] += sum;
    }
    let dot = 0;
    for (let i = k + 1; i < n; i++) {
      p[i] *= factor;
      dot += p[i] * a[i * n + k];
    }
    const half = (factor / 2) * dot;
    for (let i = k + 1; i < n; i++) p[i] -= half * a[i * n + k];
    for (let i = k + 1; i < n; i++) {
      const vi = a[i * n + k];
      const wi = p[i];
      for (let j = k + 1; j <= i; j++) a[i * n + j] -= vi * p[j] + wi * a[j * n + k];
    }
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i];
  return accumulate(a, n, factors);
}

/** Qᵀ for Q = H₀ H₁ … from the Householder vectors left below the diagonal: rows of the result are columns of Q. */
function accumulate(a: Float64Array, n: number, factors: Float64Array): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const v = new Float64Array(n);
  for (let k = n - 2; k >= 0; k--) {
    const factor = factors[k];
    if (factor === 0) continue;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k];
    for (let column = k + 1; column < n; column++) {
      const row = column * n;
      let dot = 0;
      for (let i = k + 1; i < n; i++) dot += v[i] * q[row + i];
      dot *= factor;
      for (let i = k + 1; i < n; i++) q[row + i] -= dot * v[i];
    }
  }
  return q;
}

const MAX_SWEEPS = 60;

function diagonaliseByQl(basis: Float64Array, n: number, d: Float64Array, off: Float64Array): void {
  const e = new Float64Array(n);
  for (let i = 1; i < n; i++) e[i - 1] = off[i];
  // Against the whole matrix, not the neighbours: a matrix of low rank has many eigenvalues that are nothing but rounding.
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  const negligible = Number.EPSILON * norm;
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < n - 1) {
        if (Math.abs(e[m]) <= negligible) break;
        m++;
      }
      if (m === l) break;
      if (sweep === MAX_SWEEPS)
        throw new RangeError('The eigenvalues of a symmetric matrix did not converge.');
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let shift = 0;
      let deflated = false;
      for (let i = m - 1; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= shift;
          e[m] = 0;
          deflated = true;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - shift;
        r = (d[i] - g) * s + 2 * c * b;
        shift = s * r;
        d[i + 1] = g + shift;
        g = c * r - b;
        rotate(basis, i * n, (i + 1) * n, n, c, s);
      }
      if (deflated) continue;
      d[l] -= shift;
      e[l] = g;
      e[m] = 0;
    }
  }
}

function rotate(basis: Float64Array, low: number, high: number, n: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const up = basis[high + k];
    const down = basis[low + k];
    basis[high + k] = s * down + c * up;
    basis[low + k] = c * down - s * up;
  }
}

/** Columns = Q R with orthonormal Q: `r[j][k]` is column k's share of q[j]. A dependent column's q is zero, its r[k][k] too. */
export interface Orthogonal {
  readonly q: readonly Float64Array[];
  readonly r: readonly Float64Array[];
  readonly rank: number;
}

/**
 * Gram-Schmidt, each column made orthogonal twice so that rounding leaves no trace (Giraud et al., Comput. Math. Appl. 50,
 * 2005). Takes columns in their order: the first k of Q span the first k columns.
 */
export function orthogonalize(columns: readonly Float64Array[]): Orthogonal {
  const q: Float64Array[] = [];
  const r = columns.map(() => new Float64Array(columns.length));
  let rank = 0;
  columns.forEach((column, k) => {
    const rest = column.slice();
    const before = norm(rest);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const share = dot(q[j], rest);
        r[j][k] += share;
        for (let i = 0; i < rest.length; i++) rest[i] -= share * q[j][i];
      }
    }
    const length = norm(rest);
    if (length > before * 1e-12 && length > 0) {
      r[k][k] = length;
      for (let i = 0; i < rest.length; i++) rest[i] /= length;
      rank++;
    } else {
      rest.fill(0);
    }
    q.push(rest);
  });
  return { q, r, rank };
}

/** In four sums at a time: faster, and the rounding of each stays a quarter. */
export function dot(x: Float64Array, y: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < x.length; i += 4) {
    s0 += x[i] * y[i];
    s1 += x[i + 1] * y[i + 1];
    s2 += x[i + 2] * y[i + 2];
    s3 += x[i + 3] * y[i + 3];
  }
  for (; i < x.length; i++) s0 += x[i] * y[i];
  return s0 + s1 + (s2 + s3);
}

function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

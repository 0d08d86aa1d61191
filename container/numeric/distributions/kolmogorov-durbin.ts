const RESCALE = 2 ** 128;

/**
 * P(D <= d) exactly: Durbin's matrix power in the form of Marsaglia, Tsang and Wang (J. Stat. Softw. 8, 2003). For small n d:
 * the matrix has 2 ceil(n d) - 1 rows.
 */
export function durbin(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const size = 2 * k - 1;
  const power = raise(transitions(size, h), size, n, k - 1);
  let { value, exponent } = power;
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value < 1 / RESCALE) {
      value *= RESCALE;
      exponent -= 128;
    }
  }
  return value * 2 ** exponent;
}

function transitions(size: number, h: number): Float64Array {
  const inverseFactorial = new Float64Array(size + 2);
  inverseFactorial[0] = 1;
  for (let i = 1; i < size + 2; i++) inverseFactorial[i] = inverseFactorial[i - 1] / i;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i - j + 1 >= 0) matrix[i * size + j] = inverseFactorial[i - j + 1];
    }
  }
  for (let i = 0; i < size; i++) {
    const edge = (1 - h ** (i + 1)) * inverseFactorial[i + 1];
    matrix[i * size] = edge;
    matrix[(size - 1) * size + (size - 1 - i)] = edge;
  }
  const corner = 1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size;
  matrix[(size - 1) * size] = corner * inverseFactorial[size];
  return matrix;
}

/** Entry (at, at) of matrix^n, as value * 2^exponent. */
function raise(
  matrix: Float64Array,
  size: number,
  n: number,
  at: number,
): { value: number; exponent: number } {
  let base = matrix;
  let baseExponent = 0;
  let result: Float64Array = new Float64Array(size * size);
  for (let i = 0; i < size; i++) result[i * size + i] = 1;
  let exponent = 0;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2) {
      result = multiply(result, base, size);
      exponent += baseExponent;
      if (result[at * size + at] > RESCALE) {
        result = result.map((value) => value / RESCALE);
        exponent += 128;
      }
    }
    base = multiply(base, base, size);
    baseExponent *= 2;
    if (base[at * size + at] > RESCALE) {
      base = base.map((value) => value / RESCALE);
      baseExponent += 128;
    }
  }
  return { value: result[at * size + at], exponent };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) product[i * size + j] += factor * b[k * size + j];
    }
  }
  return product;
}

import { numbers } from '../columns.ts';
import { options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';

/** Area between the two distribution functions, to a power: Σ |F - G|^power over the gaps between values. */
function areaBetween(x: Float64Array, y: Float64Array, power: number): number {
  const [p, q] = [x.slice().sort(), y.slice().sort()];
  const [n, m] = [p.length, q.length];
  let [i, j] = [0, 0];
  let total = 0;
  let lost = 0;
  let last = NaN;
  while (i < n || j < m) {
    const value = Math.min(i < n ? p[i] : Infinity, j < m ? q[j] : Infinity);
    if (i + j > 0) {
      const height = Math.abs(i / n - j / m);
      const term = (power === 1 ? height : height * height) * (value - last);
      const next = total + term;
      lost += total >= term ? total - next + term : term - next + total;
      total = next;
    }
    while (i < n && p[i] === value) i++;
    while (j < m && q[j] === value) j++;
    last = value;
  }
  return total + lost;
}

/** First Wasserstein (earth mover's) distance of two samples. */
export function wasserstein(x: Float64Array, y: Float64Array): number {
  return areaBetween(x, y, 1);
}

/** Energy distance of two samples (Rizzo and Szekely, WIREs Comput. Stat. 8, 2016): sqrt(2) times the Cramér distance. */
export function energy(x: Float64Array, y: Float64Array): number {
  return Math.sqrt(2 * areaBetween(x, y, 2));
}

function sampleDistance(
  name: string,
  description: string,
  distance: (x: Float64Array, y: Float64Array) => number,
): ScoreMethod {
  return {
    name,
    description,
    params: options(),
    fields: { kind: 'pair', a: 'numbers', b: 'numbers' },
    run: ({ a: [a], b: [b] }) => ({ fields: [name], rows: [[distance(numbers(a), numbers(b))]] }),
  };
}

export const wassersteinDistance = sampleDistance(
  'wasserstein_distance',
  "First Wasserstein (earth mover's) distance of two samples",
  wasserstein,
);
export const energyDistance = sampleDistance('energy_distance', 'Energy distance of two samples', energy);

import type { NumericTable } from '../../contract/template.ts';
import type { Random } from '../trees/random.ts';

/**
 * Centres to begin with: greedy k-means++ (Arthur and Vassilvitskii 2007). Each is a row drawn with a chance in proportion
 * to its squared distance from the centres so far; of 2 + log k such rows the one that lowers the total most is taken.
 */
export function plusPlusCentres(table: NumericTable, clusters: number, random: Random): Float64Array {
  const { rows, columns } = table;
  const width = columns.length;
  const centres = new Float64Array(clusters * width);
  const tries = 2 + Math.floor(Math.log(clusters));
  let closest: Float64Array = new Float64Array(rows).fill(Infinity);
  for (let c = 0; c < clusters; c++) {
    let best: { row: number; closest: Float64Array; total: number } | undefined;
    for (let attempt = 0; attempt < (c === 0 ? 1 : tries); attempt++) {
      const row = c === 0 ? random.below(rows) : drawn(closest, random);
      const candidate = closest.slice();
      const total = lower(candidate, columns, row);
      if (!best || total < best.total) best = { row, closest: candidate, total };
    }
    if (!best) break;
    closest = best.closest;
    for (let f = 0; f < width; f++) centres[c * width + f] = columns[f][best.row];
  }
  return centres;
}

/** A row with a chance in proportion to its weight. */
function drawn(weights: Float64Array, random: Random): number {
  let total = 0;
  for (const weight of weights) total += weight;
  if (total === 0) return random.below(weights.length);
  let left = random.share() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

/** Takes the distances to one more centre into account, in place; returns their sum. */
function lower(closest: Float64Array, columns: readonly Float64Array[], row: number): number {
  const squares = new Float64Array(closest.length);
  for (const column of columns) {
    const centre = column[row];
    for (let i = 0; i < squares.length; i++) {
      const apart = column[i] - centre;
      squares[i] += apart * apart;
    }
  }
  let total = 0;
  for (let i = 0; i < squares.length; i++) {
    if (squares[i] < closest[i]) closest[i] = squares[i];
    total += closest[i];
  }
  return total;
}

import type { NumericTable, TemplateContext } from '../../contract/template.ts';
import { stopIfAborted } from '../stop.ts';
import { Random } from '../trees/random.ts';
import { assign } from './assign.ts';
import { plusPlusCentres } from './start.ts';

const STARTS = 10;
const MAX_ROUNDS = 300;
/** Starts are tried on no more rows than this; the best one is then carried on with all of them. */
const TRIAL_ROWS = 20_000;

export interface Clustering {
  readonly centres: Float64Array;
  /** Sum of squared distances of rows to their centres. */
  readonly inertia: number;
  /** Clusters that hold rows. */
  readonly used: number;
}

/** The best of ten starts, its centres in ascending order, so that the same clusters get the same numbers from any seed. */
export function bestCentres(
  table: NumericTable,
  clusters: number,
  seed: number,
  context: TemplateContext,
): Clustering {
  const trial = thinned(table, Random.forPart(seed, STARTS));
  let best: Clustering | undefined;
  for (let start = 0; start < STARTS; start++) {
    context.progress(start / (STARTS + 1), 'training');
    const centres = plusPlusCentres(trial, clusters, Random.forPart(seed, start));
    const found = lloyd(trial, centres, clusters, context.signal);
    if (!best || found.inertia < best.inertia) best = found;
  }
  const centres = inOrder(best!.centres, clusters, table.columns.length);
  return lloyd(table, centres, clusters, context.signal);
}

/** Lloyd's rounds until no row changes its cluster. A cluster that loses all rows gets the row farthest from its centre. */
function lloyd(table: NumericTable, start: Float64Array, clusters: number, signal: AbortSignal): Clustering {
  const { rows, columns } = table;
  const width = columns.length;
  let centres = start;
  let before: Int32Array | undefined;
  for (let round = 0; ; round++) {
    stopIfAborted(signal);
    const { nearest, squares } = assign(columns, rows, centres, clusters);
    const counts = new Float64Array(clusters);
    for (const c of nearest) counts[c]++;
    const settled = before?.every((c, i) => c === nearest[i]) ?? false;
    if (settled || round === MAX_ROUNDS) {
      const inertia = squares.reduce((sum, value) => sum + value, 0);
      return { centres, inertia, used: counts.reduce((used, count) => used + (count > 0 ? 1 : 0), 0) };
    }
    before = nearest;
    refill(counts, nearest, squares);
    const next = new Float64Array(clusters * width);
    columns.forEach((column, f) => {
      // Deviations from the last centre are summed: a large offset of the data costs no digits.
      for (let i = 0; i < rows; i++)
        next[nearest[i] * width + f] += column[i] - centres[nearest[i] * width + f];
    });
    for (let c = 0; c < clusters; c++) {
      for (let f = 0; f < width; f++) {
        next[c * width + f] = centres[c * width + f] + (counts[c] > 0 ? next[c * width + f] / counts[c] : 0);
      }
    }
    centres = next;
  }
}

/** Gives each empty cluster the row that lies farthest from its own centre, where one lies apart at all. */
function refill(counts: Float64Array, nearest: Int32Array, squares: Float64Array): void {
  for (let c = 0; c < counts.length; c++) {
    if (counts[c] > 0) continue;
    let farthest = -1;
    for (let i = 0; i < squares.length; i++) {
      if (squares[i] > 0 && counts[nearest[i]] > 1 && (farthest < 0 || squares[i] > squares[farthest]))
        farthest = i;
    }
    if (farthest < 0) return;
    counts[nearest[farthest]]--;
    nearest[farthest] = c;
    squares[farthest] = 0;
    counts[c] = 1;
  }
}

function thinned(table: NumericTable, random: Random): NumericTable {
  if (table.rows <= TRIAL_ROWS) return table;
  const rows = Int32Array.from({ length: TRIAL_ROWS }, () => random.below(table.rows));
  const columns = table.columns.map((column) => Float64Array.from(rows, (row) => column[row]));
  return { rows: TRIAL_ROWS, names: table.names, columns };
}

function inOrder(centres: Float64Array, clusters: number, width: number): Float64Array {
  const all = Array.from({ length: clusters }, (_, c) => centres.subarray(c * width, (c + 1) * width));
  all.sort((a, b) => {
    const f = a.findIndex((value, at) => value !== b[at]);
    return f < 0 ? 0 : a[f] - b[f];
  });
  const result = new Float64Array(clusters * width);
  all.forEach((centre, c) => result.set(centre, c * width));
  return result;
}

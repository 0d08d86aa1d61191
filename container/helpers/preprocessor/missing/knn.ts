import { sampledRows } from '../../metrics/sampled-rows.ts';
import { meanAndVariance } from '../../../estimators/linear-algebra/spread.ts';
import { hasNaN, present } from '../../../numeric/order-statistics.ts';
import type { StepKind } from '../step.ts';
import { gather, numberColumn, numbersOf, replaceColumns } from '../table.ts';
import type { MissingOptions } from './missing-options.ts';
import { indicators, withoutIndicators } from './indicator.ts';

type KnnState = {
  /** Rows of the fit, column after column; null for a column without any value, which is left out. */
  readonly rows: number;
  readonly columns: readonly (Float64Array | null)[];
  readonly means: Float64Array;
  readonly nNeighbors: number;
  readonly weights: 'uniform' | 'distance';
  readonly keepEmptyFeatures: boolean;
  readonly indicators: readonly string[];
};

const TITLE = 'handleMissing (knn)';
const MOST_ROWS = 10_000;

/**
 * scikit-learn's KNNImputer: a null becomes the mean over the nearest rows of the fit that have a value there. Nearness is
 * Euclidean over what both rows have, scaled up for what they lack; where two rows have nothing in common the column's mean is
 * taken. Of rows equally near those that come first count.
 */
export const knn: StepKind<MissingOptions, KnnState> = {
  title: TITLE,
  takes: 'number',
  noOnnx: 'it looks among the rows of the fit',
  fit(table, names, options, context) {
    const columns = numbersOf(table, names, TITLE);
    const places = sampledRows(table.rows, options.maxRows ?? MOST_ROWS);
    if (places) {
      context.warn(
        `${TITLE} looks among ${places.length} of the ${table.rows} rows, evenly drawn (maxRows).`,
      );
    }
    const kept = columns.map(({ name, values }) => {
      if (!values.every((value) => value !== value)) return places ? gather(values, places) : values.slice();
      if (!options.keepEmptyFeatures) context.warn(`"${name}" has no value in any row and was left out.`);
      return null;
    });
    const flagged = columns.filter(({ values }) => hasNaN(values));
    return {
      rows: places?.length ?? table.rows,
      columns: kept,
      means: Float64Array.from(columns, ({ values }) => meanAndVariance(present(values)).mean),
      nNeighbors: options.nNeighbors ?? 5,
      weights: options.weights ?? 'uniform',
      keepEmptyFeatures: options.keepEmptyFeatures ?? false,
      indicators: options.addIndicator ? flagged.map(({ name }) => name) : [],
    };
  },
  transform(fitted, table, names) {
    const before = numbersOf(table, names, TITLE).map(({ values }) => values);
    const after = before.map((values) => values.slice());
    const flags = indicators(table, fitted.indicators);
    const neighbours = new Neighbours(fitted);
    for (let row = 0; row < table.rows; row++) {
      let measured = false;
      for (let f = 0; f < before.length; f++) {
        if (before[f][row] === before[f][row] || fitted.columns[f] === null) continue;
        if (!measured) neighbours.measure(before, row);
        measured = true;
        after[f][row] = neighbours.average(f);
      }
    }
    const filled = replaceColumns(table, names, (column, i) => {
      if (fitted.columns[i]) return [numberColumn(column.name, after[i])];
      return fitted.keepEmptyFeatures ? [numberColumn(column.name, new Float64Array(table.rows))] : [];
    });
    return { ...filled, columns: [...filled.columns, ...flags] };
  },
  inverse: (fitted, table) => withoutIndicators(table, fitted.indicators),
};

/** The rows of the fit around one row. */
class Neighbours {
  readonly #fitted: KnnState;
  readonly #distances: Float64Array;
  readonly #shared: Uint32Array;

  constructor(fitted: KnnState) {
    this.#fitted = fitted;
    this.#distances = new Float64Array(fitted.rows);
    this.#shared = new Uint32Array(fitted.rows);
  }

  /** Squared distances to all rows of the fit; NaN where nothing is shared. */
  measure(columns: readonly Float64Array[], row: number): void {
    const [distances, shared] = [this.#distances.fill(0), this.#shared.fill(0)];
    columns.forEach((values, f) => {
      const x = values[row];
      const others = this.#fitted.columns[f];
      if (x !== x || others === null) return;
      for (let i = 0; i < others.length; i++) {
        const apart = others[i] - x;
        if (apart !== apart) continue;
        distances[i] += apart * apart;
        shared[i]++;
      }
    });
    for (let i = 0; i < distances.length; i++) {
      distances[i] = shared[i] === 0 ? NaN : (distances[i] / shared[i]) * columns.length;
    }
  }

  average(f: number): number {
    const { columns, nNeighbors, weights, means } = this.#fitted;
    const values = columns[f] as Float64Array;
    /** The nearest, in rising order of distance. */
    const nearest: number[] = [];
    for (let i = 0; i < values.length; i++) {
      const distance = this.#distances[i];
      if (values[i] !== values[i] || distance !== distance) continue;
      if (nearest.length === nNeighbors && distance >= this.#distances[nearest[nNeighbors - 1]]) continue;
      let at = nearest.length === nNeighbors ? nNeighbors - 1 : nearest.length;
      for (; at > 0 && this.#distances[nearest[at - 1]] > distance; at--) nearest[at] = nearest[at - 1];
      nearest[at] = i;
    }
    if (nearest.length === 0) return means[f];
    // Where rows are at no distance at all, they alone count.
    const same = weights === 'distance' && this.#distances[nearest[0]] === 0;
    let [sum, total] = [0, 0];
    for (const i of nearest) {
      const distance = this.#distances[i];
      const weight = weights === 'uniform' ? 1 : same ? Number(distance === 0) : 1 / Math.sqrt(distance);
      sum += weight * values[i];
      total += weight;
    }
    return sum / total;
  }
}

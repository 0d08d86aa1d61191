/** Rows worked on at a time: their distances to one centre stay in the cache. */
const BLOCK = 512;

export interface Assignment {
  /** The nearest centre of each row, the first of equals. */
  readonly nearest: Int32Array;
  /** Squared Euclidean distance to it. */
  readonly squares: Float64Array;
}

/** @param centres clusters × features. */
export function assign(
  columns: readonly Float64Array[],
  rows: number,
  centres: Float64Array,
  clusters: number,
): Assignment {
  const width = columns.length;
  const nearest = new Int32Array(rows);
  const squares = new Float64Array(rows).fill(Infinity);
  const sums = new Float64Array(BLOCK);
  for (let start = 0; start < rows; start += BLOCK) {
    const size = Math.min(BLOCK, rows - start);
    for (let c = 0; c < clusters; c++) {
      sums.fill(0);
      for (let f = 0; f < width; f++) {
        const centre = centres[c * width + f];
        const column = columns[f];
        for (let i = 0; i < size; i++) {
          const apart = column[start + i] - centre;
          sums[i] += apart * apart;
        }
      }
      for (let i = 0; i < size; i++) {
        if (sums[i] < squares[start + i]) {
          squares[start + i] = sums[i];
          nearest[start + i] = c;
        }
      }
    }
  }
  return { nearest, squares };
}

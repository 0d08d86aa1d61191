/** The synthetic data of test/goldens/trees/make_goldens.py, number by number. */
export function wideData(features: number, rows: number): { columns: Float64Array[]; score: Float64Array } {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const columns = Array.from({ length: features }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) for (const column of columns) column[row] = next();
  const score = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const x = (f: number): number => columns[f][row];
    score[row] =
      2 * x(0) +
      3 * x(1) * x(2) -
      4 * (x(3) - 0.5) ** 2 +
      Math.floor(3 * x(4)) +
      x(5) -
      2 * x(6) * x(7) +
      0.5 * x(8) +
      0.5 * Math.floor(2 * x(9)) +
      (next() - 0.5);
  }
  return { columns, score };
}

/** Whether a row is held out: its number, hashed, falls into the lowest three tenths. */
export function heldOut(row: number): boolean {
  return (Math.imul(row, 2654435761) >>> 0) / 2 ** 32 < 0.3;
}

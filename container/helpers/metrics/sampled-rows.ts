/**
 * At most so many of the rows, spread evenly with a step that bends no period of the data: one place drawn from each of
 * `most` equal stretches, by a fixed hash. Undefined where all rows are to be taken.
 */
export function sampledRows(rows: number, most: number): Uint32Array | undefined {
  if (rows <= most) return undefined;
  const places = new Uint32Array(most);
  for (let k = 0; k < most; k++) {
    const from = Math.floor((k * rows) / most);
    const end = Math.floor(((k + 1) * rows) / most);
    places[k] = from + (hash(k) % (end - from));
  }
  return places;
}

/** The finaliser of MurmurHash3. */
function hash(value: number): number {
  let h = value ^ 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

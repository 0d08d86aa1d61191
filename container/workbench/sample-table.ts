import type { Table } from '../contract/table.ts';

const ROWS = 400;

/** Numbers from 0 to 1 that are the same each time: the generator mulberry32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A table to try any template on while none is staged: readings of machines, `wear` to predict as a number and `state` as a
 * class, some of it noise, one value missing in fifty.
 */
export function sampleTable(): Table {
  const next = uniform(7);
  const noise = () => next() + next() + next() - 1.5;
  const column = (of: (row: number) => number) => Float64Array.from({ length: ROWS }, (_, row) => of(row));
  const temperature = column(() => 60 + 15 * noise());
  const pressure = column(() => 5 + noise());
  const vibration = column(() => 1 + next() * 2);
  const sites = ['lyon', 'lima', 'oslo'];
  const site = Int32Array.from({ length: ROWS }, () => Math.floor(next() * sites.length));
  const wear = column(
    (row) =>
      0.3 * (temperature[row] - 60) - 2 * (pressure[row] - 5) + 4 * vibration[row] + site[row] + noise(),
  );
  const state = Int32Array.from(wear, (value) => (value + noise() > 10 ? 1 : 0));
  for (let row = 24; row < ROWS; row += 50) pressure[row] = NaN;
  return {
    rows: ROWS,
    columns: [
      { kind: 'number', name: 'temperature', values: temperature },
      { kind: 'number', name: 'pressure', values: pressure },
      { kind: 'number', name: 'vibration', values: vibration },
      { kind: 'text', name: 'site', codes: site, levels: sites },
      { kind: 'number', name: 'wear', values: wear },
      { kind: 'text', name: 'state', codes: state, levels: ['sound', 'worn'] },
    ],
  };
}

import { encodeCell } from './csv-cells.ts';
import type { Header } from './header.ts';
import { extendHeader } from './header.ts';
import type { CellMap } from './weaver.ts';

/** The header that a reply has, and how its rows' cells come from a chunk's. */
export interface Layout {
  readonly header: Buffer;
  /** Undefined where outputs are only put behind the row as it is. */
  readonly mapped?: CellMap;
}

/** Outputs behind the fields of one chunk; an output whose name is a field's takes that field's place. */
export function layoutOf(header: Header, outputs: readonly string[]): Layout {
  const replaced = outputs.filter((name) => header.names.includes(name));
  const added = outputs.filter((name) => !replaced.includes(name));
  const bytes = extendHeader(header, added);
  // A field's several values may lie there without the field: they are not those of the output that takes its name.
  const companions = outputs.some((name) => header.names.includes(`__mv_${name}`));
  return replaced.length === 0 && !companions
    ? { header: bytes }
    : { header: bytes, mapped: mapCells([...header.names, ...added], header.names, outputs) };
}

/** All fields of several chunks, in the order in which they were first met, and the outputs behind them. */
export function unionLayout(headers: readonly Header[], outputs: readonly string[]): Layout[] {
  const first = headers[0];
  if (headers.every(({ line }) => line.equals(first.line))) {
    const layout = layoutOf(first, outputs);
    return headers.map(() => layout);
  }
  const names = new Set([...headers.flatMap((header) => header.names), ...outputs]);
  const header = Buffer.from(`${[...names].map(encodeCell).join(',')}${first.crlf ? '\r\n' : '\n'}`);
  return headers.map((one) => ({ header, mapped: mapCells([...names], one.names, outputs) }));
}

/** The outputs alone, without the fields of the rows that they belong to. */
export function outputsAlone(outputs: readonly string[], rows?: Header): Layout & { mapped: CellMap } {
  return {
    header: Buffer.from(`${outputs.map(encodeCell).join(',')}${rows?.crlf ? '\r\n' : '\n'}`),
    mapped: { map: Int32Array.from(outputs, (_, place) => -2 - place), cells: rows?.names.length ?? 1 },
  };
}

function mapCells(target: readonly string[], fields: readonly string[], outputs: readonly string[]): CellMap {
  const place = new Map(fields.map((name, i) => [name, i]));
  const map = Int32Array.from(target, (name) => {
    const output = outputs.indexOf(name);
    if (output >= 0) return -2 - output;
    // What were several values of a field that is replaced are its values no more.
    if (name.startsWith('__mv_') && outputs.includes(name.slice(5))) return -1;
    return place.get(name) ?? -1;
  });
  return { map, cells: fields.length };
}

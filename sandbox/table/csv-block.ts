const QUOTE = 0x22;
const COMMA = 0x2c;
const LF = 0x0a;
const CR = 0x0d;

export class CsvError extends Error {}

/** Whether a byte may stand in a cell that splunkd leaves unquoted: a letter or a digit. */
export function isPlain(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/**
 * The position behind the row that starts at `from`, line end included; -1 where the bytes end inside it (`atEnd`: the
 * end of the bytes ends the last row). Quoted newlines belong to their cell.
 */
export function rowEnd(bytes: Buffer, from: number, atEnd: boolean): number {
  const size = bytes.length;
  let at = from;
  for (;;) {
    if (bytes[at] === QUOTE) {
      at += 1;
      for (;;) {
        const quote = bytes.indexOf(QUOTE, at);
        if (quote < 0) return atEnd ? size : -1;
        at = quote + 1;
        if (bytes[at] !== QUOTE) break;
        at += 1;
      }
      if (at === size && !atEnd) return -1;
    }
    while (at < size && bytes[at] !== COMMA && bytes[at] !== LF) at += 1;
    if (at >= size) return atEnd ? size : -1;
    at += 1;
    if (bytes[at - 1] === LF) return at;
  }
}

/** Text of a cell's bytes: quotes around it taken off, doubled quotes inside made one. */
export function unquote(bytes: Buffer, from: number, to: number): string {
  if (to > from && bytes[from] === QUOTE) {
    const closed = to - 1 > from && bytes[to - 1] === QUOTE;
    const text = bytes.toString('utf8', from + 1, closed ? to - 1 : to);
    return text.includes('""') ? text.replaceAll('""', '"') : text;
  }
  return bytes.toString('utf8', from, to);
}

/** Where the cells of some rows stand in their bytes. */
export interface CellIndex {
  /** Cell c of row r stands at r * columns + c. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Unquoted cells hold letters and digits only, lines end in LF, no row is short: the bytes are as splunkd writes them. */
  readonly canonical: boolean;
}

/** Rows as the bytes of a CSV body, with the fields of its header. Cells become text only once somebody asks for one. */
export class CsvBlock {
  /** @param bytes Rows only, each with its line end (but perhaps the last). */
  constructor(
    readonly fields: readonly string[],
    readonly bytes: Buffer,
    readonly rows: number,
    readonly index: CellIndex,
  ) {}

  text(row: number, column: number): string {
    const at = row * this.fields.length + column;
    return unquote(this.bytes, this.index.starts[at], this.index.ends[at]);
  }
}

/** The texts of the one row between two positions. */
export function splitRow(bytes: Buffer, from: number, to: number): string[] {
  let end = to;
  if (end > from && bytes[end - 1] === LF) end -= 1;
  if (end > from && bytes[end - 1] === CR) end -= 1;
  const cells: string[] = [];
  let at = from;
  for (;;) {
    const start = at;
    if (bytes[at] === QUOTE) {
      at += 1;
      for (;;) {
        while (at < end && bytes[at] !== QUOTE) at += 1;
        at += 1;
        if (at >= end || bytes[at] !== QUOTE) break;
        at += 1;
      }
    }
    while (at < end && bytes[at] !== COMMA) at += 1;
    cells.push(unquote(bytes, start, Math.min(at, end)));
    if (at >= end) return cells;
    at += 1;
  }
}

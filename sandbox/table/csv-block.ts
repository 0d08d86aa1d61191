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

interface CellIndex {
  /** Cell c of row r stands at r * columns + c. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Every unquoted cell holds letters and digits only, lines end in LF: the bytes are as splunkd writes them. */
  readonly canonical: boolean;
}

/** Rows as the bytes of a CSV body, with the fields of its header. Cells are found only once somebody asks for one. */
export class CsvBlock {
  private cells: CellIndex | undefined;

  /**
   * @param bytes Rows only, each with its line end (but perhaps the last).
   * @param origin Names the source in errors, such as `Lookup 'x.csv'`.
   * @param firstRow Number of the block's first row in that source, from 1.
   */
  constructor(
    readonly fields: readonly string[],
    readonly bytes: Buffer,
    readonly rows: number,
    private readonly origin: string,
    private readonly firstRow = 1,
  ) {}

  index(): CellIndex {
    this.cells ??= indexCells(this.bytes, this.rows, this.fields.length, (row, cells) => {
      throw new CsvError(
        `${this.origin}: row ${this.firstRow + row} has ${cells} cells, but the header names ${this.fields.length} fields.`,
      );
    });
    return this.cells;
  }

  text(row: number, column: number): string {
    const { starts, ends } = this.index();
    const at = row * this.fields.length + column;
    return unquote(this.bytes, starts[at], ends[at]);
  }
}

function indexCells(
  bytes: Buffer,
  rows: number,
  columns: number,
  tooLong: (row: number, cells: number) => never,
): CellIndex {
  const starts = new Uint32Array(rows * columns);
  const ends = new Uint32Array(rows * columns);
  const size = bytes.length;
  let canonical = true;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    let cell = row * columns;
    const last = cell + columns;
    for (;;) {
      const start = at;
      if (bytes[at] === QUOTE) {
        at += 1;
        for (;;) {
          while (at < size && bytes[at] !== QUOTE) at += 1;
          at += 1;
          if (bytes[at] !== QUOTE) break;
          at += 1;
        }
        if (at > size) at = size;
      }
      let byte = bytes[at];
      while (at < size && byte !== COMMA && byte !== LF) {
        if (canonical && !isPlain(byte)) canonical = false;
        byte = bytes[++at];
      }
      const more = at < size && byte === COMMA;
      const end = !more && at > start && bytes[at - 1] === CR ? at - 1 : at;
      if (cell === last) tooLong(row, countCells(bytes, start) + columns);
      starts[cell] = start;
      ends[cell] = end;
      cell += 1;
      at += 1;
      if (!more) break;
    }
    if (cell < last) {
      canonical = false;
      const end = Math.min(at - 1, size);
      for (; cell < last; cell++) {
        starts[cell] = end;
        ends[cell] = end;
      }
    }
  }
  if (size > 0 && bytes[size - 1] !== LF) canonical = false;
  return { starts, ends, canonical };
}

function countCells(bytes: Buffer, from: number): number {
  const end = rowEnd(bytes, from, true);
  return splitRow(bytes, from, end).length;
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

/** The plain form of the parse kernel: rows of a chunk, one character after the other. */
export interface PlainRow {
  /** [start, end) of the row in the chunk, without its line end. */
  readonly start: number;
  readonly end: number;
  readonly crlf: boolean;
  /** Cells decoded. */
  readonly cells: readonly string[];
}

export type PlainResult = { rows: PlainRow[]; problem?: 'long' | 'open quote'; at?: number };

/** @param text The chunk as latin1, so that a character is a byte. @param start Behind the header. */
export function plainRows(text: string, start: number, columns: number): PlainResult {
  const rows: PlainRow[] = [];
  let p = start;
  const crlfAt = (i: number) => text[i] === '\r' && text[i + 1] === '\n';
  while (p < text.length) {
    const first = p;
    if (columns > 1) while (text[p] === '\n' || crlfAt(p)) p += text[p] === '\n' ? 1 : 2;
    if (p >= text.length) break;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[p] === '"') {
        p++;
        for (;;) {
          if (p >= text.length) return { rows, problem: 'open quote', at: first };
          if (text[p] === '"' && text[p + 1] === '"') {
            cell += '"';
            p += 2;
          } else if (text[p] === '"') {
            p++;
            break;
          } else cell += text[p++];
        }
      }
      while (p < text.length && text[p] !== ',' && text[p] !== '\n' && !crlfAt(p)) {
        // A CR at the very end stands before the line end that is put there.
        if (text[p] === '\r' && p + 1 === text.length) break;
        cell += text[p++];
      }
      cells.push(cell);
      if (text[p] !== ',') break;
      p++;
      if (cells.length === columns) return { rows, problem: 'long', at: first };
    }
    const crlf = text[p] === '\r';
    rows.push({ start: first, end: p, crlf, cells });
    p += crlf ? 2 : 1;
  }
  return { rows };
}

import { KeplerError } from '../contract/errors.ts';
import { encodeCell, splitLine } from './csv-cells.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;

export interface Header {
  readonly names: readonly string[];
  /** Bytes up to the first row: byte-order mark, blank lines, the line and its end. */
  readonly bytes: number;
  /** The line as it stands, without byte-order mark and line end. */
  readonly line: Buffer;
  readonly crlf: boolean;
}

/**
 * The header at the start of `chunk`; undefined where its line end is not there yet. A quoted name may hold line ends.
 * @throws KeplerError duplicate_field, limit_columns
 */
export function readHeader(chunk: Buffer, maxColumns: number): Header | undefined {
  let start = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
  while (chunk[start] === LF || (chunk[start] === CR && chunk[start + 1] === LF)) start++;
  const end = lineEnd(chunk, start);
  if (end < 0) return undefined;
  const crlf = end > start && chunk[end - 1] === CR;
  const line = Buffer.from(chunk.subarray(start, crlf ? end - 1 : end));
  const names = splitLine(line.toString('utf8'));
  if (names.length > maxColumns) {
    throw new KeplerError(
      'limit_columns',
      `The search results have ${names.length} fields; the runtime takes at most ${maxColumns} (KEPLER_MAX_COLUMNS). Keep the ones that are needed with "fields".`,
    );
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new KeplerError(
        'duplicate_field',
        `The field "${name}" stands twice in the header (line 1). Rename one of the two.`,
      );
    }
    seen.add(name);
  }
  return { names, bytes: end + 1, line, crlf };
}

/** The header line with more names behind it, line end included. */
export function extendHeader(header: Header, names: readonly string[]): Buffer {
  const added = names.map((name) => `,${encodeCell(name)}`).join('');
  return Buffer.concat([header.line, Buffer.from(`${added}${header.crlf ? '\r\n' : '\n'}`)]);
}

/** Where the line end outside quotes stands, or -1. */
function lineEnd(chunk: Buffer, start: number): number {
  let from = start;
  for (;;) {
    const end = chunk.indexOf(LF, from);
    if (end < 0) return -1;
    if (!endsInQuotes(chunk, start, end)) return end;
    from = end + 1;
  }
}

/** Whether an odd number of quotes stands in [start, end): then the place is inside a quoted name. */
function endsInQuotes(chunk: Buffer, start: number, end: number): boolean {
  let odd = false;
  for (let at = chunk.indexOf(QUOTE, start); at >= 0 && at < end; at = chunk.indexOf(QUOTE, at + 1)) {
    odd = !odd;
  }
  return odd;
}

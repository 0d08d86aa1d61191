import {
  COMMA,
  CR,
  CRLF,
  KIND_NUMBER,
  KIND_TEXT,
  LF,
  ODD,
  ParseJob,
  QUOTE,
  STATUS_LONG_ROW,
  STATUS_OK,
} from './parse-job';
import { parseRegular } from './parse-regular';
import { readNumber, readShort } from './read-number';

/** Rows that are read in their order once one was not regular, before `parseRegular` is tried again. */
const ANY_ROWS: u32 = 16;

/** A bit for each of 16 bytes that may end a bare cell. */
// @ts-ignore: decorator
@inline
function cellEnds(v: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(44)), i8x16.eq(v, i8x16.splat(10))),
      i8x16.eq(v, i8x16.splat(13)),
    ),
  );
}

/** Set by skipQuoted: the cell holds a doubled quote. */
let doubledQuote: u32 = 0;

/** From behind the opening quote to behind the closing one; past `end` where there is none. */
// @ts-ignore: decorator
@inline
function skipQuoted(p: usize, end: usize): usize {
  for (;;) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(34)));
    if (found) {
      p += ctz(found);
      if (p >= end) return end + 1;
      if (load<u8>(p, 1) == QUOTE && p + 1 < end) {
        doubledQuote = ODD;
        p += 2;
        continue;
      }
      return p + 1;
    }
    p += 16;
    if (p >= end) break;
  }
  return end + 1;
}

/** To the comma or line end behind a bare cell; `end` where there is none. A CR counts only before an LF. */
// @ts-ignore: decorator
@inline
function skipBare(p: usize, end: usize): usize {
  for (;;) {
    const found = cellEnds(v128.load(p));
    if (found) {
      p += ctz(found);
      if (p >= end) return end;
      if (load<u8>(p) != CR) return p;
      if (p + 1 >= end) return end;
      if (load<u8>(p, 1) == LF) return p;
      p++;
      continue;
    }
    p += 16;
    if (p >= end) break;
  }
  return end;
}

/** To the comma or line end behind any cell, read as Python's csv module does: what follows a closing quote belongs to it. */
function skipOdd(p: usize, end: usize): usize {
  if (load<u8>(p) == QUOTE) {
    p = skipQuoted(p + 1, end);
    if (p >= end) return end;
  }
  return skipBare(p, end);
}

/** Whether p is a CR LF whose LF is there. */
// @ts-ignore: decorator
@inline
function atCrlf(p: usize, end: usize): bool {
  return load<u8>(p) == CR && p + 1 < end && load<u8>(p, 1) == LF;
}

/**
 * Whole rows from `position` on, at most `maxRows`, into columns: 8 bytes a cell, column after column, `stride` bytes apart.
 * A number's cell is its double (NaN: null); a text's cell its place and length (0: null). Each row's length goes to
 * `lengths`, the cells it lacks to `missing`. Blank lines of a table of several columns belong to the row behind them.
 */
export function parse(address: usize): i32 {
  const job = changetype<ParseJob>(address);
  job.rows = 0;
  job.shortRows = 0;
  job.status = STATUS_OK;
  while (job.rows < job.maxRows) {
    if (parseRegular(job) > 0) continue;
    // The next row is of another form, or not whole yet.
    const rows = job.rows;
    const most = min(job.maxRows, rows + ANY_ROWS);
    parseAny(job, most);
    if (job.rows < most) break;
  }
  return <i32>job.rows;
}

/** `parse` for rows of any form, cell after cell, until there are `maxRows`. */
function parseAny(job: ParseJob, maxRows: u32): void {
  const end = <usize>job.end;
  const columns = <i32>job.columns;
  const kinds = <usize>job.kinds;
  const stride = <usize>job.stride;
  const lengths = <usize>job.lengths;
  const missing = <usize>job.missing;
  let p = <usize>job.position;
  let row = job.rows;
  let start = p;

  while (row < maxRows) {
    start = p;
    if (columns > 1) {
      while (p < end && (load<u8>(p) == LF || atCrlf(p, end))) p++;
    }
    if (p >= end) break;
    let out = <usize>job.values + (<usize>row << 3);
    let column = 0;
    for (;;) {
      const cell = p;
      const kind = load<u8>(kinds + column);
      if (kind == KIND_NUMBER) {
        let quoted: usize;
        let first: usize;
        let length: i32;
        if (load<u8>(p) == QUOTE) {
          quoted = 1;
          first = p + 1;
          length = ctz(i8x16.bitmask(i8x16.eq(v128.load(first), i8x16.splat(34))) | 0x10000);
        } else {
          quoted = 0;
          first = p;
          length = ctz(cellEnds(v128.load(first)) | 0x10000);
        }
        if (readShort(first, length, out)) {
          p = first + length + quoted;
        } else {
          let last: usize;
          if (quoted) {
            p = skipQuoted(first, end);
            last = p - 1;
          } else {
            p = skipBare(first, end);
            last = p;
          }
          if (p >= end) break;
          const follows = load<u8>(p);
          if (follows == COMMA || follows == LF || follows == CR) {
            store<f64>(out, last > first ? readNumber(first, last, column) : NaN);
          }
        }
        out += stride;
      } else if (kind == KIND_TEXT) {
        if (load<u8>(p) == QUOTE) {
          doubledQuote = 0;
          p = skipQuoted(p + 1, end);
          // With doubled quotes inside, the quotes around it stay: the host decodes the whole cell.
          const odd = <usize>(doubledQuote != 0);
          store<u32>(out, <u32>(cell + 1 - odd));
          store<u32>(out, <u32>(p - cell - 2 + 2 * odd) | doubledQuote, 4);
        } else {
          p = skipBare(p, end);
          store<u32>(out, <u32>cell);
          store<u32>(out, <u32>(p - cell), 4);
        }
        out += stride;
      } else {
        p = load<u8>(p) == QUOTE ? skipQuoted(p + 1, end) : skipBare(p, end);
      }
      if (p >= end) break;
      let follows = load<u8>(p);
      if (follows != COMMA && follows != LF && !(follows == CR && p + 1 >= end) && !atCrlf(p, end)) {
        // More text behind a closing quote, or a lone CR: the whole cell is text with rules of its own.
        p = skipOdd(cell, end);
        if (p >= end) break;
        if (kind == KIND_NUMBER) {
          store<f64>(out - stride, readNumber(cell, p, column));
        } else if (kind == KIND_TEXT) {
          store<u32>(out - stride, <u32>cell);
          store<u32>(out - stride, <u32>(p - cell) | ODD, 4);
        }
        follows = load<u8>(p);
      }
      if (follows != COMMA) break;
      column++;
      p++;
      if (column == columns) {
        job.status = STATUS_LONG_ROW;
        break;
      }
      if (p >= end) break;
    }
    if (job.status != STATUS_OK || p >= end) break;
    const crlf = <u32>(load<u8>(p) == CR);
    if (p + crlf >= end) break;
    store<u32>(lengths + (<usize>row << 2), <u32>(p - start) | (crlf << 31));
    const lacks = columns - 1 - column;
    store<u32>(missing + (<usize>row << 2), <u32>lacks);
    if (lacks) {
      job.shortRows++;
      for (let c = column + 1; c < columns; c++) {
        const kind = load<u8>(kinds + c);
        if (kind == KIND_NUMBER) store<f64>(out, NaN);
        else if (kind == KIND_TEXT) store<u64>(out, 0);
        if (kind) out += stride;
      }
    }
    p += 1 + crlf;
    row++;
    start = p;
  }
  job.position = <u32>start;
  job.rows = row;
}

/**
 * Where the cells of one row lie: [start, end) of each, quotes included, as pairs of u32 at `out`.
 * [row, end) is the row without its line end. Returns how many there are.
 */
export function splitCells(row: usize, end: usize, out: usize): i32 {
  let p = row;
  // Blank lines in front belong to the row, not to its first cell.
  while (p < end && (load<u8>(p) == LF || (load<u8>(p) == CR && load<u8>(p, 1) == LF))) p++;
  let cells = 0;
  for (;;) {
    const cell = p;
    if (p < end) {
      const quoted = load<u8>(p) == QUOTE;
      if (quoted) {
        p = skipQuoted(p + 1, end);
        if (p > end) p = end;
      }
      while (p < end && load<u8>(p) != COMMA) p++;
    }
    store<u32>(out + (<usize>cells << 3), <u32>cell);
    store<u32>(out + (<usize>cells << 3), <u32>p, 4);
    cells++;
    if (p >= end) break;
    p++;
  }
  return cells;
}

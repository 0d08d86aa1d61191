import { formatNumber } from './format';
import { splitCells } from './parse';

const COMMA: u8 = 44;
const LF: u8 = 10;
const CR: u8 = 13;
const LONG_ROW: u32 = 0xffff;
const LONG_TEXT: u32 = 127;
const CRLF: u32 = 0x80000000;

const KIND_NUMBER: u32 = 0;
const KIND_LABEL: u32 = 1;

/** An output column: doubles; codes into a table of cells (place, length); or a cell (place, length) a row. */
@unmanaged
class Output {
  kind: u32;
  values: u32;
  cells: u32;
  unused: u32;
}

/** Rows and what is to be added to them; its twin is `WeaveJob` in `weaver.ts`. */
@unmanaged
class Job {
  rows: u32;
  /** u32 a row: its length without line end, bit 31: CR LF. */
  lengths: u32;
  /** u32 a row: cells that it lacks; 0: no row lacks any. */
  missing: u32;
  /** u8 a row: 0 leaves its outputs empty; 0: none is empty. */
  valid: u32;
  /** u8 a row: 0 leaves the row out; 0: all stay. */
  keep: u32;
  outputs: u32;
  outputCount: u32;
  /** Set: bytes of the woven rows, in list and measure. */
  woven: u32;
}

// @ts-ignore: decorator
@inline
function copyBytes(from: usize, to: usize, length: usize): void {
  if (length < 1024) {
    for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
  } else memory.copy(to, from, length);
}

/** One cell's text at p; returns the place behind it. */
// @ts-ignore: decorator
@inline
function writeCell(output: Output, row: usize, p: usize): usize {
  if (output.kind == KIND_NUMBER) return formatNumber(load<f64>(<usize>output.values + (row << 3)), p);
  let cell: usize;
  if (output.kind == KIND_LABEL) {
    const code = load<i32>(<usize>output.values + (row << 2));
    if (code < 0) return p;
    cell = <usize>output.cells + (<usize>code << 3);
  } else cell = <usize>output.values + (row << 3);
  const length = <usize>load<u32>(cell, 4);
  copyBytes(<usize>load<u32>(cell), p, length);
  return p + length;
}

/** Commas for the cells that the row lacks, the outputs, and the line end. */
// @ts-ignore: decorator
@inline
function writeText(job: Job, row: usize, crlf: u32, target: usize): usize {
  let p = target;
  if (job.missing) {
    for (let i = load<u32>(<usize>job.missing + (row << 2)); i > 0; i--) store<u8>(p++, COMMA);
  }
  const empty = job.valid != 0 && load<u8>(<usize>job.valid + row) == 0;
  let output = <usize>job.outputs;
  for (let k: u32 = 0; k < job.outputCount; k++) {
    store<u8>(p++, COMMA);
    if (!empty) p = writeCell(changetype<Output>(output), row, p);
    output += 16;
  }
  if (crlf) store<u8>(p++, CR);
  store<u8>(p++, LF);
  return p;
}

// @ts-ignore: decorator
@inline
function keeps(job: Job, row: usize): bool {
  return job.keep == 0 || load<u8>(<usize>job.keep + row) != 0;
}

/** The splice list's records of the rows (see contract/splice.ts) at `target`. Returns the place behind them. */
export function weaveList(address: usize, target: usize): usize {
  const job = changetype<Job>(address);
  const rows = <usize>job.rows;
  let p = target;
  let woven: u32 = 0;
  for (let row: usize = 0; row < rows; row++) {
    const word = load<u32>(<usize>job.lengths + (row << 2));
    const length = word & ~CRLF;
    const crlf = word >> 31;
    if (length < LONG_ROW) {
      store<u16>(p, <u16>length);
      p += 2;
    } else {
      store<u16>(p, <u16>LONG_ROW);
      store<u32>(p, length, 2);
      p += 6;
    }
    const end = writeText(job, row, crlf, p + 1);
    const text = <u32>(end - p - 1);
    woven += length + text;
    if (text < LONG_TEXT) {
      store<u8>(p, <u8>(text | (crlf << 7)));
      p = end;
    } else {
      memory.copy(p + 5, p + 1, text);
      store<u8>(p, <u8>(LONG_TEXT | (crlf << 7)));
      store<u32>(p, text, 1);
      p = end + 4;
    }
  }
  job.woven = woven;
  return p;
}

/** The rows, which lie one behind the other from `source` on, with their text. Returns the place behind them. */
export function weaveCsv(address: usize, source: usize, target: usize): usize {
  const job = changetype<Job>(address);
  const rows = <usize>job.rows;
  let p = target;
  let from = source;
  for (let row: usize = 0; row < rows; row++) {
    const word = load<u32>(<usize>job.lengths + (row << 2));
    const length = <usize>(word & ~CRLF);
    const crlf = word >> 31;
    if (keeps(job, row)) {
      copyBytes(from, p, length);
      p = writeText(job, row, crlf, p + length);
    }
    from += length + 1 + crlf;
  }
  return p;
}

/**
 * The rows, which lie one behind the other from `source` on, with the texts of a splice list's records [list, listEnd).
 * Returns the place behind them.
 */
export function weaveListed(list: usize, listEnd: usize, source: usize, target: usize): usize {
  let record = list;
  let from = source;
  let p = target;
  while (record < listEnd) {
    let length = <usize>load<u16>(record);
    record += 2;
    if (length == LONG_ROW) {
      length = <usize>load<u32>(record);
      record += 4;
    }
    const mark = <u32>load<u8>(record++);
    let text = <usize>(mark & LONG_TEXT);
    if (text == LONG_TEXT) {
      text = <usize>load<u32>(record);
      record += 4;
    }
    copyBytes(from, p, length);
    p += length;
    copyBytes(record, p, text);
    p += text;
    record += text;
    from += length + 1 + <usize>(mark >> 7);
  }
  return p;
}

/** How many bytes `weaveCsv` will write, rows left out not counted; `scratch` holds one row's text. */
export function measure(address: usize, scratch: usize): u32 {
  const job = changetype<Job>(address);
  const rows = <usize>job.rows;
  let woven: u32 = 0;
  for (let row: usize = 0; row < rows; row++) {
    if (!keeps(job, row)) continue;
    const word = load<u32>(<usize>job.lengths + (row << 2));
    woven += (word & ~CRLF) + <u32>(writeText(job, row, word >> 31, scratch) - scratch);
  }
  job.woven = woven;
  return woven;
}

/**
 * The rows with their cells in another order: cell j of the new row is cell map[j] of the old one, empty for -1,
 * output -2 - map[j] below that. `cells` has room for 8 bytes a cell of the old row. Returns the place behind the rows.
 */
export function weaveMapped(
  address: usize,
  source: usize,
  target: usize,
  map: usize,
  mapped: i32,
  cells: usize,
): usize {
  const job = changetype<Job>(address);
  const rows = <usize>job.rows;
  let p = target;
  let from = source;
  for (let row: usize = 0; row < rows; row++) {
    const word = load<u32>(<usize>job.lengths + (row << 2));
    const length = <usize>(word & ~CRLF);
    const crlf = word >> 31;
    if (keeps(job, row)) {
      const count = splitCells(from, from + length, cells);
      const empty = job.valid != 0 && load<u8>(<usize>job.valid + row) == 0;
      for (let j = 0; j < mapped; j++) {
        if (j) store<u8>(p++, COMMA);
        const m = load<i32>(map + (<usize>j << 2));
        if (m >= 0) {
          if (m < count) {
            const cell = <usize>load<u32>(cells + (<usize>m << 3));
            const bytes = <usize>load<u32>(cells + (<usize>m << 3), 4) - cell;
            copyBytes(cell, p, bytes);
            p += bytes;
          }
        } else if (m < -1 && !empty) {
          p = writeCell(changetype<Output>(<usize>job.outputs + (<usize>(-2 - m) << 4)), row, p);
        }
      }
      if (crlf) store<u8>(p++, CR);
      store<u8>(p++, LF);
    }
    from += length + 1 + crlf;
  }
  return p;
}

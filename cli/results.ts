import type { Batch } from '../sandbox/table/batch.ts';
import type { Cell } from '../sandbox/table/cell.ts';
import { cellText } from '../sandbox/table/cell.ts';
import type { Message } from '../sandbox/search/job.ts';

export interface Results {
  readonly fields: readonly string[];
  readonly batches: readonly Batch[];
  readonly messages: readonly Message[];
}

/** The fields of all batches, in the order in which they first appear. */
export function fieldsOf(batches: readonly Batch[]): string[] {
  return [...new Set(batches.flatMap((batch) => batch.fields))];
}

export const FORMATS = ['table', 'csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** The results in pieces of text: a million rows need not be one string. */
export function* formatResults(format: Format, results: Results, widest = Infinity): Generator<string> {
  if (format === 'json') yield* toJson(results);
  else if (format === 'csv') yield* toCsvText(results);
  else yield* toTable(results, widest);
}

function* rowsOf({ fields, batches }: Results): Generator<Cell[]> {
  for (const batch of batches) {
    const columns = fields.map((field) => batch.cells(field));
    for (let row = 0; row < batch.rows; row++) yield columns.map((cells) => cells[row]);
  }
}

/** `{"fields":[…],"results":[{…}],"messages":[…]}`; a cell is text, or an array of texts; an empty one is "". */
function* toJson(results: Results): Generator<string> {
  yield `{"fields":${JSON.stringify(results.fields)},"results":[`;
  let first = true;
  for (const row of rowsOf(results)) {
    const object = Object.fromEntries(results.fields.map((field, i) => [field, row[i] ?? '']));
    yield (first ? '\n' : ',\n') + JSON.stringify(object);
    first = false;
  }
  yield `${first ? '' : '\n'}],"messages":${JSON.stringify(results.messages)}}\n`;
}

function* toCsvText(results: Results): Generator<string> {
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  if (results.fields.length === 0) return;
  yield `${results.fields.map(quote).join(',')}\n`;
  for (const row of rowsOf(results)) yield `${row.map((cell) => quote(cellText(cell))).join(',')}\n`;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** Rows that the columns' widths are taken from. */
const MEASURED_ROWS = 1_000;

/** Columns under their names; numbers to the right. Several values of a cell are parted by ` | `. */
function* toTable(results: Results, widest: number): Generator<string> {
  const { fields } = results;
  if (fields.length === 0) {
    yield 'No results found.\n';
    return;
  }
  const limit = Math.max(24, Math.floor(widest / Math.min(fields.length, 4)));
  const show = (text: string) => {
    const line = [...text.replace(/\r?\n/g, '⏎').replace(/\p{Cc}/gu, '·')];
    return Number.isFinite(widest) && line.length > limit
      ? `${line.slice(0, limit - 1).join('')}…`
      : line.join('');
  };
  const textOf = (cell: Cell) =>
    show(typeof cell === 'object' && cell !== null ? cell.join(' | ') : (cell ?? ''));
  const measured: string[][] = [];
  const rows = rowsOf(results);
  for (let next = rows.next(); !next.done; next = rows.next()) {
    measured.push(next.value.map(textOf));
    if (measured.length === MEASURED_ROWS) break;
  }
  const heads = fields.map(show);
  const widths = heads.map((head, i) => Math.max(width(head), ...measured.map((row) => width(row[i]))));
  const right = fields.map(
    (_, i) => measured.some((row) => row[i]) && measured.every((row) => row[i] === '' || NUMBER.test(row[i])),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((text, i) => pad(text, widths[i], right[i]))
      .join('  ')
      .trimEnd()}\n`;
  yield line(heads);
  yield `${widths.map((w) => '─'.repeat(w)).join('  ')}\n`;
  for (const row of measured) yield line(row);
  for (const row of rows) yield line(row.map(textOf));
}

/** Columns that a text takes on a terminal: East Asian wide characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{Mark}/u.test(char)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return columns;
}

function pad(text: string, columns: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, columns - width(text)));
  return right ? blanks + text : text + blanks;
}

/** What a container answers with, as columns: the names that DSDL gives them, numbers where all are numbers. */
import { KeplerError } from '../../contract/errors.ts';
import type { NumericTable, OutputColumn } from '../../contract/template.ts';

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;

interface Cells {
  readonly names: readonly string[];
  /** Column after column; null where a cell is empty. */
  readonly columns: (string | null)[][];
}

/**
 * The new columns of `results`. A column that only repeats what was sent is left out. The only new one beside a target is
 * `predicted_<target>`; others get `predicted_` before their name unless they have it.
 * @param sent the rows that were sent
 * @throws KeplerError template_failed where the rows are not as many as were sent
 */
export function readResults(
  csv: string,
  sent: NumericTable,
  targets: readonly string[],
  container: string,
): OutputColumn[] {
  const cells = readCsv(csv, container);
  const rows = cells.columns[0]?.length ?? 0;
  if (rows !== sent.rows) {
    throw new KeplerError(
      'template_failed',
      `The container "${container}" answered with ${rows} rows for ${sent.rows}; each row needs an answer. Check what its apply returns.`,
    );
  }
  const columns = cells.names
    .map((name, i) => outputOf(name, cells.columns[i]))
    .filter((column) => column.name !== '' || cells.names.length === 1);
  const fresh = columns.filter((column) => !repeats(column, sent));
  const kept = fresh.length > 0 ? fresh : columns;
  const names = outputNames(
    kept.map(({ name }) => name),
    targets,
  );
  return kept.map((column, i) => ({ ...column, name: names[i] }));
}

function outputNames(names: readonly string[], targets: readonly string[]): string[] {
  if (names.length === 1 && targets.length === 1) return [`predicted_${targets[0]}`];
  return names.map((name) => {
    const inner = /^predicted\((.*)\)$/s.exec(name)?.[1];
    if (inner !== undefined) return `predicted_${inner}`;
    return name.startsWith('predicted_') ? name : `predicted_${name}`;
  });
}

function outputOf(name: string, cells: (string | null)[]): OutputColumn {
  const values = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) {
    const text = cells[row];
    if (text === null) values[row] = NaN;
    else {
      const value = Number(text);
      // Number('0x10') and Number(' ') are numbers to JavaScript alone.
      if (!Number.isFinite(value) || !/^\s*[+-]?[\d.]/.test(text) || /^\s*[+-]?0[xob]/i.test(text)) {
        return { name, kind: 'text', values: cells };
      }
      values[row] = value;
    }
  }
  return { name, kind: 'number', values };
}

/** Whether a column is one that was sent, with the same values. */
function repeats(column: OutputColumn, sent: NumericTable): boolean {
  const place = sent.names.indexOf(column.name);
  if (place < 0) return false;
  const values = sent.columns[place];
  const levels = sent.levels?.[place];
  for (let row = 0; row < sent.rows; row++) {
    const there = Number.isNaN(values[row]) ? null : levels ? levels[values[row]] : values[row];
    const here =
      column.kind === 'number'
        ? Number.isNaN(column.values[row])
          ? null
          : column.values[row]
        : column.kind === 'text'
          ? column.values[row]
          : null;
    if (there === here || (there !== null && here !== null && String(there) === String(here))) continue;
    // Printed with fewer digits, or text that reads as a number.
    if (there !== null && here !== null && close(Number(there), Number(here))) continue;
    return false;
  }
  return true;
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** CSV as pandas writes it. */
function readCsv(csv: string, container: string): Cells {
  let columns: (string | null)[][] | undefined;
  let names: string[] = [];
  let line: (string | null)[] = [];
  let at = csv.charCodeAt(0) === 0xfeff ? 1 : 0;
  const endLine = () => {
    if (!columns) {
      names = line.map((name) => name ?? '');
      columns = names.map(() => []);
    } else {
      if (line.length !== names.length) {
        throw new KeplerError(
          'template_failed',
          `The container "${container}" answered with a row of ${line.length} cells under ${names.length} columns (row ${columns[0].length + 1}).`,
        );
      }
      for (let c = 0; c < line.length; c++) columns[c].push(line[c]);
    }
    line = [];
  };
  while (at < csv.length) {
    const code = csv.charCodeAt(at);
    if (code === QUOTE) {
      const [text, end] = quoted(csv, at);
      line.push(text === '' ? null : text);
      at = end;
    } else {
      let end = at;
      for (; end < csv.length; end++) {
        const next = csv.charCodeAt(end);
        if (next === COMMA || next === LF || next === CR) break;
      }
      line.push(end === at ? null : csv.slice(at, end));
      at = end;
    }
    if (csv.charCodeAt(at) === COMMA) {
      at++;
      // A line may end in an empty cell.
      if (at < csv.length && csv.charCodeAt(at) !== LF && csv.charCodeAt(at) !== CR) continue;
      line.push(null);
    }
    if (csv.charCodeAt(at) === CR) at++;
    if (csv.charCodeAt(at) === LF) at++;
    endLine();
  }
  return { names, columns: columns ?? [] };
}

/** The text of a quoted cell, and the place behind it. */
function quoted(csv: string, start: number): [string, number] {
  let text = '';
  let at = start + 1;
  for (;;) {
    const end = csv.indexOf('"', at);
    if (end < 0) return [text + csv.slice(at), csv.length];
    text += csv.slice(at, end);
    if (csv.charCodeAt(end + 1) !== QUOTE) return [text, end + 1];
    text += '"';
    at = end + 2;
  }
}

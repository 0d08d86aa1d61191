import { Batch, concatBatches } from '../../table/batch.ts';
import type { Cell } from '../../table/cell.ts';
import { cellText } from '../../table/cell.ts';
import { quote } from '../../table/csv-writer.ts';

export interface Page {
  readonly offset: number;
  readonly count: number;
  /** Only these fields; all where none is named. */
  readonly fields: readonly string[];
}

/** Times leave splunkd as ISO 8601, whatever the field's cells hold. */
function shown(field: string, cell: Cell): Cell {
  if (field !== '_time' || typeof cell !== 'string' || !/^\d+(\.\d+)?$/.test(cell)) return cell;
  return new Date(Math.round(Number(cell) * 1000)).toISOString().replace('Z', '+00:00');
}

function pageOf(batches: readonly Batch[], page: Page): Batch {
  const parts: Batch[] = [];
  const all = [...new Set(batches.flatMap((batch) => batch.fields))];
  const fields = page.fields.length === 0 ? all : all.filter((field) => page.fields.includes(field));
  let skip = page.offset;
  let left = page.count;
  for (const batch of batches) {
    const from = Math.min(skip, batch.rows);
    skip -= from;
    const part = batch.slice(from, Math.min(batch.rows, from + left));
    left -= part.rows;
    parts.push(part.select(fields));
    if (left <= 0) break;
  }
  const found = parts.length === 0 ? Batch.empty() : concatBatches(parts);
  return found.with(fields.filter((field) => !found.has(field)).map((field) => [field, found.cells(field)]));
}

/** A row as splunkd's JSON has it. */
export function resultsOf(found: Batch): Record<string, unknown>[] {
  const columns = found.fields.map((field) => [field, found.cells(field)] as const);
  return Array.from({ length: found.rows }, (_, row) => {
    const object: Record<string, unknown> = {};
    for (const [field, cells] of columns) {
      const cell = shown(field, cells[row]);
      if (cell !== null) object[field] = cell;
    }
    return object;
  });
}

/** Splunkd's JSON of results: cells without a value are left out, several values are an array. */
export function resultsJson(
  batches: readonly Batch[],
  page: Page,
  preview: boolean,
  messages: readonly unknown[],
): unknown {
  const found = pageOf(batches, page);
  const results = resultsOf(found);
  return {
    preview,
    init_offset: page.offset,
    messages,
    fields: found.fields.map((name) => ({ name })),
    results,
    highlighted: {},
  };
}

export function resultsCsv(batches: readonly Batch[], page: Page): string {
  const found = pageOf(batches, page);
  const columns = found.fields.map((field) => [field, found.cells(field)] as const);
  const lines = Array.from({ length: found.rows }, (_, row) =>
    columns.map(([field, cells]) => quote(cellText(shown(field, cells[row])))).join(','),
  );
  return found.fields.length === 0 ? '' : `${[found.fields.map(quote).join(','), ...lines].join('\n')}\n`;
}

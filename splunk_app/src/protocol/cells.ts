/**
 * Small tables as Splunk's CSV, with `__mv_` companions for multivalue fields. Only for tables that commands make or tests
 * read: the rows of a search are never parsed here.
 */

/** Text, several values, or nothing. */
export type Cell = string | readonly string[] | null;

export interface CellTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const MV_PREFIX = '__mv_';

/** CSV with a header line and LF line ends. A field has a companion `__mv_<field>` where one of its cells has several values. */
export function encodeTable(table: CellTable): Buffer {
  if (table.fields.length === 0) return Buffer.alloc(0);
  const multivalue = table.fields.map((_, f) => table.rows.some((row) => isMultiple(row[f] ?? null)));
  const lines = [
    line(
      table.fields,
      (name) => name,
      (name) => MV_PREFIX + name,
      multivalue,
    ),
  ];
  for (const row of table.rows) {
    const cells = table.fields.map((_, f) => row[f] ?? null);
    lines.push(line(cells, plainText, multivalueText, multivalue));
  }
  return Buffer.from(lines.join(''), 'utf8');
}

function line<T>(
  cells: readonly T[],
  plain: (cell: T) => string,
  companion: (cell: T) => string,
  multivalue: readonly boolean[],
): string {
  const out: string[] = [];
  cells.forEach((cell, f) => {
    out.push(quoted(plain(cell)));
    if (multivalue[f]) out.push(quoted(companion(cell)));
  });
  // A lone empty cell would be a blank line, which readers may skip.
  return out.length === 1 && out[0] === '' ? '""\n' : `${out.join(',')}\n`;
}

const isMultiple = (cell: Cell): cell is readonly string[] => Array.isArray(cell) && cell.length > 1;

function plainText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell : cell.join('\n');
}

/** `$v1$;$v2$`, a `$` inside a value doubled; empty for a single value. */
function multivalueText(cell: Cell): string {
  if (!isMultiple(cell)) return '';
  return cell.map((value) => `$${value.replaceAll('$', '$$$$')}$`).join(';');
}

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Reads CSV with LF or CR LF, quoted newlines, and `__mv_` companions folded into their fields. Empty cells are null. */
export function decodeTable(bytes: Uint8Array): CellTable {
  const records = decodeCsv(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  const header = records.shift() ?? [];
  const companions = new Map<string, number>();
  header.forEach((name, at) => {
    if (name.startsWith(MV_PREFIX)) companions.set(name.slice(MV_PREFIX.length), at);
  });
  const kept = header.map((name, at) => ({ name, at })).filter(({ name }) => !name.startsWith(MV_PREFIX));
  const rows = records.map((record) =>
    kept.map(({ name, at }): Cell => {
      const companion = companions.get(name);
      const several = companion === undefined ? '' : (record[companion] ?? '');
      if (several !== '') return decodeMultivalue(several);
      const text = record[at] ?? '';
      return text === '' ? null : text;
    }),
  );
  return { fields: kept.map(({ name }) => name), rows };
}

/** The values of a `__mv_` cell. */
export function decodeMultivalue(text: string): string[] {
  const values: string[] = [];
  const pattern = /\$((?:[^$]|\$\$)*)\$(?:;|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    values.push(match[1].replaceAll('$$', '$'));
    if (pattern.lastIndex >= text.length) break;
  }
  return values;
}

/** Records of CSV text; a line end at the end of the text ends the last record and starts none. */
export function decodeCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) {
          cell += text.slice(at);
          at = text.length;
          break;
        }
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    }
    const from = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
    record.push(cell + text.slice(from, at));
    if (text[at] === ',') {
      at++;
      if (at === text.length) record.push('');
      else continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    records.push(record);
    record = [];
  }
  return records;
}

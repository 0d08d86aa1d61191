/** Cells and header lines as CSV text: the plain forms, for what is rare enough not to need a kernel. */

/** A cell's text as it stands in CSV, quoted where it must be. */
export function encodeCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text of a cell as it stands in CSV: as Python's csv module reads it, what follows a closing quote belongs to it. */
export function decodeCell(cell: string): string {
  if (!cell.startsWith('"')) return cell;
  let text = '';
  let at = 1;
  for (;;) {
    const quote = cell.indexOf('"', at);
    if (quote < 0) return text + cell.slice(at);
    text += cell.slice(at, quote);
    if (cell[quote + 1] !== '"') return text + cell.slice(quote + 1);
    text += '"';
    at = quote + 2;
  }
}

/** The cells of one line without its line end, decoded. */
export function splitLine(line: string): string[] {
  const cells: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= line.length; i++) {
    const c = line[i];
    if (c === '"' && quoted && line[i + 1] === '"') i++;
    else if (c === '"' && (quoted || i === start)) quoted = !quoted;
    else if (i === line.length || (c === ',' && !quoted)) {
      cells.push(decodeCell(line.slice(start, i)));
      start = i + 1;
    }
  }
  return cells;
}

/** A whole table as CSV; an array is a multivalue cell, null an empty one. */
export function encodeTable(
  fields: readonly string[],
  rows: readonly (readonly (string | readonly string[] | null)[])[],
): string {
  const multi = fields.map((_, i) => rows.some((row) => Array.isArray(row[i])));
  const header = fields.flatMap((name, i) => (multi[i] ? [name, `__mv_${name}`] : [name]));
  const lines = [header.map(encodeCell).join(',')];
  for (const row of rows) {
    const cells = fields.flatMap((_, i) => {
      const value = row[i] ?? '';
      if (typeof value === 'string') return multi[i] ? [value, ''] : [value];
      return [value.join('\n'), value.map((v) => `$${v.replaceAll('$', '$$$$')}$`).join(';')];
    });
    lines.push(cells.map(encodeCell).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** A field's value in one row: text, several values, or null where the row has none. */
export type Cell = string | readonly string[] | null;

/** The cell as one text, as a plain CSV column shows it: several values are joined by newlines. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell : cell.join('\n');
}

/** The cell's values, none for null. */
export function cellValues(cell: Cell): readonly string[] {
  if (cell === null) return [];
  return typeof cell === 'string' ? [cell] : cell;
}

/** A cell from values: one value is a single cell, no value is null. */
export function cellFrom(values: readonly string[]): Cell {
  if (values.length === 0) return null;
  return values.length === 1 ? values[0] : values;
}

/** `$v1$;$v2$`, a `$` inside a value doubled: what stands in the column `__mv_<field>`. Empty for a single value. */
export function encodeMultivalue(cell: Cell): string {
  if (cell === null || typeof cell === 'string') return '';
  return cell.map((value) => `$${value.replaceAll('$', '$$$$')}$`).join(';');
}

/** The values that a cell of a column `__mv_<field>` holds; null where it is not written as one. */
export function decodeMultivalue(text: string): string[] | null {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '$') return null;
    let value = '';
    at += 1;
    for (;;) {
      const dollar = text.indexOf('$', at);
      if (dollar < 0) return null;
      value += text.slice(at, dollar);
      at = dollar + 1;
      if (text[at] !== '$') break;
      value += '$';
      at += 1;
    }
    values.push(value);
    if (at < text.length && text[at] !== ';') return null;
    at += 1;
  }
  return values;
}

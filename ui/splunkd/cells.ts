/** A cell of a search's result: text, or a list of texts. A field without a value is absent. */
export type Cell = string | readonly string[] | undefined;
export type Row = Readonly<Record<string, Cell>>;

/** The text of a cell; of a list the first. Empty where there is none. */
export function text(cell: Cell): string {
  return typeof cell === 'string' ? cell : (cell?.[0] ?? '');
}

/** The number in a cell, or undefined where there is none. Times are numbers too: seconds since 1970. */
export function number(cell: Cell): number | undefined {
  const written = text(cell).trim();
  if (written === '') return undefined;
  const n = Number(written);
  return Number.isNaN(n) ? undefined : n;
}

/**
 * A time as seconds since 1970: a number, or the ISO text into which Splunk turns the field `_time` when it hands over
 * results as JSON.
 */
export function time(cell: Cell): number | undefined {
  const seconds = number(cell);
  if (seconds !== undefined) return seconds;
  const milliseconds = Date.parse(text(cell));
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

export function flag(cell: Cell): boolean {
  const written = text(cell);
  return written === 'true' || written === '1';
}

/** All values of a cell. */
export function list(cell: Cell): readonly string[] {
  if (cell === undefined || cell === '') return [];
  return typeof cell === 'string' ? [cell] : cell;
}

/** The value of a cell that holds JSON; undefined where it holds none. */
export function json<T>(cell: Cell): T | undefined {
  const written = text(cell);
  if (written === '') return undefined;
  try {
    return JSON.parse(written) as T;
  } catch {
    return undefined;
  }
}

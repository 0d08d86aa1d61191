/** What a class may be called by in a program; in text `true` and `1.0` are "true" and "1". */
export type Label = string | number | boolean;

export interface CodedLabels {
  /** Sorted: as numbers where all are numbers, else by code point. */
  readonly classes: readonly string[];
  /** A list a column: `codes[c][i]` indexes `classes`. */
  readonly codes: readonly Int32Array[];
}

/** A label's text: a number's is its shortest ("1", never "1.0"; -0 is "0"). */
export function labelText(label: Label): string {
  return typeof label === 'number' ? String(label + 0) : String(label);
}

/**
 * Gives the labels of all columns common codes.
 * @param also Labels that have a class even where no row holds them.
 */
export function codeValues(columns: readonly ArrayLike<Label>[], also: readonly Label[] = []): CodedLabels {
  const index = new Map<string, number>();
  const codeOf = (label: Label): number => {
    const text = labelText(label);
    let code = index.get(text);
    if (code === undefined) index.set(text, (code = index.size));
    return code;
  };
  const provisional = columns.map((column) => {
    const codes = new Int32Array(column.length);
    const seen = new Map<Label, number>();
    for (let i = 0; i < codes.length; i++) {
      let code = seen.get(column[i]);
      if (code === undefined) seen.set(column[i], (code = codeOf(column[i])));
      codes[i] = code;
    }
    return codes;
  });
  also.forEach(codeOf);
  const found = [...index.keys()];
  const order = found.map((_, i) => i).sort(labelOrder(found));
  const rank = new Int32Array(found.length);
  order.forEach((old, fresh) => (rank[old] = fresh));
  return {
    classes: order.map((i) => found[i]),
    codes: provisional.map((codes) => codes.map((code) => rank[code])),
  };
}

/** Compares places in a list of labels: as numbers where all are numbers, else by code point. */
export function labelOrder(labels: readonly string[]): (i: number, j: number) => number {
  const values = labels.map((label) => (label.trim() === '' ? NaN : Number(label)));
  if (values.every((value) => !Number.isNaN(value))) {
    return (i, j) => values[i] - values[j] || byCodePoint(labels[i], labels[j]);
  }
  return (i, j) => byCodePoint(labels[i], labels[j]);
}

/** By code point, as Python and Splunk sort; JavaScript's own order is by UTF-16 unit. */
export function byCodePoint(x: string, y: string): number {
  if (x === y) return 0;
  const long = Math.min(x.length, y.length);
  for (let i = 0; i < long;) {
    const p = x.codePointAt(i) as number;
    const q = y.codePointAt(i) as number;
    if (p !== q) return p - q;
    i += p > 0xffff ? 2 : 1;
  }
  return x.length - y.length;
}

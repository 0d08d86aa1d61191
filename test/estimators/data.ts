import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type {
  ClassTarget,
  FitInput,
  NumericTable,
  TemplateContext,
} from '../../container/contract/template.ts';

const FOLDER = path.resolve('../shared/data');
export const dataSetsMissing = existsSync(path.join(FOLDER, 'iris.csv'))
  ? undefined
  : `no data sets at ${path.relative('.', FOLDER)}`;

/** Rows of a data set as cells by field; simple CSV only (no commas or newlines within quotes). */
export function dataSet(file: string): Record<string, string>[] {
  const bytes = readFileSync(path.join(FOLDER, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  return rows.map((row) => Object.fromEntries(header.map((name, c) => [name, row[c]])));
}

/**
 * Features in Kepler's order of preparation: rows with an empty cell left out, text one-hot as field=value, text with over
 * 100 values dropped, sorted by name.
 */
export function prepared(rows: Record<string, string>[], target: string) {
  const whole = rows.filter((row) => Object.values(row).every((cell) => cell !== ''));
  const columns = new Map<string, Float64Array>();
  for (const name of Object.keys(rows[0]).filter((field) => field !== target)) {
    const cells = whole.map((row) => row[name]);
    const levels = [...new Set(cells)];
    if (cells.every((cell) => Number.isFinite(Number(cell))))
      columns.set(name, Float64Array.from(cells, Number));
    else if (levels.length <= 100) {
      for (const level of levels) {
        columns.set(
          `${name}=${level}`,
          Float64Array.from(cells, (cell) => (cell === level ? 1 : 0)),
        );
      }
    }
  }
  const names = [...columns.keys()].sort();
  return {
    features: table(
      names,
      names.map((name) => columns.get(name)!),
    ),
    target: whole.map((row) => row[target]),
  };
}

export function table(names: readonly string[], columns: readonly Float64Array[]): NumericTable {
  return { rows: columns[0].length, names, columns };
}

export function numbers(features: NumericTable, values: ArrayLike<number>): FitInput {
  return { features, target: { kind: 'number', name: 'y', values: Float64Array.from(values) } };
}

export function classes(features: NumericTable, labels: readonly string[]): FitInput {
  const names = [...new Set(labels)].sort();
  return {
    features,
    target: classTarget(
      names,
      Int32Array.from(labels, (label) => names.indexOf(label)),
    ),
  };
}

export function classTarget(names: readonly string[], codes: Int32Array): ClassTarget {
  return { kind: 'classes', name: 'y', codes, classes: names };
}

/** The same numbers in [0, 1) as `lcg` in make_goldens.py. */
export function lcg(seed: number, count: number): Float64Array {
  let x = seed;
  return Float64Array.from({ length: count }, () => {
    x = (1664525 * x + 1013904223) % 4294967296;
    return x / 4294967296;
  });
}

export function randomTable(seed: number, rows: number, columns: number): NumericTable {
  const all = lcg(seed, rows * columns);
  const names = Array.from({ length: columns }, (_, f) => `x${String(f).padStart(4, '0')}`);
  return table(
    names,
    names.map((_, f) => all.slice(f * rows, (f + 1) * rows)),
  );
}

/** A context that keeps the warnings it is given. */
export function context(threads = 1): TemplateContext & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    signal: new AbortController().signal,
    threads,
    warnings,
    warn: (text) => void warnings.push(text),
    progress: () => {},
  };
}

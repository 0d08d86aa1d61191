import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { NumericTable } from '../../container/contract/template.ts';
import { dataSet, prepared, table } from '../estimators/data.ts';
import { heldOut, wideData } from './wide-data.ts';

/** Prepared rows and their targets as text. */
interface Rows {
  readonly features: NumericTable;
  readonly target: readonly string[];
}

interface Split {
  readonly train: Rows;
  readonly test: Rows;
}

const known = new Map<string, Split>();

/** Training and held-out rows of a case in test/goldens/trees/quality.json, split as the script there does; read once. */
export function split(name: string, asClasses: boolean): Split {
  const key = `${name} ${asClasses}`;
  const made = known.get(key) ?? makeSplit(name, asClasses);
  known.set(key, made);
  return made;
}

function makeSplit(name: string, asClasses: boolean): Split {
  if (name === 'nsl-kdd') return nslKdd();
  const all = rowsOf(name);
  const train = pick(all, (row) => !heldOut(row));
  const test = pick(all, heldOut);
  if (!name.startsWith('wide') || !asClasses) return { train, test };
  const sorted = train.target.map(Number).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const cut = ({ features, target }: Rows): Rows => ({
    features,
    target: target.map((value) => (Number(value) > middle ? '1' : '0')),
  });
  return { train: cut(train), test: cut(test) };
}

function rowsOf(name: string): Rows {
  if (name === 'iris') return prepared(dataSet('iris.csv'), 'species');
  if (name === 'diamonds') {
    return prepared(
      dataSet('diamonds.csv.gz').filter((_, row) => row % 6 === 0),
      'price',
    );
  }
  if (name === 'telco') return prepared(dataSet('telco-churn.csv.gz'), 'Churn');
  const { columns, score } = wideData(Number(name.slice(4)), 3000);
  return {
    features: table(
      columns.map((_, f) => `f${f}`),
      columns,
    ),
    target: Array.from(score, String),
  };
}

function pick({ features, target }: Rows, wanted: (row: number) => boolean): Rows {
  const rows = target.map((_, row) => row).filter(wanted);
  return {
    features: table(
      features.names,
      features.columns.map((column) => Float64Array.from(rows, (row) => column[row])),
    ),
    target: rows.map((row) => target[row]),
  };
}

/** Normal or attack; text fields one-hot with the training rows' values. */
function nslKdd(): { train: Rows; test: Rows } {
  const train = cells('nsl-kdd/KDDTrain+_20Percent.csv.gz').filter((_, row) => row % 4 === 0);
  const test = cells('nsl-kdd/KDDTest+.csv.gz');
  const columns = new Map<string, (row: readonly string[]) => number>();
  for (let c = 0; c < 41; c++) {
    if (c < 1 || c > 3) columns.set(`f${c}`, (row) => Number(row[c]));
    else {
      for (const level of new Set(train.map((row) => row[c])))
        columns.set(`f${c}=${level}`, (row) => (row[c] === level ? 1 : 0));
    }
  }
  const names = [...columns.keys()].sort();
  const rowsOfCells = (rows: readonly (readonly string[])[]): Rows => ({
    features: table(
      names,
      names.map((name) => Float64Array.from(rows, columns.get(name)!)),
    ),
    target: rows.map((row) => (row[41] === 'normal' ? '0' : '1')),
  });
  return { train: rowsOfCells(train), test: rowsOfCells(test) };
}

/** Cells of a file without a header. */
function cells(file: string): string[][] {
  const text = gunzipSync(readFileSync(path.join('../shared/data', file))).toString('utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

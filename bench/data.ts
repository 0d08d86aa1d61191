import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Random } from '../build/random.ts';

/** Everything that the benchmarks write lies here; git ignores it, `npm run clean` removes it. */
export const BENCH_FOLDER = '.kepler/bench';

/** splunkd's largest chunk. */
export const CHUNK_ROWS = 50_000;

/** Chunk bodies as splunkd would send them, one behind the other in a file. */
export interface Chunks {
  readonly file: string;
  readonly lengths: readonly number[];
  readonly rows: number;
  readonly features: readonly string[];
}

interface Shape {
  readonly name: string;
  readonly rows: number;
  readonly seed: number;
  readonly fields: readonly string[];
  readonly features: readonly string[];
  /** The cells of one row, not yet quoted. */
  row(random: Random, index: number): readonly string[];
}

/** Six significant digits, without an exponent, as a search's `round` or `eval` leaves them. */
function sixDigits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** splunkd quotes each value that holds more than letters and digits. */
function cell(text: string): string {
  return /^[A-Za-z0-9]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

function write(shape: Shape): Chunks {
  const file = join(BENCH_FOLDER, `${shape.name}-${shape.rows}.csv`);
  const index = `${file}.json`;
  if (!existsSync(index)) {
    mkdirSync(BENCH_FOLDER, { recursive: true });
    const random = new Random(shape.seed);
    const header = shape.fields.map(cell).join(',') + '\n';
    const out = openSync(`${file}.part`, 'w');
    const lengths: number[] = [];
    for (let at = 0; at < shape.rows; at += CHUNK_ROWS) {
      const lines = [header];
      for (let i = at; i < Math.min(shape.rows, at + CHUNK_ROWS); i++) {
        lines.push(shape.row(random, i).map(cell).join(',') + '\n');
      }
      const body = Buffer.from(lines.join(''));
      for (let done = 0; done < body.length;) done += writeSync(out, body, done);
      lengths.push(body.length);
    }
    closeSync(out);
    renameSync(`${file}.part`, file);
    writeFileSync(index, JSON.stringify(lengths));
  }
  const lengths = JSON.parse(readFileSync(index, 'utf8')) as number[];
  return { file, lengths, rows: shape.rows, features: shape.features };
}

const TEN = Array.from({ length: 10 }, (_, i) => `x${i + 1}`);
const SCALES = [1, 100, 0.01, 10, 1000, 1, 50, 5, 0.1, 20];
const WEIGHTS = [3, -0.02, 150, 0.4, 0.001, -2, 0.03, 0.7, -12, 0.05];
const TEXTS = [
  (i: number) => `GET /cart/${i % 977}?item=${i % 31}`,
  (i: number) => `said "no", twice (${i % 13})`,
  (i: number) => `line one\nline two, ${i % 7}`,
  (i: number) => `user${i % 5003}`,
];

/**
 * Rows as of a web log with measurements: `_time`, ten numbers of six digits, one text in which quotes, commas and newlines
 * occur; every value quoted that splunkd would quote. With `target`, a `y` that is linear in the numbers, with noise.
 */
export function measurements(rows: number, options: { target?: boolean; seed?: number } = {}): Chunks {
  return write({
    name: options.target ? 'measurements-y' : 'measurements',
    rows,
    seed: options.seed ?? 1,
    fields: ['_time', ...TEN, ...(options.target ? ['y'] : []), 'text'],
    features: TEN,
    row(random, index) {
      let y = 10;
      const numbers = SCALES.map((scale, i) => {
        const text = sixDigits(random.normal() * scale + (i % 3 === 0 ? scale * 2 : 0));
        y += WEIGHTS[i] * Number(text);
        return text;
      });
      const target = sixDigits(y + random.normal());
      const text = TEXTS[random.below(TEXTS.length)](index);
      return [`${1_732_000_000 + index}`, ...numbers, ...(options.target ? [target] : []), text];
    },
  });
}

/**
 * Two classes from 30 features of which 12 matter, by thresholds, products and sums; a tenth of the labels by chance.
 * `part` tells training rows from held-out ones.
 */
export function wide(rows: number, part: 'train' | 'heldout'): Chunks {
  const features = Array.from({ length: 30 }, (_, i) => `f${String(i + 1).padStart(2, '0')}`);
  return write({
    name: `wide-${part}`,
    rows,
    seed: part === 'train' ? 2 : 3,
    fields: [...features, 'label'],
    features,
    row(random) {
      const x = features.map(() => random.normal());
      const score =
        x[0] + 0.8 * x[1] * x[2] + (x[3] > 0.5 ? 1.2 : -0.4) + 0.6 * Math.sin(2 * x[4]) + 0.5 * x[5] * x[6] +
        0.7 * Math.abs(x[7]) - 0.5 + 0.4 * x[8] - 0.3 * x[9] * x[10] + 0.3 * x[11]; // prettier-ignore
      const label = random.next() < 0.1 ? random.next() < 0.5 : score > 0;
      return [...x.map(sixDigits), label ? 'yes' : 'no'];
    },
  });
}

/** The first rows of a one-chunk file: for cases that need a handful. */
export function head(chunks: Chunks, rows: number, name: string): Chunks {
  const file = join(BENCH_FOLDER, `${name}.csv`);
  const first = readFileSync(chunks.file).subarray(0, chunks.lengths[0]).toString('utf8');
  const kept: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < first.length && kept.length <= rows; i++) {
    if (first[i] === '"') quoted = !quoted;
    if (first[i] === '\n' && !quoted) {
      kept.push(first.slice(start, i + 1));
      start = i + 1;
    }
  }
  const body = Buffer.from(kept.join(''));
  writeFileSync(file, body);
  return { file, lengths: [body.length], rows: kept.length - 1, features: chunks.features };
}

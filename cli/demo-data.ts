import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { Random } from '../build/random.ts';
import { quote } from '../sandbox/table/csv-writer.ts';

/** The penguins of Palmer Station, Antarctica, from the package vega-datasets: 344 rows, some with nulls. */
export function writePenguins(folder: string, root: string): number {
  // By path: the package does not export its data files.
  const source = join(root, 'node_modules/vega-datasets/data/penguins.json');
  const rows = JSON.parse(readFileSync(source, 'utf8')) as Record<string, unknown>[];
  const fields = Object.keys(rows[0]);
  const lines = rows.map((row) => fields.map((field) => quote(String(row[field] ?? ''))).join(','));
  writeFileSync(join(folder, 'penguins.csv'), `${[fields.map(quote).join(','), ...lines].join('\n')}\n`);
  return rows.length;
}

const READINGS_HEADER = ['machine', 'temperature', 'pressure', 'vibration', 'current', 'speed', 'wear'];
const MACHINES = 40;

/** Sensor readings of machines with six significant digits, and the wear that follows from them but for some noise. */
export async function writeReadings(
  folder: string,
  rows: number,
  onProgress: (rows: number) => void,
): Promise<void> {
  const generator = new Random(20_260);
  const random = () => generator.next();
  const file = createWriteStream(join(folder, 'readings.csv'), { highWaterMark: 1 << 20 });
  const finished = once(file, 'finish');
  file.write(`${READINGS_HEADER.join(',')}\n`);
  // Sums of two evenly spread numbers lie around their middle, which is real enough here.
  const around = (middle: number, spread: number) => middle + (random() + random() - 1) * spread;
  const batch = 10_000;
  for (let done = 0; done < rows; done += batch) {
    let text = '';
    for (let i = done; i < Math.min(rows, done + batch); i++) {
      const [t, p, v, c, s] = [
        around(65, 30),
        around(4, 1.5),
        around(2, 1.9),
        around(11, 6),
        around(1500, 900),
      ];
      const wear = 0.021 * t + 0.4 * p + 1.3 * v - 0.05 * c + 0.0012 * s + around(0, 0.3);
      text += `m${1 + Math.floor(random() * MACHINES)},"${t.toFixed(4)}","${p.toFixed(5)}","${v.toFixed(5)}","${c.toFixed(4)}","${s.toFixed(2)}","${wear.toFixed(5)}"\n`;
    }
    if (!file.write(text)) await once(file, 'drain');
    onProgress(Math.min(rows, done + batch));
  }
  file.end();
  await finished;
}

/**
 * The app's sample lookups, made at build time: data sets of the package vega-datasets, and two from a seeded generator, so
 * that every build holds the same bytes and no data set is kept in the repository. Beside them the table of images.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable, type ImageRow } from './image/table.ts';
import { Random } from './random.ts';

const TARGET = 'splunk_app/lookups';
const VEGA = 'node_modules/vega-datasets/data';

type Row = Readonly<Record<string, string | number | null>>;

/** Name of the lookup's file → its rows. */
const SAMPLES: Readonly<Record<string, () => readonly Row[]>> = {
  'penguins.csv': () => vega('penguins.json'),
  'cars.csv': () => vega('cars.json').map((car) => ({ ...car, Year: String(car.Year).slice(0, 4) })),
  'machine_readings.csv': () => machineReadings(5000),
  'logins.csv': () => logins(2000),
};

/** Writes all of them into a folder, the app's by default; gives their paths. */
export function buildLookups(target = TARGET): string[] {
  mkdirSync(target, { recursive: true });
  const written = Object.entries(SAMPLES).map(([name, rows]) => {
    writeFileSync(join(target, name), csv(rows()));
    return join(target, name);
  });
  const weather = join(target, 'seattle_weather.csv');
  writeFileSync(weather, readFileSync(join(VEGA, 'seattle-weather.csv'), 'utf8').replaceAll('\r\n', '\n'));
  const images = join(target, 'kepler_images.csv');
  writeFileSync(images, csv(readTable().map(imageRow)));
  return [...written, weather, images];
}

/** The table of images, so that a search head knows also those that nobody has built yet. */
const imageRow = ({ tag, base, about, npm, pip, runtimes }: ImageRow): Row => ({
  tag,
  base,
  about,
  npm: npm.join(' '),
  pip: pip.join(' '),
  runtimes: runtimes.join(' '),
});

function vega(file: string): Row[] {
  return JSON.parse(readFileSync(join(VEGA, file), 'utf8')) as Row[];
}

function csv(rows: readonly Row[]): string {
  const fields = Object.keys(rows[0]);
  const cell = (value: string | number | null) => {
    const text = value === null ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [fields, ...rows.map((row) => fields.map((field) => row[field]))];
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}

/** Sensors of forty machines, and the wear that follows from them but for some noise. */
function machineReadings(count: number): Row[] {
  const random = new Random(20_260);
  return Array.from({ length: count }, () => {
    const temperature = 65 + 12 * random.normal();
    const pressure = 4 + 0.6 * random.normal();
    const vibration = 2 + 0.5 * random.normal();
    const current = 11 + 2.4 * random.normal();
    const speed = 1500 + 350 * random.normal();
    const wear =
      0.021 * temperature +
      0.4 * pressure +
      1.3 * vibration -
      0.05 * current +
      0.0012 * speed +
      0.12 * random.normal();
    return {
      machine: `m${1 + random.below(40)}`,
      temperature: temperature.toFixed(2),
      pressure: pressure.toFixed(3),
      vibration: vibration.toFixed(3),
      current: current.toFixed(2),
      speed: speed.toFixed(0),
      wear: wear.toFixed(4),
    };
  });
}

/** How user accounts sign in over a week: people, night workers, programs, and a few that are attacked. */
function logins(count: number): Row[] {
  const random = new Random(4_711);
  const positive = (value: number) => Math.max(0, Math.round(value));
  return Array.from({ length: count }, (_, i) => {
    const kind = random.next();
    const [many, failed, places, night] =
      kind < 0.7
        ? [25, 1.5, 1.2, 0.05]
        : kind < 0.85
          ? [22, 1.5, 1.2, 0.8]
          : kind < 0.98
            ? [900, 0.5, 1, 0.33]
            : [60, 180, 9, 0.5];
    return {
      account: `account${String(i + 1).padStart(4, '0')}`,
      logins: positive(many * (1 + 0.2 * random.normal())),
      failures: positive(failed * (1 + 0.5 * random.normal())),
      countries: Math.max(1, positive(places * (1 + 0.2 * random.normal()))),
      night_share: Math.min(1, Math.max(0, night + 0.05 * random.normal())).toFixed(2),
    };
  });
}

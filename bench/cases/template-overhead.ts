import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { BENCH_FOLDER, measurements } from '../data.ts';
import { openStage } from '../stage.ts';
import { sampleOf } from './apply.ts';

const BUILT_IN = 'LinearRegression, built in';
const TEMPLATE = 'the same model as a template';
const ROWS = 100_000;
/** What a template may cost besides: a share of the built-in's time, and milliseconds. */
const SHARE = 0.05;
const FIXED_MS = 15;

/** Least squares, as LinearRegression has it, in the plainest form. */
const SOURCE = `import { defineTemplate } from 'kepler';
export default defineTemplate<{ weights: Float64Array; constant: number }>({
  name: 'LinearAgain',
  kind: 'regressor',
  fit(_params, { features: { rows, columns }, target }) {
    if (target?.kind !== 'number') throw new Error('a number');
    const width = columns.length + 1;
    const at = (c: number, row: number) => (c === columns.length ? 1 : columns[c][row]);
    const system = Array.from({ length: width }, () => new Float64Array(width + 1));
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) system[i][j] += at(i, row) * at(j, row);
        system[i][width] += at(i, row) * target.values[row];
      }
    }
    for (let i = 0; i < width; i++) {
      for (let below = i + 1; below < width; below++) {
        const share = system[below][i] / system[i][i];
        for (let j = i; j <= width; j++) system[below][j] -= share * system[i][j];
      }
    }
    const solved = new Float64Array(width);
    for (let i = width - 1; i >= 0; i--) {
      let rest = system[i][width];
      for (let j = i + 1; j < width; j++) rest -= system[i][j] * solved[j];
      solved[i] = rest / system[i][i];
    }
    return { weights: solved.slice(0, -1), constant: solved[width - 1] };
  },
  apply({ weights, constant }, { rows, columns }) {
    const predicted = new Float64Array(rows).fill(constant);
    columns.forEach((column, f) => {
      const weight = weights[f];
      for (let row = 0; row < rows; row++) predicted[row] += weight * column[row];
    });
    return predicted;
  },
});
`;

export const templateOverhead: Case = {
  name: 'template-overhead',
  title: `apply of 100,000 rows x 10: a model as a built-in, and as a template in a process of its own`,
  rounds: 15,
  open: () =>
    Closing.around(async (closing) => {
      const sources = resolve(BENCH_FOLDER, `templates-${process.pid}`);
      mkdirSync(sources, { recursive: true });
      closing.add(() => rmSync(sources, { recursive: true, force: true }));
      writeFileSync(join(sources, 'LinearAgain.ts'), SOURCE);
      const stage = await openStage({ KEPLER_TEMPLATES: sources });
      closing.add(() => stage.close());
      const training = measurements(50_000, { target: true, seed: 7 });
      const rows = measurements(ROWS);
      const fields = rows.features.join(' ');
      await published(join(stage.home, 'templates/LinearAgain/1/manifest.json'));
      await stage.search('fit', `LinearRegression y from ${fields} into built_in`, { chunks: training });
      await stage.search('fit', `LinearAgain y from ${fields} into as_template`, { chunks: training });
      const saved = { builtIn: join(stage.home, 'built-in.csv'), template: join(stage.home, 'template.csv') };
      await stage.search('apply', 'built_in', { chunks: rows, save: saved.builtIn });
      await stage.search('apply', 'as_template', { chunks: rows, save: saved.template });
      const apply = (model: string) => async () =>
        sampleOf(await stage.search('apply', model, { chunks: rows }));
      return {
        contestants: [
          { name: BUILT_IN, rows: ROWS, run: apply('built_in') },
          { name: TEMPLATE, rows: ROWS, run: apply('as_template') },
        ],
        baseline: BUILT_IN,
        notes: [`compared: greatest relative difference of two predictions ${worst(saved)}`],
        conclude: (results) => {
          const median = (name: string) => (results.find((one) => one.name === name)?.median ?? NaN) * 1000;
          const [plain, own] = [median(BUILT_IN), median(TEMPLATE)];
          const allowed = SHARE * plain + FIXED_MS;
          const verdict = own - plain <= allowed ? 'kept' : 'MISSED';
          return [
            `the template takes ${(own - plain).toFixed(1)} ms more than ${plain.toFixed(1)} ms; allowed are 5 % and 15 ms, ${allowed.toFixed(1)} ms: ${verdict}`,
          ];
        },
        close: () => closing.close(),
      };
    }),
};

async function published(manifest: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    try {
      readFileSync(manifest);
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error('the template was not published');
}

/** The last cell of each row is the prediction. */
function worst({ builtIn, template }: { builtIn: string; template: string }): string {
  const cells = (file: string) =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
  const [a, b] = [cells(builtIn), cells(template)];
  if (a.length !== b.length) throw new Error(`${a.length} rows against ${b.length}`);
  let most = 0;
  a.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    most = Math.max(most, Math.abs(value - b[i]) / Math.max(1, Math.abs(value)));
  });
  if (!(most < 1e-6)) throw new Error(`the two models answer differently (${most})`);
  return most.toExponential(1);
}

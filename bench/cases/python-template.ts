import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { comparePredictions } from '../compare.ts';
import { BENCH_FOLDER, head, measurements } from '../data.ts';
import { drive, getinfo, MB } from '../driver.ts';
import type { Drive } from '../driver.ts';
import { DSDL_MODULES, startDsdl } from '../dsdl.ts';
import { absentPython, PYTHON, versionsOf } from '../environment.ts';
import { median } from '../measure.ts';
import { python } from '../python.ts';
import { openStage } from '../stage.ts';
import type { Stage } from '../stage.ts';
import { sampleOf } from './apply.ts';

/** Fewer rows only say that the case works. */
const ROWS = Number(process.env.KEPLER_BENCH_ROWS ?? 1_000_000);
const MODEL = 'bench_model';
const KEPLER = 'Kepler, template in Python';
const DSDL = 'DSDL path, the same Python';

/** What the DSDL server does with a frame, as a template; the model is made by the same class. */
const TEMPLATE = `from sklearn.linear_model import LinearRegression
kind = 'regressor'
def fit(model, df, param):
    return LinearRegression().fit(df[param['feature_variables']].to_numpy(), df[param['target_variables'][0]])
def apply(model, df, param):
    return model.predict(df[param['feature_variables']].to_numpy())
`;

/** A template in Python against the same Python behind DSDL's wire: the same interpreter, libraries and rows. */
export const pythonTemplate: Case = {
  name: 'python-template',
  title: `${ROWS.toLocaleString('en-US')} rows x 10 numbers, scikit-learn's linear model in Python, splunkd to splunkd`,
  rounds: 5,
  open: () =>
    Closing.around(async (closing) => {
      const absent = absentPython(PYTHON.dsdl, [...DSDL_MODULES, 'pyarrow']);
      const stage = await openStage({ KEPLER_PYTHON: resolve(PYTHON.dsdl), KEPLER_APPLY_WORKERS: '1' });
      closing.add(() => stage.close());
      const rows = measurements(ROWS);
      const training = measurements(50_000, { target: true, seed: 7 });
      const ten = head(rows, 10, 'ten');
      if (absent) {
        const contestants = [KEPLER, DSDL].map((name) => ({
          name,
          absent,
          run: () => Promise.reject(new Error(absent)),
        }));
        return { contestants, close: () => closing.close() };
      }
      writeFileSync(join(stage.home, 'templates-src', 'BenchLinear.py'), TEMPLATE);
      await fitted(stage, `BenchLinear y from ${rows.features.join(' ')} into ${MODEL}`, training);

      const folder = mkdtempSync(join(resolve(BENCH_FOLDER), 'models-'));
      closing.add(() => rmSync(folder, { recursive: true, force: true }));
      const out = join(folder, `bench_${MODEL}.joblib`);
      const features = [...training.features].sort();
      await python(PYTHON.dsdl, [
        'bench/peers/models.py',
        'linear',
        training.file,
        'y',
        features.join(','),
        out,
      ]);
      const server = await startDsdl(folder);
      closing.add(() => server.close());

      const outputs = join(resolve(BENCH_FOLDER), 'outputs');
      mkdirSync(outputs, { recursive: true });
      const [ours, theirs] = ['kepler', 'dsdl'].map((who) => join(outputs, `python-template-${who}.csv`));
      for (const file of [ours, theirs]) closing.add(() => rmSync(file, { force: true }));
      const kepler = (save?: string) => stage.search('apply', MODEL, { chunks: rows, pipe: MB, save });
      const peer = (save?: string) =>
        drive(server.command(MODEL, 'y', features), {
          chunks: rows,
          getinfo: getinfo('apply', MODEL),
          pipe: MB,
          watch: [server.pid],
          save,
        });
      const [checked, compared] = [await kepler(ours), await peer(theirs)];
      const same = await comparePredictions(
        rows,
        { file: ours, drive: checked },
        { file: theirs, drive: compared },
        folder,
        1e-6,
      );
      const small = () => stage.search('apply', MODEL, { chunks: ten });
      const first = await small();
      // Of the runtime alone, as it says itself: the command's start is another case's.
      const warm: number[] = [];
      for (let i = 0; i < 11; i++) warm.push(applyMs(await small()));
      return {
        contestants: [
          { name: KEPLER, rows: ROWS, run: async () => sampleOf(await kepler()) },
          { name: DSDL, rows: ROWS, rounds: 2, run: async () => sampleOf(await peer()) },
        ],
        baseline: DSDL,
        goals: [{ contestant: KEPLER, atLeast: 10 }],
        notes: [
          `both: ${versionsOf(PYTHON.dsdl, ['pandas', 'scikit-learn', 'numpy', 'pyarrow'])}`,
          `compared: ${same.rows.toLocaleString('en-US')} rows, greatest relative difference ${same.worst_relative_difference.toExponential(1)}`,
          `warm worker, 10 rows: median ${median(warm).toFixed(1)} ms in the runtime (claimed: under 20 ms)`,
          ...first.messages.map(([level, text]) => `Kepler says ${level}: ${text}`),
        ],
        close: () => closing.close(),
      };
    }),
};

/** The template is served a moment after it was saved. */
async function fitted(
  stage: Stage,
  spec: string,
  training: Parameters<Stage['search']>[2]['chunks'],
): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    try {
      await stage.search('fit', spec, { chunks: training });
      return;
    } catch (error) {
      if (Date.now() > until || !/There is no algorithm/.test((error as Error).message)) throw error;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}

function applyMs({ metrics }: Drive): number {
  const found = Object.entries(metrics).find(([name]) => /apply_ms$/.test(name));
  if (!found) throw new Error(`the reply tells no apply_ms; it has ${Object.keys(metrics).join(', ')}`);
  return found[1].reduce((sum, one) => sum + one, 0);
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PYTHON, missingPython } from '../onnx/python.ts';

/**
 * The goldens are what the libraries say today, not what somebody once typed. `trees/make_goldens.py` is left out: its
 * scores over 20 seeds take many minutes.
 */
const GOLDENS: readonly { script: string; file: string; data: boolean; slack?: number }[] = [
  { script: 'estimators/make_goldens.py', file: 'estimators/goldens.json', data: true },
  { script: 'metrics/make_goldens.py', file: 'metrics/goldens.json', data: false },
  // A power's lambda is where an optimiser stopped: to 1e-8 at best.
  { script: 'preprocessor/make_goldens.py', file: 'preprocessor/goldens.json', data: false, slack: 1e-6 },
  { script: 'score/make_goldens.py', file: 'score/scores.json', data: false },
  { script: 'score/make_distributions.py', file: 'score/distributions.json', data: false },
  { script: 'trees/make_predictions.py', file: 'trees/predictions.json', data: false },
];

const missing = ['sklearn', 'scipy', 'statsmodels'].map(missingPython).find((reason) => reason);
const folder = mkdtempSync(join(tmpdir(), 'kepler-goldens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The places where two values differ by more than rounding between two processors. */
function differences(made: unknown, kept: unknown, place: string, slack: number): string[] {
  if (typeof made === 'number' && typeof kept === 'number') {
    const near = Math.abs(made - kept) <= (1e-8 + slack) * Math.max(Math.abs(made), Math.abs(kept)) + 1e-12 + slack;
    return near || Object.is(made, kept) ? [] : [`${place}: ${made} made, ${kept} kept`];
  }
  if (typeof made !== 'object' || typeof kept !== 'object' || made === null || kept === null) {
    return made === kept ? [] : [`${place}: ${JSON.stringify(made)} made, ${JSON.stringify(kept)} kept`];
  }
  const keys = new Set([...Object.keys(made), ...Object.keys(kept)]);
  return [...keys].flatMap((key) =>
    differences(
      (made as Record<string, unknown>)[key],
      (kept as Record<string, unknown>)[key],
      `${place}/${key}`,
      slack,
    ),
  );
}

for (const { script, file, data, slack = 0 } of GOLDENS) {
  const reason = missing ?? (data && !existsSync('../shared/data') ? 'no data at ../shared/data' : undefined);
  (reason ? test.skip : test)(
    `${script} makes the numbers that are kept${reason ? ` (${reason})` : ''}`,
    () => {
      const made = join(folder, file.replace('/', '-'));
      execFileSync(PYTHON, [join('test/goldens', script), made], {
        stdio: ['ignore', 'ignore', 'pipe'],
        // The matrices are small: threads of their own only wait for one another, and take the core from the other tests.
        env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
      });
      const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
      expect(differences(read(made), read(join('test/goldens', file)), '', slack).slice(0, 5)).toEqual([]);
    },
    180_000,
  );
}

import type { State } from '../../components/index.ts';
import { cells, keplerSearch, runOnce, type Row } from '../../splunkd/index.ts';

/** One thing that a test tried. */
export interface TestStep {
  readonly name: string;
  readonly state: State;
  readonly tried: boolean;
  readonly milliseconds: number | undefined;
  readonly message: string;
  readonly remedy: string;
}

export interface TestResult {
  readonly steps: readonly TestStep[];
  /** Its place from 1, or undefined where nothing failed. */
  readonly failedAt: number | undefined;
  readonly milliseconds: number;
}

const STATES: Readonly<Record<string, State>> = { ok: 'ok', failed: 'failed', attention: 'attention' };

function stepOf(row: Row): TestStep {
  const state = cells.text(row.state);
  return {
    name: cells.text(row.step),
    state: STATES[state] ?? 'idle',
    tried: state !== 'not tried',
    milliseconds: cells.number(row.ms),
    message: cells.text(row.message),
    remedy: cells.text(row.remedy),
  };
}

export function testResultOf(rows: readonly Row[]): TestResult {
  const steps = rows.map(stepOf);
  const failed = steps.findIndex((step) => step.state === 'failed');
  return {
    steps,
    failedAt: failed === -1 ? undefined : failed + 1,
    milliseconds: steps.reduce((sum, step) => sum + (step.milliseconds ?? 0), 0),
  };
}

/** Tries the real thing by `| kepler health`, also with what is not saved yet. */
export async function testHealth(
  check: 'runtime' | 'hec' | 'engine' | 'export',
  options: Readonly<Record<string, string | undefined>> = {},
): Promise<TestResult> {
  const { rows } = await runOnce(keplerSearch('health', undefined, { check, ...options }));
  return testResultOf(rows);
}

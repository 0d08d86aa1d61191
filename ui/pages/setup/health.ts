import type { State } from '../../components/index.ts';
import { said, t } from '../../i18n/index.ts';
import { cells, keplerSearch, runOnce, SplunkFailure, type Row } from '../../splunkd/index.ts';

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
    name: said(cells.text(row.step)),
    state: STATES[state] ?? 'idle',
    tried: state !== 'not tried',
    milliseconds: cells.number(row.ms),
    message: said(cells.text(row.message)),
    remedy: said(cells.text(row.remedy)),
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

/** A search that fits on twenty rows and keeps nothing. */
const TINY_FIT =
  '| makeresults count=20 | streamstats count as x | eval y = 2 * x + 1 | kfit LinearRegression y from x';

/** Tries the real thing by `| kepler health`, also with what is not saved yet. */
export async function testHealth(
  check: 'runtime' | 'hec' | 'engine' | 'export',
  options: Readonly<Record<string, string | undefined>> = {},
): Promise<TestResult> {
  const { rows } = await runOnce(keplerSearch('health', undefined, { check, ...options }));
  return testResultOf(rows);
}

/** Tries the runtime that is connected: the way there, then a search that fits. */
export async function testRuntime(): Promise<TestResult> {
  const way = await testHealth('runtime');
  const name = t('A tiny fit');
  if (way.failedAt !== undefined) return withStep(way, { ...UNTRIED, name });
  const from = performance.now();
  const tried = { ...UNTRIED, name, tried: true };
  try {
    const { rows } = await runOnce(TINY_FIT);
    const message = t('{n} rows came back with their predictions.', { n: rows.length });
    return withStep(way, { ...tried, state: 'ok', milliseconds: performance.now() - from, message });
  } catch (error) {
    if (!(error instanceof SplunkFailure) || error.kind !== 'search') throw error;
    const milliseconds = performance.now() - from;
    return withStep(way, { ...tried, state: 'failed', milliseconds, message: said(error.message) });
  }
}

const UNTRIED: TestStep = {
  name: '',
  state: 'idle',
  tried: false,
  milliseconds: undefined,
  message: '',
  remedy: '',
};

function withStep(result: TestResult, step: TestStep): TestResult {
  const steps = [...result.steps, step];
  return {
    steps,
    failedAt: result.failedAt ?? (step.state === 'failed' ? steps.length : undefined),
    milliseconds: result.milliseconds + (step.milliseconds ?? 0),
  };
}

/**
 * Tries an address before this search head is known there. The last step, whether it is trusted, can only fail until then: it
 * is called not tried.
 */
export async function testAddress(url: string): Promise<TestResult> {
  const result = await testHealth('runtime', { url });
  if (result.failedAt !== result.steps.length) return result;
  const last = { ...UNTRIED, name: result.steps[result.steps.length - 1].name };
  const steps = [...result.steps.slice(0, -1), { ...last, message: t('Comes with Connect.') }];
  return { ...result, steps, failedAt: undefined };
}

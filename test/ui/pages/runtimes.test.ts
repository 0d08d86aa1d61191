import { setFormatLocale, setTimeZone } from '../../../ui/i18n/format.ts';
import { logLineOf } from '../../../ui/pages/runtimes/log-line.ts';
import { runtimeOf, stateOf, worstFirst } from '../../../ui/pages/runtimes/runtime.ts';
import { cpuOf, jobsOf, memoryOf, summaryOf } from '../../../ui/pages/runtimes/summary.ts';

jest.mock('../../../ui/components/index.ts', () => ({}));
jest.mock('../../../ui/splunkd/index.ts', () => ({
  cells: jest.requireActual('../../../ui/splunkd/cells.ts'),
}));

beforeAll(() => {
  setFormatLocale('en-US');
  setTimeZone('UTC');
});

const runtime = (row: Record<string, string>) => runtimeOf({ name: 'main', engine: 'docker', ...row });

test('a state is a shape and a word; a runtime with a reason needs attention though it runs', () => {
  expect(stateOf(runtime({ state: 'running' }))).toEqual({ state: 'ok', word: 'Running' });
  expect(stateOf(runtime({ state: 'running', reason: 'older' })).state).toBe('attention');
  expect(stateOf(runtime({ state: 'failed', oom: 'true' }))).toEqual({
    state: 'failed',
    word: 'Out of memory',
  });
  expect(stateOf(runtime({ state: 'unreachable' })).state).toBe('failed');
  expect(stateOf(runtime({ state: 'something new' })).word).toBe('something new');
});

test('what failed stands first, what is stopped last', () => {
  const names = worstFirst([
    runtime({ name: 'd', state: 'stopped' }),
    runtime({ name: 'c', state: 'running' }),
    runtime({ name: 'b', state: 'failed' }),
    runtime({ name: 'a', state: 'starting' }),
  ]).map(({ name }) => name);
  expect(names).toEqual(['b', 'a', 'c', 'd']);
});

test('the line of facts counts each state that there is', () => {
  const rows = ['running', 'running', 'starting', 'failed'].map((state) => runtime({ state }));
  expect(summaryOf(rows)).toBe('4 runtimes: 2 running, 1 starting, 1 not working');
  expect(summaryOf([runtime({ state: 'running' })])).toBe('1 runtime: 1 running');
});

test('uses say both numbers; jobs that run and wait are counted', () => {
  const busy = runtime({
    cpu: '2.61',
    cpu_limit: '4',
    memory_bytes: String(3.5 * 1024 ** 3),
    running_jobs: '2',
    queued_jobs: '1',
  });
  expect(cpuOf(busy)).toBe('2.6 of 4 cores');
  expect(memoryOf(busy)).toBe('3.5 GB');
  expect(jobsOf(busy)).toBe('2 run, 1 waits');
  expect(jobsOf(runtime({ running_jobs: '0', queued_jobs: '0' }))).toBe('idle');
  expect(jobsOf(runtime({}))).toBe('—');
});

test('a line of the log is read, whatever wrote it', () => {
  const line = JSON.stringify({ level: 40, time: 0, pid: 7, msg: 'memory is short', job: 'j1' });
  expect(logLineOf(line, 5)).toEqual({
    time: '00:00:00',
    level: 'WARN',
    message: 'memory is short job=j1',
    loud: true,
  });
  expect(logLineOf('plain words', 3600)).toMatchObject({
    time: '01:00:00',
    message: 'plain words',
    loud: false,
  });
  expect(logLineOf('{ not json', 0)).toMatchObject({ message: '{ not json' });
  expect(logLineOf('FATAL out of memory', 0).loud).toBe(true);
});

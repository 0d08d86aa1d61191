import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../container/server/log.ts';
import { count, quantile } from '../../container/server/usage/histogram.ts';
import { modelKey } from '../../container/server/usage/run.ts';
import type { Run } from '../../container/server/usage/run.ts';
import { Usage } from '../../container/server/usage/usage.ts';

let folder: string;
beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'kepler-usage-')), 'usage')));
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const log = createLog('silent');
const MODEL = { namespace: 'user', owner: 'ann', name: 'iris' } as const;
const KEY = modelKey(MODEL);
const HOUR = 1_763_715_600;
const run = (time: number, more: Partial<Run> = {}): Run => ({
  time,
  kind: 'apply',
  model: MODEL,
  user: 'ann',
  app: 'search',
  sid: 's',
  rows: 10,
  ms: 5,
  status: 'ok',
  ...more,
});
const all = () => true;

it('finds quantiles within a twentieth', () => {
  const histogram = {};
  for (let ms = 1; ms <= 1000; ms++) count(histogram, ms);
  for (const q of [0.5, 0.95, 0.99]) {
    expect(Math.abs((quantile(histogram, q) ?? 0) / (1000 * q) - 1)).toBeLessThan(0.05);
  }
  expect(quantile({}, 0.5)).toBeUndefined();
  count(histogram, 0);
});

it('knows runs and counts again after a restart, and after it was killed', async () => {
  const first = await Usage.open(folder, log);
  first.record(run(HOUR + 1));
  first.record(run(HOUR + 2, { status: 'error', code: 'no_features', message: 'x'.repeat(5000) }));
  await first.flush();
  // Killed: no close. Half a line, as a crash leaves it.
  appendFileSync(join(folder, 'runs-1.jsonl'), '{"time":1,"ms":');
  const second = await Usage.open(folder, log);
  second.record(run(HOUR + 3700));
  await second.close();
  const third = await Usage.open(folder, log);
  expect((await third.runs(all, 10, 0)).map(({ time }) => time - HOUR)).toEqual([3700, 2, 1]);
  expect(
    third
      .counts((key) => key === KEY, 3600, 0)
      .map(([time, b]) => [time - HOUR, b.searches, b.rows, b.errors]),
  ).toEqual([
    [0, 2, 20, 1],
    [3600, 1, 10, 0],
  ]);
  expect(third.lastDay(HOUR + 4000).get(KEY)).toMatchObject({ applied: { searches: 3, errors: 1 } });
  expect(third.lastDay(HOUR + 10 * 86_400).get(KEY)).toBeUndefined();
  expect((await third.runs(({ status }) => status === 'error', 10, 0))[0].message).toHaveLength(500);
  await third.close();
});

it('tells searches that applied a model from fits and summaries of it, also after a restart', async () => {
  const first = await Usage.open(folder, log);
  first.record(run(HOUR + 1));
  first.record(run(HOUR + 2, { kind: 'fit', rows: 1000, ms: 9000, status: 'error' }));
  first.record(run(HOUR + 3, { kind: 'summary', rows: 3 }));
  await first.close();
  const second = await Usage.open(folder, log);
  expect(second.lastDay(HOUR + 60)).toEqual(
    new Map([
      [
        KEY,
        {
          applied: expect.objectContaining({ searches: 1, rows: 10, errors: 0 }),
          all: expect.objectContaining({ searches: 3, rows: 1013, errors: 1 }),
        },
      ],
    ]),
  );
  expect(second.lastUse()).toEqual(new Map([[KEY, HOUR]]));
  expect(second.counts((key) => key === KEY, 3600, 0)).toMatchObject([[HOUR, { searches: 3 }]]);
  await second.close();
});

it('keeps a bounded log, and counts beyond it', async () => {
  const limits = { lines: 50, files: 3, recent: 60, flushMs: 1 };
  const usage = await Usage.open(folder, log, limits);
  for (let i = 0; i < 1000; i++) {
    usage.record(run(HOUR + i));
    if (i % 70 === 0) await usage.flush();
  }
  await usage.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('runs-'))).toHaveLength(3);
  const again = await Usage.open(folder, log, limits);
  expect(again.counts(all, 3600, 0)).toMatchObject([[HOUR, { searches: 1000, rows: 10_000 }]]);
  const runs = await again.runs(all, 1000, 0);
  expect(runs.length).toBeGreaterThan(100);
  expect(runs.length).toBeLessThanOrEqual(150);
  expect(runs.map(({ time }) => time)).toEqual(Array.from(runs, (_, i) => HOUR + 999 - i));
  await again.close();
});

it('starts with files that are no usage of ours', async () => {
  const usage = await Usage.open(folder, log);
  usage.record(run(HOUR));
  await usage.close();
  writeFileSync(join(folder, 'hours.json'), '[]');
  appendFileSync(join(folder, 'runs-1.jsonl'), 'null\n{"time":"now"}\n[]\n');
  const again = await Usage.open(folder, log);
  expect(again.counts(all, 86_400, 0)).toMatchObject([[expect.any(Number), { searches: 1 }]]);
});

it('goes on where the disk does not', async () => {
  writeFileSync(join(folder, '..', 'usage'), 'a file where the folder should be');
  const usage = await Usage.open(folder, log);
  usage.record(run(HOUR));
  await usage.close();
  expect(await usage.runs(all, 10, 0)).toHaveLength(1);
  expect(statSync(folder).isFile()).toBe(true);
});

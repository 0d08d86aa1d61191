/** Jobs that end in other ways than well, and many at once: nothing is left behind, and nobody else notices. */
import { KeplerError } from '../../container/contract/errors.ts';
import { until } from '../eventually.ts';
import { ALICE, Bench, FAULTY_WORKER, feed, fitSpec, into } from './harness.ts';

const ROWS = `a,y,crash,hang\n${Array.from({ length: 500 }, (_, i) => `${i},${2 * i},${i},${i}`).join('\n')}\n`;
const LINE = { algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], into: into('line') };

let bench: Bench;
beforeAll(async () => {
  bench = new Bench({ maxQueued: 4, fitWorkers: 1 }, FAULTY_WORKER);
  await bench.fit(LINE, [ROWS]);
});
afterAll(() => bench.close());

async function firstChunk(target: string, connection: number, job: string, finished = false) {
  const body = Buffer.from(ROWS);
  const intake = await bench.jobs.fit({
    meta: { job, chunk: 0, finished, spec: fitSpec({ ...LINE, targets: [target] }), search: { sid: job } },
    principal: ALICE,
    bytes: body.length,
    accept: 'splice',
    connection,
  });
  return { intake, reply: feed(intake, body) };
}

it('a worker that dies takes only its own job along', async () => {
  const crash = bench.fit({ ...LINE, targets: ['crash'] }, [ROWS]);
  const others = Promise.all(Array.from({ length: 5 }, () => bench.apply('line', 'a\n4\n')));
  await expect(crash).rejects.toMatchObject({ code: 'worker_lost' });
  for (const { csv } of await others) expect(Math.round(Number(csv.split(/[\n,]/)[3]))).toBe(8);
  await until(() => bench.spooled().length === 0);
  expect((await bench.fit(LINE, [ROWS]))[0].csv.split('\n').length).toBe(502);
});

it('a fit that hangs is ended with its connection; applies go on meanwhile; the one in the queue comes next', async () => {
  const hanging = await firstChunk('hang', 77, 'hanging', true);
  const failed = expect(hanging.reply).rejects.toMatchObject({ code: 'cancelled' });
  await until(() => bench.jobs.list().some(({ state }) => state === 'running'));
  const waiting = bench.fit(LINE, [ROWS]);
  for (let i = 0; i < 10; i++) await bench.apply('line', 'a\n1\n');
  await until(() => bench.jobs.list().some(({ state }) => state === 'queued'));
  expect(bench.jobs.list().find(({ state }) => state === 'queued')).toMatchObject({
    position: 1,
    kind: 'fit',
  });
  bench.jobs.disconnected(77);
  await failed;
  const [{ meta }] = await waiting;
  expect(meta.messages[0].text).toMatch(/^The fit was at position 1 in the queue/);
  expect(meta.metrics).toMatchObject({ queue_position: 1, queue_ms: expect.any(Number) });
  await until(() => bench.jobs.list().length + bench.spooled().length === 0);
});

it('a job between two chunks ends with its connection', async () => {
  const first = await firstChunk('y', 78, 'waiting');
  await first.reply;
  expect(bench.jobs.list()).toHaveLength(1);
  bench.jobs.disconnected(78);
  const body = Buffer.from(ROWS);
  await expect(
    bench.jobs.fit({
      meta: { job: 'waiting', chunk: 1, finished: true },
      principal: ALICE,
      bytes: body.length,
      accept: 'csv',
      connection: 78,
    }),
  ).rejects.toMatchObject({ code: 'unknown_job' });
});

it('an upload that breaks off frees its worker', async () => {
  for (let i = 0; i < 6; i++) {
    const broken = await bench.jobs.apply({
      meta: { job: `b${i}`, chunk: 0, finished: true, spec: { model: into('line'), options: {} } },
      principal: ALICE,
      bytes: 200_000,
      accept: 'csv',
      connection: 5,
    });
    await broken.write(Buffer.from('a\n1\n2\n'));
    broken.abort(new KeplerError('body_length', 'broken'));
    const fit = await bench.jobs.fit({
      meta: { job: `f${i}`, chunk: 0, finished: true, spec: fitSpec(LINE) },
      principal: ALICE,
      bytes: 200_000,
      accept: 'csv',
      connection: 5,
    });
    await fit.write(Buffer.from('a,y\n1,2\n'));
    fit.abort(new KeplerError('body_length', 'broken'));
  }
  expect((await bench.apply('line', 'a\n1\n')).csv).toMatch(/^a,predicted\(y\)\n1,/);
  await until(() => bench.jobs.list().length + bench.spooled().length === 0);
});

it('uploads that trickle in and replies that nobody reads keep no others waiting', async () => {
  const one = new Bench({ applyWorkers: 1 });
  try {
    await one.fit(LINE, [ROWS]);
    const rows = Buffer.from(`a\n${'1\n'.repeat(60_000)}`);
    const apply = () =>
      one.jobs.apply({
        meta: { job: 's', chunk: 0, finished: true, spec: { model: into('line'), options: {} } },
        principal: ALICE,
        bytes: rows.length,
        accept: 'csv',
        connection: 6,
      });
    const trickling = await apply();
    await trickling.write(rows.subarray(0, 70_000));
    const unread = await apply();
    await unread.write(rows);
    const reply = await unread.end();
    expect((await one.apply('line', 'a\n1\n')).csv).toMatch(/^a,predicted\(y\)\n1,/);
    reply.release();
    await trickling.write(rows.subarray(70_000));
    const whole = await trickling.end();
    expect(whole.bytes).toBe(reply.bytes);
    whole.release();
    await until(() => one.jobs.list().length === 0);
  } finally {
    await one.close();
  }
});

it('is ready once its workers are up, and no more when it ends', async () => {
  const one = new Bench({});
  await until(() => one.jobs.ready?.() === true);
  await one.close();
  expect(one.jobs.ready?.()).toBe(false);
});

it('many users at once share nothing but the catalogue', async () => {
  const users = Array.from({ length: 4 }, (_, i) => ({ ...ALICE, user: `user${i}` }));
  const fits = await Promise.all(
    users.map((principal, k) =>
      bench.fit(
        { ...LINE, into: into('same') },
        [ROWS.replace(/^(\d+),(\d+)/gm, (_, a) => `${a},${(k + 3) * a}`)],
        {
          principal,
        },
      ),
    ),
  );
  expect(fits.map((replies) => replies[0].meta.version?.version)).toEqual([1, 1, 1, 1]);
  const applied = await Promise.all(
    users.flatMap((principal) => [0, 1, 2].map(() => bench.apply('same', 'a\n10\n', { principal }))),
  );
  expect(applied.map(({ csv }) => Math.round(Number(csv.split(/[\n,]/)[3])))).toEqual(
    [3, 4, 5, 6].flatMap((k) => [10 * k, 10 * k, 10 * k]),
  );
});

it('an apply of a version is not changed by a fit', async () => {
  const model = { model: { namespace: 'user' as const, name: 'line', version: 1 }, options: {} };
  const before = await bench.apply(model, 'a\n5\n');
  await bench.fit(LINE, [ROWS.replace(/^(\d+),(\d+)/gm, '$1,7')]);
  expect((await bench.apply(model, 'a\n5\n')).csv).toBe(before.csv);
  expect((await bench.apply('line', 'a\n5\n')).csv).not.toBe(before.csv);
});

describe('limits', () => {
  it.each([
    [{ maxRows: 100 }, 'limit_rows'],
    [{ maxColumns: 3 }, 'limit_columns'],
    [{ maxSpoolBytes: 1000 }, 'limit_body'],
    [{ maxChunkBytes: 1000 }, 'limit_body'],
    [{ maxModelMb: 0.00001 }, 'limit_model_size'],
  ])('%p', async (settings, code) => {
    const small = new Bench(settings);
    try {
      await expect(small.fit(LINE, [ROWS])).rejects.toMatchObject({ code });
      await until(() => small.jobs.list().length + small.spooled().length === 0);
    } finally {
      await small.close();
    }
  });

  it('time', async () => {
    const small = new Bench({ maxFitSeconds: 0.1 }, FAULTY_WORKER);
    await expect(small.fit({ ...LINE, targets: ['hang'] }, [ROWS])).rejects.toMatchObject({
      code: 'limit_time',
    });
    await small.close();
  });
});

it('close ends what runs', async () => {
  const last = new Bench({}, FAULTY_WORKER);
  const fit = last.fit({ ...LINE, targets: ['hang'] }, [ROWS]);
  const failed = expect(fit).rejects.toMatchObject({ code: 'shutting_down' });
  await until(() => last.jobs.list().some(({ state }) => state === 'running'));
  await last.jobs.close(50);
  await failed;
});

import type { FitSpec } from '../../container/contract/requests.ts';
import { parseQuotas, quotaOf } from '../../container/jobs/quotas.ts';
import { Turns } from '../../container/jobs/turns.ts';
import type { JobInfo } from '../../container/jobs/types.ts';
import type { Principal } from '../../container/registry/types.ts';
import { readSettings } from '../../container/server/settings.ts';
import { until } from '../eventually.ts';
import { ALICE, Bench, FAULTY_WORKER, feed, fitSpec } from './harness.ts';

const ROWS = `a,y,hang\n${Array.from({ length: 500 }, (_, i) => `${i},${2 * i},${i}`).join('\n')}\n`;
const LINE = { algorithm: 'LinearRegression', targets: ['y'], fields: ['a'] };

function user(name: string, ...roles: string[]): Principal {
  return { ...ALICE, user: name, roles };
}

describe('KEPLER_QUOTAS', () => {
  test('is written in short, or as JSON', () => {
    const quotas = { power: { fits: 1, rows: 5_000_000 }, '*': { fits: 2 } };
    expect(parseQuotas('power:fits=1,rows=5000000; * : fits = 2 ;')).toEqual(quotas);
    expect(parseQuotas(JSON.stringify(quotas))).toEqual(quotas);
    expect(parseQuotas(' ')).toEqual({});
    expect(parseQuotas('admin:')).toEqual({ admin: {} });
  });

  test.each([
    ['power', /"power" lacks a colon/],
    ['power:fit=1', /"power" has an unknown limit "fit"; there are fits and rows/],
    ['power:fits=0', /fits of the role "power" must be a whole number of at least 1/],
    ['power:fits=', /fits of the role "power" must be a whole number/],
    ['power:fits=1;power:rows=2', /"power" is named twice/],
    ['{"power":', /begins like JSON/],
    ['{"power":3}', /"power" needs limits/],
    ['{"power":{"rows":"many"}}', /rows of the role "power" must be a whole number/],
  ])('names what is wrong: %s', (text, message) => {
    expect(() => parseQuotas(text)).toThrow(message);
    const environment = { KEPLER_HOME: '/h', KEPLER_TRUSTED_KEYS: '/k', KEPLER_QUOTAS: text };
    expect(() => readSettings(environment)).toThrow(message);
  });

  test('is a setting of the runtime', () => {
    const environment = { KEPLER_HOME: '/h', KEPLER_TRUSTED_KEYS: '/k', KEPLER_QUOTAS: 'user:rows=10' };
    expect(readSettings(environment).jobs.quotas).toEqual({ user: { rows: 10 } });
  });

  test('of several roles the most generous counts, limit by limit', () => {
    const quotas = parseQuotas('user:fits=1,rows=100;power:fits=3,rows=50;admin:;*:fits=1');
    expect(quotaOf(quotas, ['user', 'power'])).toEqual({
      fits: { role: 'power', most: 3 },
      rows: { role: 'user', most: 100 },
    });
    expect(quotaOf(quotas, ['user', 'admin'])).toEqual({});
    expect(quotaOf(quotas, ['guest'])).toEqual({ fits: { role: '*', most: 1 } });
    expect(quotaOf(quotas, ['*', 'user'])).toEqual(quotaOf(quotas, ['user']));
    expect(quotaOf(parseQuotas('user:fits=1'), ['guest'])).toEqual({});
    expect(quotaOf(undefined, ['user'])).toEqual({});
  });
});

test('who waits for the own quota holds up nobody, and comes in turn', async () => {
  const turns = new Turns(2, 10);
  const one = { role: 'power', most: 1 };
  const done: string[] = [];
  const take = (who: string, name: string, limit?: typeof one) =>
    void turns.take(who, { user: name, limit }).then(() => done.push(who));
  take('a1', 'ana', one);
  take('a2', 'ana', one);
  take('b1', 'bob');
  take('c1', 'cy');
  take('a3', 'ana', one);
  await Promise.resolve();
  expect(done).toEqual(['a1', 'b1']);
  expect(turns.reason('a2')).toBe('power may run 1 fit at a time');
  expect(turns.reason('c1')).toBe('the runtime runs 2 at a time (KEPLER_FIT_WORKERS)');
  expect(['a2', 'c1', 'a3'].map((who) => turns.position(who))).toEqual([1, 2, 3]);
  turns.done('b1');
  await Promise.resolve();
  expect(done).toEqual(['a1', 'b1', 'c1']);
  turns.done('a1');
  await Promise.resolve();
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2']);
  turns.done('c1');
  turns.done('a2');
  await Promise.resolve();
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  turns.done('a3');
  expect(turns.reason('a3')).toBeUndefined();
});

describe('in a runtime', () => {
  let bench: Bench;
  beforeAll(() => {
    const quotas = parseQuotas('power:fits=1;user:rows=400;*:fits=1');
    bench = new Bench({ fitWorkers: 4, quotas }, FAULTY_WORKER);
  });
  afterAll(() => bench.close());

  async function send(principal: Principal, spec: Partial<FitSpec>, connection: number, job: string) {
    const body = Buffer.from(ROWS);
    const intake = await bench.jobs.fit({
      meta: { job, chunk: 0, finished: true, spec: fitSpec({ ...LINE, ...spec }), search: { sid: job } },
      principal,
      bytes: body.length,
      accept: 'splice',
      connection,
    });
    return { reply: feed(intake, body) };
  }

  const jobsAre = (is: (jobs: JobInfo[]) => boolean): Promise<void> => until(() => is(bench.jobs.list()));

  test('one fit of a user runs, the next waits and says why; other users go on', async () => {
    const ana = user('ana', 'power');
    const hanging = await send(ana, { targets: ['hang'] }, 90, 'first');
    const failed = expect(hanging.reply).rejects.toMatchObject({ code: 'cancelled' });
    await jobsAre((jobs) => jobs.some(({ state }) => state === 'running'));
    const second = await send(ana, {}, 91, 'second');
    const third = await send(ana, {}, 92, 'third');
    await jobsAre((jobs) => jobs.filter(({ state }) => state === 'queued').length === 2);
    expect(bench.jobs.list().find(({ job }) => job === 'third')).toMatchObject({
      state: 'queued',
      position: 2,
      reason: 'power may run 1 fit at a time',
      role: 'power',
    });
    const others = await Promise.all(
      ['bob', 'cy', 'dee'].map((name) => bench.fit(LINE, [ROWS], { principal: user(name, 'power') })),
    );
    for (const [{ meta }] of others) expect(meta.metrics).not.toHaveProperty('queue_position');
    expect(bench.jobs.list().filter(({ state }) => state === 'queued')).toHaveLength(2);
    bench.jobs.disconnected(90);
    await failed;
    const { meta } = await second.reply;
    expect(meta.messages[0].text).toMatch(
      /^The fit was at position 1 in the queue and waited .* for its turn: power may run 1 fit at a time\.$/,
    );
    expect((await third.reply).meta.metrics).toMatchObject({ queue_position: 2 });
    await jobsAre(({ length }) => length === 0);
  });

  test('users of no named role have the quota of all others', async () => {
    const hanging = await send(user('eve', 'guest'), { targets: ['hang'] }, 93, 'guest1');
    const failed = expect(hanging.reply).rejects.toMatchObject({ code: 'cancelled' });
    await jobsAre((jobs) => jobs.some(({ state }) => state === 'running'));
    const second = await send(user('eve', 'guest'), {}, 94, 'guest2');
    await jobsAre((jobs) => jobs.some(({ state }) => state === 'queued'));
    expect(bench.jobs.list().find(({ job }) => job === 'guest2')?.reason).toBe(
      'each user may run 1 fit at a time',
    );
    bench.jobs.disconnected(93);
    await failed;
    await second.reply;
  });

  test('too many rows are refused as they come, naming role, limit and remedy', async () => {
    await expect(bench.fit(LINE, [ROWS], { principal: user('flo', 'user') })).rejects.toMatchObject({
      code: 'limit_rows',
      message: expect.stringMatching(
        /^user may fit 400 rows at most \(KEPLER_QUOTAS\), and the search has more: 500 so far\. .*sample 400/,
      ),
    });
    await until(() => bench.spooled().length === 0);
    const half = `${ROWS.split('\n').slice(0, 401).join('\n')}\n`;
    await bench.fit(LINE, [half], { principal: user('flo', 'user') });
    // One role more, and the rows have no limit.
    await bench.fit(LINE, [ROWS], { principal: user('flo', 'user', 'power') });
    await bench.score({ method: 'r2_score', a: ['y'], b: ['a'], options: {} }, [ROWS]);
  });
});

test('a fit tells how far it is while it runs', async () => {
  const bench = new Bench();
  try {
    const lines = ['a,b,y'];
    for (let i = 0; i < 20_000; i++)
      lines.push(`${i % 97},${(i * 31) % 89},${((i * 7919) % 101) + (i % 97)}`);
    let over = false;
    const fit = bench
      .fit(
        {
          algorithm: 'RandomForestRegressor',
          targets: ['y'],
          fields: ['a', 'b'],
          options: { n_estimators: '600', max_depth: '6', random_state: '1' },
          into: { namespace: 'user', name: 'watched' },
        },
        [`${lines.join('\n')}\n`],
      )
      .finally(() => (over = true));
    const seen: JobInfo[] = [];
    while (!over) {
      seen.push(...bench.jobs.list());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await fit;
    expect(
      seen.every(({ model, app, user: who }) => model === 'watched' && app === 'search' && who === 'alice'),
    ).toBe(true);
    const shares = seen.flatMap(({ progress }) => (progress === undefined ? [] : [progress]));
    expect(new Set(shares).size).toBeGreaterThan(1);
    expect(shares).toEqual([...shares].sort((x, y) => x - y));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(seen.map(({ stage }) => stage)).toContainEqual(expect.stringMatching(/^tree \d+ of 600$/));
    await until(() => bench.jobs.list().length === 0);
  } finally {
    await bench.close();
  }
}, 180_000);

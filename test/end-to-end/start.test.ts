import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../eventually.ts';
import type { Results } from './kepler.ts';
import { Kepler, ended, isAlive, openSpools } from './kepler.ts';

let kepler: Kepler;
beforeEach(() => {
  kepler = new Kepler();
});
afterEach(() => kepler.clean());

test('start says where everything is, and SIGTERM ends all of it', async () => {
  await kepler.start();
  const { splunkHome, splunkd, runtime, pid } = kepler.info;
  expect(kepler.output).toContain(`export SPLUNK_HOME=${splunkHome}\n`);
  expect(kepler.output).toContain(`runtime pid ${runtime.pid}\n`);
  expect(runtime.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(runtime.socket).toMatch(/^unix:\//);
  expect((await fetch(`${runtime.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${splunkd}/services/server/info`)).status).toBe(401);
  expect(await kepler.stop()).toBe(0);
  await until(() => !isAlive(runtime.pid) && !isAlive(pid));
  expect(existsSync(join(kepler.state, 'sandbox.json'))).toBe(false);
});

test('a second start is refused and leaves the first one alone', async () => {
  await kepler.start();
  const second = await kepler.run('start');
  expect(second).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/A sandbox is up already \(process \d+\)/),
  });
  expect(isAlive(kepler.info.runtime.pid)).toBe(true);
});

test('what a killed sandbox left behind is cleared away by the next', async () => {
  await kepler.start();
  const { runtime } = kepler.info;
  await kepler.stop('SIGKILL');
  expect(isAlive(runtime.pid)).toBe(true);
  kepler.output = '';
  await kepler.start();
  await until(() => !isAlive(runtime.pid));
  expect(kepler.info.runtime.pid).not.toBe(runtime.pid);
});

test('a runtime that is killed in mid-fit fails the search with a message, starts again, and keeps its models', async () => {
  await kepler.start();
  const made = await kepler.search(
    '| makeresults count=20 | streamstats count as x | eval y=x*2 | fit LinearRegression y from x into kept',
  );
  expect(made.status).toBe(0);
  const { runtime } = kepler.info;
  const long = ended(
    kepler.spawn([
      'search',
      '--format',
      'json',
      '| makeresults count=3000000 | eval x=random(), y=random() | fit KMeans x y k=8 into never',
    ]),
  );
  await until(() => openSpools(runtime.pid) > 0);
  process.kill(runtime.pid, 'SIGKILL');
  const { status, stdout } = await long;
  expect(status).toBe(1);
  const { messages } = JSON.parse(stdout) as { messages: { type: string; text: string }[] };
  expect(messages.filter(({ type }) => type === 'ERROR')).toHaveLength(1);
  expect(messages[0].text).toMatch(/runtime/i);
  await until(() => kepler.info.runtime.pid !== runtime.pid);
  // What is printed comes by a pipe.
  await until(() => kepler.output.includes(`runtime pid ${kepler.info.runtime.pid}\n`));
  expect(kepler.output).toMatch(/runtime was ended by signal SIGKILL; starting it again/);
  const { results } = await kepler.search('| listmodels');
  expect(results.map((row) => row.name)).toEqual(['kept']);
  expect(readdirSync(join(kepler.state, 'runtime/spool'))).toEqual([]);
});

test('an interrupted search ends its commands and its job in the runtime', async () => {
  await kepler.start();
  const child = kepler.spawn([
    'search',
    '| makeresults count=3000000 | eval x=random() | fit KMeans x k=8 into never',
  ]);
  const outcome = ended(child);
  const { pid } = kepler.info.runtime;
  await until(() => openSpools(pid) > 0);
  child.kill('SIGINT');
  expect(await outcome).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The search was cancelled.'),
  });
  await until(() => openSpools(pid) === 0);
  expect(readdirSync(join(kepler.info.splunkHome, 'var/run/splunk/dispatch'))).toEqual([]);
});

test('without a sandbox a search brings its own, two at once take turns, and models stay', async () => {
  const search = (name: string) =>
    kepler.search(
      `| makeresults count=5 | streamstats count as x | eval y=x*x | fit LinearRegression y from x into ${name}`,
    );
  const outcomes = await Promise.all([search('one'), search('two')]);
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0]);
  expect((await kepler.search('| listmodels')).results.map((row) => row.name).sort()).toEqual(['one', 'two']);
  expect(existsSync(join(kepler.state, 'sandbox.json'))).toBe(false);
});

test('a runtime that cannot start says why, in the form that was asked for', async () => {
  mkdirSync(join(kepler.state, 'runtime'), { recursive: true });
  writeFileSync(join(kepler.state, 'runtime', 'models'), 'in the way');
  const { status, stdout, stderr } = await kepler.run('search', '--format', 'json', '| listmodels');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  const [{ type, text }] = (JSON.parse(stdout) as Results).messages;
  expect(type).toBe('ERROR');
  expect(text).toMatch(
    /^The runtime ended with status 1 before it was listening\. .*models.*\(Its log is .*\)$/,
  );
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXECUTABLE } from '../../build/targets.ts';
import { parseConf } from '../../splunk_app/src/bridge/conf-file.ts';
import { DEFAULT_IMAGE } from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import { headKey } from '../../splunk_app/src/bridge/identity.ts';
import { HecReceiver } from '../../sandbox/hec/receiver.ts';
import { HecTokens } from '../../sandbox/hec/tokens.ts';
import { IndexStore } from '../../sandbox/indexes/index-store.ts';
import { disconnect } from '../browser/disconnect.ts';
import { axeViolations, BrowserHarness, missingForBrowser } from '../browser/harness.ts';
import { CommandProcess, errorsOf } from '../app/splunkd.ts';
import { SearchHead } from '../sandbox/search-head.ts';
import { docker, imageForTests, TRAINING, withEngine } from './stage.ts';

// The first of the files builds the image.
jest.setTimeout(600_000);

/** By it alone the search head knows its own: nobody else's main is touched. */
const ownLabel = (splunkHome: string): string => `label=kepler.installation=${headKey(splunkHome).kid}`;

function removeAll(own: string): void {
  const list = (...args: string[]) =>
    docker(...args, '--quiet', '--filter', own)
      .split('\n')
      .filter(Boolean);
  const containers = list('ps', '--all');
  if (containers.length > 0) docker('rm', '--force', '--volumes', ...containers);
  // Also those of a runtime that was removed.
  const volumes = list('volume', 'ls');
  if (volumes.length > 0) docker('volume', 'rm', ...volumes);
}

/** The engine calls it starting until its first health test. */
const UP: unknown = expect.stringMatching(/^(running|starting)$/);

/**
 * What an administrator does on a new search head: the app is installed, nothing is configured, no key is made. Each search runs
 * by the real command executable, against a stand-in for splunkd and the real engine.
 */
withEngine('kepler and keplerctl, from an empty installation', () => {
  let head: SearchHead;
  let image: string;

  beforeAll(async () => {
    ({ image } = await imageForTests());
    head = await SearchHead.start('splunk_app');
    head.lookup('line.csv', TRAINING);
  });
  afterAll(async () => {
    if (head) removeAll(ownLabel(head.home.path));
    await head?.stop();
  });

  const rows = async (search: string, user = 'admin') => {
    const found = await head.search(search, { user });
    if (found.error !== undefined) throw new Error(found.error);
    return found.rows;
  };
  const refusal = async (search: string, user = 'admin') =>
    (await head.search(search, { user })).error ?? 'it was not refused';
  const main = () => {
    const path = join(head.home.path, 'etc/apps/kepler/local/kepler.conf');
    return existsSync(path)
      ? Object.fromEntries(parseConf(readFileSync(path, 'utf8')).get('runtime:main') ?? [])
      : {};
  };
  const apply = "| inputlookup line.csv | head 3 | kapply line | eval p=round('predicted(y)', 6)";

  test('nothing is there yet, and each says what to do', async () => {
    expect(await rows('| kepler runtimes')).toMatchObject([
      { name: 'main', engine: 'none', state: 'not connected', remedy: expect.stringContaining('enrol') },
    ]);
    expect(await rows('| kepler health check=engine')).toMatchObject([
      { step: 'kepler.conf', state: 'ok' },
      { step: 'The engine answers', state: 'ok', message: expect.stringMatching(/^Docker \d/) },
      { step: 'Images', state: 'ok', message: expect.stringContaining('cpu') },
    ]);
    expect(await refusal('| inputlookup line.csv | kfit LinearRegression y from a into line')).toMatch(
      /No runtime is set/,
    );
    expect(await refusal('| keplerctl runtime stop main')).toMatch(/was not started by Kepler/);
    expect(await refusal('| keplerctl runtime start main', 'ana')).toMatch(/edit_kepler_runtimes/);
  });

  test('images are listed with what is in them, and the one that this release asks for where it is missing', async () => {
    const found = await rows('| kepler images');
    expect(found.find((row) => row.image === image)).toMatchObject({
      tag: 'cpu',
      built: 'true',
      about: expect.stringContaining('built-in'),
      base: expect.stringMatching(/./),
      runtimes: 'cpu',
    });
    expect(found.filter((row) => row.image === DEFAULT_IMAGE)).toHaveLength(1);
    expect(found.find(({ tag }) => tag === 'enterprise-cpu')).toMatchObject({
      built: 'false',
      packages: expect.stringContaining('torch'),
    });
    expect(await rows('| kepler images gpu')).toEqual([]);
    expect(await refusal('| keplerctl runtime start main image=kepler-nothing:1')).toMatch(
      /no image kepler-nothing:1/,
    );
    expect(await refusal('| keplerctl runtime start main cpu=many memory=some')).toMatch(
      /cpu = many.*memory_mb = some/,
    );
    expect(main()).toEqual({});
  });

  test('start creates main and connects it: fit and apply run in the container', async () => {
    const done = await rows(`| keplerctl runtime start main image=${image} memory=512m cpu=1`);
    expect(done).toMatchObject([
      { object: 'runtime main', change: 'created', before: null, after: 'running' },
      { change: 'engine', after: 'docker' },
      { change: 'image', after: expect.stringMatching(/^kepler-cpu:/) },
      { change: 'memory_mb', after: '512' },
      { change: 'cpu', after: '1' },
      { change: 'url', after: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/) },
      { change: 'fingerprint', after: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
    const changed = done.slice(1).map(({ change, after }) => [change, after]);
    expect(main()).toEqual(Object.fromEntries(changed));
    expect(await rows('| kepler health check=runtime')).toMatchObject(Array(5).fill({ state: 'ok' }));
    expect(await rows('| kepler runtimes')).toMatchObject([
      {
        name: 'main',
        state: 'running',
        engine: 'docker',
        memory_limit_bytes: String(512 << 20),
        models: '0',
      },
    ]);
    await rows('| inputlookup line.csv | kfit LinearRegression y from a into line');
    expect((await rows(apply)).map(({ p }) => Number(p))).toEqual([2, 5, 8]);
    expect(await rows('| keplerctl runtime start main')).toMatchObject([{ change: 'already running' }]);
  });

  test('health check=hec tells what is missing, and sends an event when nothing is', async () => {
    expect(await rows('| kepler health check=hec')).toMatchObject([
      { step: 'Address', state: 'attention', message: expect.stringContaining('No address') },
      ...Array(4).fill({ state: 'ok' }),
    ]);
    const tokens = new HecTokens(head.home.path);
    tokens.prepare();
    const hec = await HecReceiver.listen({ tokens, indexes: new IndexStore(head.home.path) });
    try {
      await rows(`| keplerctl set hec.url=${hec.url}`);
      expect((await rows('| kepler health check=hec')).map(({ state }) => state)).toEqual([
        'ok',
        'ok',
        'ok',
        'failed',
        'not tried',
      ]);
      await head.storePassword('hec_token', tokens.all()[0].token);
      expect(await rows('| kepler health check=hec')).toMatchObject(Array(5).fill({ state: 'ok' }));
    } finally {
      await hec.close();
    }
  });

  test('stop and restart end no job unasked', async () => {
    const job = new CommandProcess('kfit', { SPLUNK_HOME: head.home.path }, [EXECUTABLE.output]);
    await job.getinfo('LinearRegression y from a into line');
    try {
      // Its last rows have not come: the job waits for them.
      expect(errorsOf(await job.execute(TRAINING, false))).toEqual([]);
      expect(await rows('| kepler jobs')).toMatchObject([{ kind: 'fit', user: 'eve' }]);
      for (const verb of ['stop', 'restart', 'remove']) {
        expect(await refusal(`| keplerctl runtime ${verb} main`)).toMatch(
          /1 job runs in main: fit of eve.*force/,
        );
      }
      // Other limits need another container.
      expect(await refusal('| keplerctl runtime start main pids=300')).toMatch(/1 job runs in main/);
      const restarting = rows('| keplerctl runtime restart main force=true');
      // It waits for the job a while; the search is ended, as by its user.
      job.process.kill();
      expect(await restarting).toMatchObject([{ change: 'restarted', before: UP, after: 'running' }]);
    } finally {
      await job.end();
    }
    expect(await rows('| kepler jobs')).toEqual([]);
    expect((await rows(apply)).map(({ p }) => Number(p))).toEqual([2, 5, 8]);
  });

  test('what is stopped stays so, says so, and starts again where it was', async () => {
    const { url } = main();
    expect(await rows('| keplerctl runtime stop main')).toMatchObject([
      { change: 'stopped', before: UP, after: 'stopped' },
    ]);
    expect(await rows('| kepler runtimes')).toMatchObject([{ state: 'stopped' }]);
    expect(await refusal(apply)).toMatch(/cannot be reached/);
    expect(await rows('| keplerctl runtime start main')).toMatchObject([{ change: 'started' }]);
    expect(main().url).toBe(url);
    expect((await rows(apply)).map(({ p }) => Number(p))).toEqual([2, 5, 8]);
    expect((await rows('| kepler runtimes main logs=50')).map(({ line }) => line).join()).toContain(
      'listening',
    );
    const events = (await rows('| kepler runtimes main events=50')).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['create', 'start', 'stop', 'die']));
  });

  test('remove keeps the models, and kepler.conf no longer says where it was', async () => {
    expect(await rows('| keplerctl runtime remove main')).toMatchObject([{ before: UP, after: null }]);
    expect(main()).toMatchObject({ engine: 'docker', url: '', fingerprint: '', removed: 'true' });
    expect(docker('ps', '--all', '--quiet', '--filter', 'name=^kepler-main$')).toBe('');
    expect(await rows('| kepler runtimes')).toMatchObject([
      {
        state: 'stopped',
        reason: expect.stringContaining('removed'),
        remedy: expect.stringContaining('start main'),
      },
    ]);
    expect(await refusal(apply)).toMatch(/has no container.*keplerctl runtime start main/);
    expect(await refusal('| keplerctl runtime stop main')).toMatch(/has no container/);
    expect(await rows('| keplerctl runtime start main')).toMatchObject([{ change: 'created' }, {}, {}, {}]);
    expect(main()).toMatchObject({ removed: 'false' });
    expect((await rows(apply)).map(({ p }) => Number(p))).toEqual([2, 5, 8]);
  });

  test('the audit log has every use, also those that were refused', () => {
    const log = readFileSync(join(head.home.path, 'var/log/splunk/kepler_audit.log'), 'utf8');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    const of = (verb: string) =>
      lines.filter((line) => line.verb === verb).map(({ user, outcome }) => `${user} ${outcome}`);
    expect(of('runtime remove')).toEqual(['admin begun', 'admin refused', 'admin begun', 'admin done']);
    expect(of('runtime start')).toContain('ana refused');
  });
});

const noBrowser = missingForBrowser(['setup', 'runtimes']);
const withEngineAndBrowser: typeof withEngine =
  noBrowser === undefined
    ? withEngine
    : (((name: string, body: () => void) =>
        describe.skip(`${name} (skipped: ${noBrowser})`, body)) as typeof withEngine);

/** Stands in this file for its runtime is main too: test files run at the same time. */
withEngineAndBrowser('the page Setup, from an empty installation', () => {
  let harness: BrowserHarness;
  let image: string;

  beforeAll(async () => {
    ({ image } = await imageForTests());
    harness = await BrowserHarness.start();
    disconnect(harness);
  });
  afterAll(async () => {
    if (!harness) return;
    const { splunkHome } = harness.sandbox.info;
    const own = ownLabel(splunkHome);
    // Its inputs first: the watcher would look after what is taken away here.
    await harness.stop();
    removeAll(own);
  });

  test('starts a runtime by Docker, fits the first model in it, and Runtimes stops it', async () => {
    const page = await harness.page();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(harness.address('app/kepler/setup'));
    await page.getByRole('button', { name: 'Test the engine' }).click();
    await page.getByText(/^The test passed: 3 steps in/).waitFor();
    await page.getByLabel('Image').click();
    await page.getByRole('option', { name: image }).click();
    await page.getByLabel('Memory').fill('1');
    await page.getByRole('button', { name: 'Start the runtime' }).click();
    // The runtime itself was tried, with a small fit.
    await page.getByText(/^The test passed: 6 steps in/).waitFor({ timeout: 60_000 });
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('button', { name: /^4 / }).click();
    await page.getByRole('button', { name: 'Fit the first model' }).click();
    await page.getByText(/^my_first_model is ready after/).waitFor({ timeout: 60_000 });

    await page.goto(harness.address('app/kepler/runtimes'));
    await page.getByText('1 runtime: 1 running').waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('log').getByText('listening').first().waitFor();
    await page.getByRole('button', { name: 'Stop main' }).click();
    await page.getByText('main is stopped.').waitFor();
    await page.getByRole('button', { name: 'Start main' }).click();
    await page.getByText('main is started.').waitFor();
  });
});

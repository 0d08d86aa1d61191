import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserHarness, axeViolations, describeInBrowser } from './harness.ts';
import { disconnect } from './disconnect.ts';
import { runSearch } from './run-search.ts';

describeInBrowser('the first run', ['setup', 'models', 'model'], () => {
  let harness: BrowserHarness;
  let far: ChildProcess | undefined;
  const home = mkdtempSync(join(tmpdir(), 'kepler-first-run-'));
  const file = (name: string): string => join(home, name);

  beforeAll(async () => {
    harness = await BrowserHarness.start();
    disconnect(harness);
    far = spawn(process.execPath, ['dist/runtime/main.mjs'], {
      env: {
        PATH: process.env.PATH,
        KEPLER_HOME: home,
        KEPLER_TRUSTED_KEYS: file('keys'),
        KEPLER_LISTEN: 'https://127.0.0.1:0',
        KEPLER_LOG_LEVEL: 'fatal',
      },
      stdio: 'ignore',
    });
    while (!existsSync(file('runtime.json')) || !existsSync(file('enrolment.json')))
      await new Promise((done) => setTimeout(done, 50));
  });
  afterEach(() => harness.closePages());
  afterAll(async () => {
    far?.kill('SIGKILL');
    await harness?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('goes from an empty installation over enrolment to a model that can be applied', async () => {
    const { urls } = JSON.parse(readFileSync(file('runtime.json'), 'utf8')) as { urls: string[] };
    const { code } = JSON.parse(readFileSync(file('enrolment.json'), 'utf8')) as { code: string };
    const begun = Date.now();
    const page = await harness.page();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // What a new installation opens with: Models has none, and leads to Setup.
    await page.goto(harness.address('app/kepler/setup'));
    await page.getByRole('heading', { name: 'Connect a runtime' }).waitFor();
    await page.getByText('Not connected').first().waitFor();
    await page.getByLabel('Somewhere else').check({ force: true });
    await page.getByLabel('Address').fill(urls[0]);
    await page.getByLabel('Enrolment code').fill('K1-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    // Of another runtime, or mistyped: it was not sent anywhere, and the right one still works.
    await page.getByText('The runtime was not connected.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Enrolment code').fill(code);
    await page.getByRole('button', { name: /^(Connect|Save anyway)$/ }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('heading', { name: 'Limits', exact: true }).waitFor();
    await page.getByRole('button', { name: /^4 / }).click();
    await page.getByRole('button', { name: 'Fit the first model' }).click();
    await page.getByText(/^my_first_model is ready after/).waitFor();
    await page.getByRole('link', { name: 'Look at the model' }).click();
    await page.getByRole('heading', { name: 'my_first_model' }).waitFor();
    process.stderr.write(`first run: ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);

    const { results } = await runSearch(page, '| inputlookup penguins.csv | head 3 | apply my_first_model');
    expect(results).toHaveLength(3);
    expect(existsSync(join(home, 'models/user/admin/my_first_model'))).toBe(true);
    const conf = readFileSync(
      join(harness.sandbox.info.splunkHome, 'etc/apps/kepler/local/kepler.conf'),
      'utf8',
    );
    expect(conf).toContain(urls[0]);
    expect(conf).not.toContain(code);
  });
});

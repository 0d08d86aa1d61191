import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { BrowserHarness, axeViolations, describeInBrowser, type PageOptions } from './harness.ts';
import { inventRows } from './invented-rows.ts';
import { runSearch } from './run-search.ts';

const TOKEN_FIELD = 'Token';

describeInBrowser('the page Setup', ['setup'], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start();
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  const open = async (step: string, options: PageOptions = {}): Promise<Page> => {
    const page = await harness.page(options);
    // Without motion: axe would measure colours on their way.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(harness.address(`app/kepler/setup?step=${step}`, options.locale));
    await page.locator('h2').first().waitFor();
    // What can be pressed depends on whether a runtime answers.
    await page
      .getByRole('button', { name: /^1 / })
      .getByText(/Running|En marcha/)
      .waitFor();
    return page;
  };
  const localConf = (name: string): string =>
    readFileSync(join(harness.sandbox.info.splunkHome, 'etc/apps/kepler/local', name), 'utf8');

  test('leads from an installation with a runtime to a model, and tells Splunk that the app is set up', async () => {
    // A runtime is there already, so the step that is due is the last: none is named.
    const page = await open('');
    await page.getByRole('button', { name: 'Fit the first model' }).click();
    await page.getByText(/^my_first_model is ready after/).waitFor();
    await page.getByText(/Kepler is set up\./).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await eventually(() => expect(localConf('app.conf')).toMatch(/is_configured\s*=\s*(1|true)/));
    const { results } = await runSearch(page, '| kepler models my_first_model');
    expect(results).toMatchObject([{ name: 'my_first_model', algorithm: 'RandomForestClassifier' }]);
    await page.getByRole('link', { name: 'Look at the model' }).click();
    await page.waitForURL(/\/app\/kepler\/model\?name=my_first_model$/);
  });

  test('tells who may not set up why, and shows no form', async () => {
    const page = await harness.open('setup', { user: 'ana' });
    await page.getByText('Setup is for administrators of Kepler').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
  });

  test.each([
    ['runtime', 'light'],
    ['telemetry', 'dark'],
    ['limits', 'light'],
    ['limits', 'dark'],
    ['first', 'dark'],
  ] as const)('axe finds nothing in the step %s, %s', async (step, theme) => {
    const page = await open(step, { theme, width: theme === 'dark' ? 1920 : 1280 });
    expect(await axeViolations(page)).toEqual([]);
  });

  test('is in Spanish where the address is', async () => {
    const page = await open('limits', { locale: 'es-ES' });
    await page.getByRole('columnheader', { name: 'Predeterminado' }).waitFor();
    expect(await page.textContent('h1')).toBe('Configuración');
  });

  test('tries the runtime that is connected, with a fit', async () => {
    const page = await open('runtime');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/^The test passed: 6 steps in/).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'A tiny fit' })
      .getByText('20 rows came back')
      .waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test('says at which step an address fails and what to do; a wrong one does not leave the page', async () => {
    const page = await open('runtime');
    await page.getByRole('button', { name: 'Connect another…' }).click();
    await page.getByLabel('Somewhere else').check({ force: true });
    await page.getByLabel('Address').fill('http://ml01.example.com:8600');
    await page.getByRole('button', { name: 'Test the address' }).click();
    await page.getByText('The address begins with https://.').waitFor();
    await page.getByLabel('Address').fill('https://127.0.0.1:9');
    await page.getByRole('button', { name: 'Test the address' }).click();
    await page.getByText('The test failed at step 3 of 5: Port answers').waitFor();
    await page.getByText(/Start the runtime there; check the port/).waitFor();
    // The button that was pressed keeps the focus, under its new name.
    await eventually(async () => {
      expect(await page.getByText('not tried').count()).toBe(2);
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Test again');
    });
    expect(await axeViolations(page)).toEqual([]);
  });

  test('tries HEC with a wrong and a right token, keeps it secret, and never shows it again', async () => {
    const { url, token } = harness.sandbox.info.hec;
    const page = await open('telemetry');
    const sent: string[] = [];
    page.on('request', (request) => {
      const body = new URLSearchParams(request.postData() ?? '');
      sent.push(request.url(), body.get('search') ?? '');
    });
    await page.getByLabel('Address').fill(url);
    await page.getByLabel(TOKEN_FIELD).fill('00000000-0000-0000-0000-000000000000');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('The test failed at step 5 of 5: An event is taken').waitFor();
    await page.getByLabel(TOKEN_FIELD).fill(token);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText(/^The test passed: 5 steps in/).waitFor();
    await eventually(async () => expect(await page.getByLabel(TOKEN_FIELD).inputValue()).toBe(''));
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByRole('heading', { name: 'Limits', exact: true }).waitFor();
    expect(localConf('kepler.conf')).toContain(url);
    expect(localConf('kepler.conf')).not.toContain(token);
    expect(sent.filter((text) => text.includes(token))).toEqual([]);

    const again = await open('telemetry');
    await again.getByPlaceholder('Stored. Type to replace').waitFor();
    await eventually(async () => expect(await again.getByLabel('Address').inputValue()).toBe(url));
    expect(await again.content()).not.toContain(token);
  });

  test('saves limits that are numbers, and the runtime takes them', async () => {
    const page = await open('limits');
    const field = page.getByLabel('Value of maxRows');
    await field.fill('many');
    await page.getByText('A whole number, or nothing.').waitFor();
    await field.fill('123456');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('1 limit is saved.').waitFor();
    const { results } = await runSearch(page, '| kepler settings maxRows');
    expect(results).toMatchObject([{ value: '123456', source: 'set' }]);
    await field.fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForFunction(
      'document.querySelector("[aria-label=\'Value of maxRows\']").value === "100000000"',
    );
  });

  test('shows and sets the limits of another runtime, where there are several', async () => {
    const page = await harness.page();
    const sets: string[] = [];
    await inventRows(page, (spl) => {
      if (spl === '| kepler runtimes')
        return ['main', 'gpu-lab'].map((name) => ({ name, state: 'running', may_change: 'true' }));
      if (spl === '| kepler settings runtime=gpu-lab')
        return [{ setting: 'maxRows', value: '777', default: '100000000', source: 'set', about: 'Rows.' }];
      if (!spl.startsWith('| keplerctl set')) return undefined;
      sets.push(spl);
      return [{ object: 'maxRows', change: 'set', before: '777', after: '888' }];
    });
    await page.goto(harness.address('app/kepler/setup?step=limits&runtime=gpu-lab'));
    const field = page.getByLabel('Value of maxRows');
    await eventually(async () => expect(await field.inputValue()).toBe('777'));
    await field.fill('888');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('1 limit is saved.').waitFor();
    expect(sets).toEqual(['| keplerctl set runtime=gpu-lab maxRows=888']);
    await page.getByRole('combobox', { name: 'Runtime: gpu-lab' }).click();
    await page.getByRole('option', { name: 'main' }).click();
    await eventually(async () => expect(await field.inputValue()).toBe('100000000'));
    expect(page.url()).not.toContain('runtime=');
  });

  test('exports the commands to all apps after saying what that means, and takes it back', async () => {
    const page = await open('limits');
    await page.getByRole('button', { name: 'Export to all apps…' }).click();
    await page.getByText(/Every search of every app can then say fit/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export to all apps', exact: true }).click();
    await page.getByText('The plain names work in all apps', { exact: true }).waitFor();
    const { results } = await runSearch(page, '| kepler settings export');
    expect(results).toMatchObject([{ value: 'global' }]);
    await page.getByRole('button', { name: 'Back to this app only…' }).click();
    await page.getByRole('button', { name: 'Back to this app only', exact: true }).click();
    await page.getByText('The plain names work in this app only').waitFor();
  });
});

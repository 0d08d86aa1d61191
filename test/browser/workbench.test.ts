import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { BrowserHarness, axeViolations, describeInBrowser } from './harness.ts';
import { runSearch } from './run-search.ts';

describeInBrowser('the workbench', ['workbench'], () => {
  let harness: BrowserHarness;
  let folder: string;
  /** The page in Splunk that the workbench was opened from. */
  let splunk: Page;
  beforeAll(async () => {
    harness = await BrowserHarness.start((state) => (folder = join(state, 'runtime/templates-src')));
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  /** Opens it by the button on the page in Splunk. */
  const open = async (
    theme: 'light' | 'dark' = 'light',
    locale: 'en-US' | 'es-ES' = 'en-US',
  ): Promise<Page> => {
    splunk = await harness.open('workbench', { theme, locale });
    const [page] = await Promise.all([
      splunk.waitForEvent('popup'),
      splunk.getByRole('button', { name: /^(Open the workbench|Abrir el banco de trabajo)$/ }).click(),
    ]);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator('h1').waitFor();
    return page;
  };
  const editor = (page: Page) => page.getByRole('textbox', { name: /^Source of / });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  test('leads from nothing to a template that a search uses', async () => {
    const page = await open();
    const broken: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) broken.push(message.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(page.url()).origin) broken.push(request.url());
    });
    expect(new URL(page.url()).search).toBe('');

    // From the base.
    await button(page, 'New…').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Wear');
    await button(page, 'Make it').click();
    await editor(page).getByText("name: 'Wear'").waitFor();
    await page.getByRole('textbox', { name: 'shrink' }).waitFor();

    // A mistake is shown at its line, and goes with it.
    const line = page.locator('.cm-line', { hasText: 'const means = features.columns.map(mean);' });
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' const wrong = ;');
    await page.locator('.cm-lint-marker-error').waitFor();
    await page.locator('.cm-lintRange-error').waitFor();
    for (let n = ' const wrong = ;'.length; n > 0; n--) await page.keyboard.press('Backspace');
    await page.locator('.cm-lint-marker-error').waitFor({ state: 'detached' });

    // A run, with an option of the form.
    await page.getByRole('textbox', { name: 'shrink' }).fill('0.9');
    await button(page, 'Run').click();
    await page.getByText(/^Done in /).waitFor();
    await page.getByRole('columnheader', { name: 'predicted(wear)' }).waitFor();
    await page.getByRole('tab', { name: 'Metrics' }).click();
    await page.getByText('r2', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Plots' }).click();
    await page.getByRole('heading', { name: 'Residuals' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Logs' }).click();
    await page.getByRole('log').getByText('fitted').waitFor();

    // The run after it is compared with it.
    await page.getByRole('textbox', { name: 'shrink' }).fill('0.5');
    await editor(page).press('Control+Enter');
    await page.getByRole('tab', { name: 'Compare' }).click();
    const shrink = page.getByRole('row', { name: /^shrink/ });
    await shrink.waitFor();
    await eventually(async () => expect(await shrink.textContent()).toBe('shrink0.90.5'));

    // Changed and published, it is there for the next search.
    await page.locator('.cm-line', { hasText: 'default: 1,' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' // all of it');
    await button(page, 'Publish').click();
    await page.getByText('Wear v2 is served to the next fit.').waitFor();
    const { results } = await runSearch(
      splunk,
      '| inputlookup machine_readings.csv | fit Wear shrink=0.5 wear from temperature pressure into worn | head 1 | table predicted(wear)',
    );
    expect(Number(results?.[0]['predicted(wear)'])).not.toBeNaN();
    expect(existsSync(join(folder, 'Wear.ts'))).toBe(true);
    expect(broken).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('keeps what was not saved, saves by the keyboard, and shows what changed since a version', async () => {
    const page = await open('dark');
    await editor(page).getByText("name: 'Wear'").waitFor();
    await editor(page).press('Control+Home');
    await page.keyboard.type('// mine\n');
    await page.getByText('Not saved', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('Changes of before that were not saved are in the editor.').waitFor();
    await editor(page).press('Control+s');
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(readFileSync(join(folder, 'Wear.ts'), 'utf8')).toMatch(/^\/\/ mine\n/);
    await button(page, 'Versions').click();
    await page.locator('tr[data-kind="new"]', { hasText: '// mine' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test('is in Spanish where the browser is, and tells who has no link how to get one', async () => {
    const page = await open('light', 'es-ES');
    await button(page, 'Publicar').waitFor();
    expect(await page.textContent('h1')).toBe('Banco de trabajo');
    await button(page, 'Salir').click();
    await page.getByRole('heading', { name: 'The workbench opens by a link from Splunk' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test('the page in Splunk tells who may not open it why', async () => {
    const page = await harness.open('workbench', { user: 'ana' });
    await page.getByText('The workbench is for those who write templates').waitFor();
    expect(await page.getByRole('button', { name: 'Open the workbench' }).count()).toBe(0);
    const { results, messages } = await runSearch(page, '| keplerctl workbench');
    expect(results ?? []).toEqual([]);
    expect(messages?.map(({ text }) => text).join()).toMatch(
      /edit_kepler_templates, which none of your roles has/,
    );
    expect(await axeViolations(page)).toEqual([]);
  });
});

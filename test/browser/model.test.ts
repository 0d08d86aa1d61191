import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { axeViolations, BrowserHarness, describeInBrowser, type PageOptions } from './harness.ts';
import { runSearch } from './run-search.ts';

const penguins =
  '| inputlookup penguins.csv | fit RandomForestClassifier Species from "Beak*" "Body*" random_state=7';

describeInBrowser('the page Model', ['model'], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start();
    const page = await harness.open('search');
    await runSearch(page, `${penguins} n_estimators=5 into penguins`);
    await runSearch(page, `${penguins} n_estimators=20 into penguins`);
    await runSearch(page, `${penguins} n_estimators=20 max_depth=2 into penguins`);
    await runSearch(page, '| inputlookup penguins.csv | apply penguins');
    await runSearch(page, '| inputlookup cars.csv | apply penguins');
    await runSearch(
      page,
      '| inputlookup cars.csv | fit LinearRegression Miles_per_Gallon from Weight_in_lbs Horsepower into app:cars',
    );
    await harness.closePages();
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  async function model(name: string, more = '', options: PageOptions = {}): Promise<Page> {
    const page = await harness.open(`model?name=${encodeURIComponent(name)}${more}`, options);
    await page.locator('.k-facts').waitFor();
    return page;
  }
  const figure = (page: Page, name: string) => page.getByRole('figure', { name });

  test.each([
    ['light', 1280],
    ['dark', 1920],
  ] as const)('has nothing that axe-core finds, on any of its tabs (%s, %i)', async (theme, width) => {
    const page = await model('penguins', '', { theme, width });
    await page.getByRole('rowheader', { name: 'n_estimators' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    for (const [tab, sign] of [
      ['Quality', figure(page, 'Calibration')],
      ['Importance', figure(page, 'Importance')],
      ['Use it', page.getByRole('heading', { name: 'ONNX file' })],
      ['Activity', page.getByRole('columnheader', { name: 'Message' })],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await sign.waitFor();
      expect(await axeViolations(page)).toEqual([]);
    }
  });

  test('puts versions side by side, the best with a star, and only differences when asked', async () => {
    const page = await model('penguins', '&versions=1,2,3');
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name} `) });
    await row('max_depth').waitFor();
    await eventually(async () => {
      expect(await row('n_estimators').locator('td').allTextContents()).toEqual(['5', '20', '20', '']);
      expect(await row('F1').getByText('best').count()).toBeGreaterThan(0);
    });
    await page
      .getByRole('switch', { name: 'Only differences' })
      .or(page.getByLabel('Only differences'))
      .first()
      .click();
    await page.waitForURL(/differences=1/);
    await row('random_state').waitFor({ state: 'detached' });
    expect(await row('n_estimators').count()).toBe(1);
    await page.getByRole('button', { name: 'v2: take out of the comparison' }).click();
    await page.waitForURL(/versions=1(%2C|,)3/);
    await eventually(async () =>
      expect(await row('n_estimators').locator('td').allTextContents()).toEqual(['5', '20', '']),
    );
  });

  test('shows a classifier’s quality as pictures, each with its table', async () => {
    const page = await model('penguins', '&tab=quality');
    for (const name of ['Confusion matrix', 'ROC', 'Precision and recall', 'Calibration']) {
      await figure(page, name).waitFor();
    }
    await page.getByText('v3 0').or(page.getByText(/^v3$/)).first().waitFor();
    await page.getByRole('button', { name: 'Table: Confusion matrix' }).click();
    await eventually(async () => {
      const cells = await figure(page, 'Confusion matrix').getByRole('row').allTextContents();
      expect(cells).toHaveLength(10);
      expect(cells[1]).toMatch(/^AdelieAdelie\d+/);
    });
  });

  test('shows a regressor’s quality and coefficients', async () => {
    const page = await model('app:cars', '&tab=quality');
    await figure(page, 'Predicted against actual').waitFor();
    await figure(page, 'Residuals').waitFor();
    await page.getByRole('tab', { name: 'Importance' }).click();
    await page.getByRole('button', { name: 'Table: Coefficients' }).click();
    await eventually(async () =>
      expect((await figure(page, 'Coefficients').getByRole('row').allTextContents()).join()).toContain(
        'Weight_in_lbs',
      ),
    );
  });

  test('gives the search that uses it, and its ONNX file, byte for byte', async () => {
    const page = await model('penguins', '&tab=use');
    await page.getByText('| apply penguins@3', { exact: true }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download penguins-v3.onnx' }).click(),
    ]);
    await page.getByText('Saved; its checksum is right.').waitFor();
    const saved = readFileSync(await download.path());
    const { results = [] } = await runSearch(page, '| kepler versions penguins@3 file=onnx');
    expect(createHash('sha256').update(saved).digest('hex')).toBe(results[0].sha256);
    expect(saved.length).toBe(Number(results[0].bytes));
  });

  test('shows how it was used, with what went wrong', async () => {
    const page = await model('penguins', '&tab=activity');
    await figure(page, 'Time of the searches, rows and errors')
      .getByText(/^5 searches/)
      .waitFor();
    const failed = page.getByRole('row', { name: /None of the fields that the model/ });
    await failed.waitFor();
    expect(await failed.textContent()).toMatch(/ago|now/);
    await page.getByRole('button', { name: /^Table: Time of/ }).click();
    await eventually(async () =>
      expect(
        await figure(page, 'Time of the searches, rows and errors').getByRole('row').count(),
      ).toBeGreaterThan(1),
    );
  });

  test('is worked by keyboard: tabs by arrows, and the address remembers', async () => {
    const page = await model('penguins');
    await page.getByRole('tab', { name: 'Compare versions' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=quality/);
    await figure(page, 'ROC').waitFor();
    await page.goBack();
    await page.getByRole('rowheader', { name: 'n_estimators' }).waitFor();
  });

  test('gives a version an alias, takes it away, promotes and deletes', async () => {
    const page = await model('penguins', '&versions=1,2,3');
    const menuOf = (version: string) =>
      page.getByRole('button', { name: `Actions for ${version}`, exact: true });
    await menuOf('v1').click();
    await page.getByRole('menuitem', { name: 'Give v1 an alias…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('baseline');
    await page.getByRole('button', { name: 'Set the alias' }).click();
    await page.getByText('penguins: baseline is now v1.').waitFor();
    await page.getByRole('columnheader', { name: 'v1 · baseline' }).waitFor();
    await menuOf('v1').click();
    await page.getByRole('menuitem', { name: 'Take the alias baseline away…' }).click();
    await page.getByRole('button', { name: 'Take the alias away' }).click();
    await page.getByText('penguins: baseline no longer points at a version.').waitFor();
    await menuOf('v2').click();
    await page.getByRole('menuitem', { name: 'Promote v2…' }).click();
    await page.getByRole('button', { name: 'Promote v2', exact: true }).click();
    await page.getByRole('columnheader', { name: 'v2 · champion' }).waitFor();
    await menuOf('v1').click();
    await page.getByRole('menuitem', { name: 'Delete v1…' }).click();
    await page.getByRole('button', { name: 'Delete v1' }).click();
    await page.getByText('penguins: v1 is deleted.').waitFor();
    await page.getByRole('columnheader', { name: 'v1', exact: true }).waitFor({ state: 'detached' });
  });

  test('says that there is no such model, and that the address names none', async () => {
    const page = await harness.open('model?name=nothing_here');
    await page.getByText('There is no model “nothing_here” that you may see.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(harness.address('app/kepler/model'));
    await page.getByText('The address names no model.').waitFor();
  });

  test('keeps what an ordinary user may not do out of reach, and says who may', async () => {
    const page = await model('app:cars', '', { user: 'user' });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByText('Only admin or a kepler_admin can change this model.').waitFor();
    await eventually(async () =>
      expect(await page.getByRole('menuitem', { name: 'Delete…' }).getAttribute('aria-disabled')).toBe(
        'true',
      ),
    );
  });

  test('says everything in Spanish', async () => {
    const page = await model('penguins', '&tab=quality', { locale: 'es-ES' });
    await figure(page, 'Matriz de confusión').waitFor();
    expect(await page.getByRole('tab').allTextContents()).toEqual([
      'Comparar versiones',
      'Calidad',
      'Importancia',
      'Usarlo',
      'Actividad',
    ]);
    expect(await axeViolations(page)).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { axeViolations, BrowserHarness, describeInBrowser, type PageOptions } from './harness.ts';
import { runSearch } from './run-search.ts';

const fit = '| inputlookup penguins.csv | fit LogisticRegression Species from "Beak*" "Body*"';

describeInBrowser('the page Models', ['models'], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start();
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  /** The list, with its rows. */
  async function list(options: PageOptions = {}, query = ''): Promise<Page> {
    const page = await harness.open(`models${query}`, options);
    await rows(page).first().waitFor();
    return page;
  }
  const rows = (page: Page) => page.locator('.k-models tbody tr');
  const names = (page: Page) => rows(page).locator('th').allTextContents();
  const menuOf = (page: Page, name: string) =>
    page.getByRole('button', { name: `Actions for ${name}`, exact: true });
  const item = (page: Page, name: string | RegExp) => page.getByRole('menuitem', { name });
  const focusOn = (page: Page, text: string) =>
    page.waitForFunction((wanted) => {
      const { document } = globalThis as unknown as { document: { activeElement: { textContent: string } } };
      return document.activeElement.textContent === wanted;
    }, text);
  const focused = (page: Page) =>
    page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { activeElement: { tagName: string; getAttribute(name: string): string | null } };
      };
      return document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName;
    });

  describe('of an empty installation', () => {
    test.each(['light', 'dark'] as const)('says how a first model is made (%s)', async (theme) => {
      const page = await harness.open('models', { theme });
      await page.getByRole('heading', { name: 'No models yet' }).waitFor();
      expect(await page.locator('pre').textContent()).toContain('| fit RandomForestClassifier Species');
      expect(await axeViolations(page)).toEqual([]);
    });

    test('opens the search that makes it by one click, and shows the model then', async () => {
      const page = await harness.open('models', { user: 'ana' });
      await page.getByRole('link', { name: 'Open in Search and run' }).click();
      await page.waitForURL(/\/app\/kepler\/search\?q=/);
      await page.getByText(/^\d+ rows in \d/).waitFor();
      await page.goto(harness.address('app/kepler/models'));
      await rows(page).first().waitFor();
      expect(await names(page)).toEqual(['my_first_model']);
    });
  });

  describe('with models', () => {
    beforeAll(async () => {
      const page = await harness.open('search');
      for (const name of ['penguins', 'penguins', 'gulls', 'app:shared_gulls', 'doomed']) {
        await runSearch(page, `${fit} into ${name}`);
      }
      await runSearch(page, '| inputlookup penguins.csv | apply doomed');
      await runSearch(
        page,
        '| inputlookup cars.csv | fit LinearRegression Horsepower from Cylinders into cars',
      );
      await harness.closePages();
    });

    test.each([
      ['light', 1280],
      ['dark', 1920],
    ] as const)(
      'has nothing that axe-core finds, with its menu and a question open (%s, %i)',
      async (theme, width) => {
        const page = await list({ theme, width });
        expect(await axeViolations(page)).toEqual([]);
        await menuOf(page, 'penguins').click();
        await item(page, 'Delete…').waitFor();
        expect(await axeViolations(page)).toEqual([]);
        await item(page, 'Promote a version…').click();
        await page.getByText(/use v2 now; they will use v1/).waitFor();
        expect(await axeViolations(page)).toEqual([]);
      },
    );

    test('shows each model with champion, metric, owner and what it was fitted on', async () => {
      const page = await list({ width: 1920 });
      const row = rows(page).filter({ has: page.getByRole('link', { name: 'penguins', exact: true }) });
      // What a search of its own finds out comes after the row.
      await eventually(async () => {
        expect(await row.locator('.k-c-metric').textContent()).toMatch(/^F1[01]\.\d{3}$/);
        expect(await row.locator('.k-spark path').count()).toBe(1);
      });
      expect(await row.locator('.k-c-champion').textContent()).toBe('v2');
      expect(await row.locator('.k-c-algorithm').textContent()).toBe('LogisticRegression');
      expect(await row.locator('.k-c-rows').textContent()).toBe('344');
      expect(await row.locator('.k-c-drift').textContent()).toBe('Not measured');
      expect(await row.locator('.k-c-owner').textContent()).toBe('admin');
      expect(await row.locator('.k-c-sharing').textContent()).toBe('Private');
    });

    test('finds by words, keeps the filter in the address, and goes back', async () => {
      const page = await list();
      await page
        .getByRole('searchbox')
        .or(page.getByPlaceholder(/Find by name/))
        .first()
        .fill('GULLS');
      await page.waitForURL(/q=GULLS/);
      await eventually(async () => expect((await names(page)).sort()).toEqual(['gulls', 'shared_gulls']));
      await page.getByRole('radio', { name: /^Idle/ }).click();
      await page.waitForURL(/show=idle/);
      await page.getByText(/No model matches “GULLS”/).waitFor();
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByRole('link', { name: 'cars' }).waitFor();
      await page.goBack();
      await page.getByText(/No model matches “GULLS”/).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: 'shared_gulls' }).waitFor();
    });

    test('sorts by a column’s button, and says so', async () => {
      const page = await list({}, '?sort=name');
      const inOrder = await names(page);
      expect(inOrder).toEqual([...inOrder].sort());
      const head = page.getByRole('columnheader', { name: 'Model' });
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
      await head.getByRole('button').click();
      await page.waitForURL(/sort=-name/);
      inOrder.reverse();
      await eventually(async () => {
        expect(await head.getAttribute('aria-sort')).toBe('descending');
        expect(await names(page)).toEqual(inOrder);
      });
    });

    test('is worked by keyboard alone: menu, question, and back to where it began', async () => {
      const page = await list();
      await menuOf(page, 'doomed').focus();
      await page.keyboard.press('Enter');
      await focusOn(page, 'Use in Search');
      await page.keyboard.press('Escape');
      await item(page, 'Use in Search').waitFor({ state: 'detached' });
      await eventually(async () => expect(await focused(page)).toBe('Actions for doomed'));
      await page.keyboard.press('Enter');
      await item(page, 'Delete…').waitFor();
      // The menu takes the focus when it has opened.
      await focusOn(page, 'Use in Search');
      const items = await page.getByRole('menuitem').allTextContents();
      expect(items.at(-1)).toBe('Delete…');
      for (const next of items.slice(1)) {
        await page.keyboard.press('ArrowDown');
        await focusOn(page, next);
      }
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Delete doomed?' }).waitFor();
      await page.getByText('It is in use').waitFor();
      await page.waitForFunction(
        () =>
          (globalThis as unknown as { document: { activeElement: { tagName: string } } }).document
            .activeElement.tagName === 'INPUT',
      );
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await eventually(async () => expect(await focused(page)).toBe('Actions for doomed'));
    });

    test('promotes a version and rolls it back', async () => {
      const page = await list();
      await menuOf(page, 'penguins').click();
      await item(page, 'Promote a version…').click();
      await page.getByRole('button', { name: 'Promote v1' }).click();
      await page.getByText('penguins: champion is now v1. Its menu can roll back.').waitFor();
      const champion = rows(page)
        .filter({ has: page.getByRole('link', { name: 'penguins', exact: true }) })
        .locator('.k-c-champion');
      await champion.getByText('v1 of 2').waitFor();
      await menuOf(page, 'penguins').click();
      await item(page, 'Roll back the champion…').click();
      await page.getByRole('button', { name: 'Roll back to v2' }).click();
      await page.getByText('penguins: the champion was v1 and is now v2.').waitFor();
      await champion.getByText('v2', { exact: true }).waitFor();
    });

    test('deletes what is in use only after its name is typed', async () => {
      const page = await list();
      await menuOf(page, 'doomed').click();
      await item(page, 'Delete…').click();
      const dialog = page.getByRole('dialog', { name: 'Delete doomed?' });
      await dialog.getByText('It is in use').waitFor();
      const deed = dialog.getByRole('button', { name: 'Delete 1 version' });
      await eventually(async () => expect(await deed.getAttribute('aria-disabled')).toBe('true'));
      await dialog.getByRole('textbox').fill('doomed');
      await deed.click();
      await page.getByText('doomed is deleted.').waitFor();
      await page.getByRole('link', { name: 'doomed', exact: true }).waitFor({ state: 'detached' });
    });

    test('shares a model with the app and makes it private again', async () => {
      const page = await list({ width: 1920 }, '?q=cars');
      await menuOf(page, 'cars').click();
      await item(page, 'Share with the app…').click();
      await page.getByRole('button', { name: 'Share with the app' }).click();
      await page.getByText('cars now belongs to the app: searches name it app:cars.').waitFor();
      await rows(page).locator('.k-c-sharing').getByText('App', { exact: true }).waitFor();
      await menuOf(page, 'cars').click();
      await item(page, 'Make private…').click();
      await page.getByRole('button', { name: 'Make private' }).click();
      await page.getByText('cars is now private: searches name it cars.').waitFor();
    });

    test('shows an ordinary user only what is shared, with what they may not do dimmed and explained', async () => {
      const page = await list({ user: 'user' });
      expect(await names(page)).toEqual(['shared_gulls']);
      await menuOf(page, 'shared_gulls').click();
      await page.getByText('Only admin or a kepler_admin can change this model.').waitFor();
      await eventually(async () =>
        expect(await item(page, 'Delete…').getAttribute('aria-disabled')).toBe('true'),
      );
      expect(await item(page, 'Use in Search').getAttribute('aria-disabled')).toBeNull();
    });

    test('says everything in Spanish', async () => {
      const page = await list({ locale: 'es-ES' });
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Modelos');
      expect(await page.getByRole('columnheader').allTextContents()).toEqual(
        expect.arrayContaining(['Modelo', 'Métrica principal', 'Último ajuste', 'Deriva']),
      );
      await page.getByRole('button', { name: 'Acciones para penguins' }).click();
      expect(await page.getByRole('menuitem').allTextContents()).toEqual([
        'Usar en Búsqueda',
        'Comparar versiones',
        'Promover una versión…',
        'Revertir el campeón…',
        'Compartir con la aplicación…',
        'Eliminar…',
      ]);
      expect(await axeViolations(page)).toEqual([]);
    });
  });
});

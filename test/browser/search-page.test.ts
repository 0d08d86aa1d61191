import { BrowserHarness, axeViolations, describeInBrowser } from './harness.ts';

describeInBrowser('the search page of the sandbox', [], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start();
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  test.each(['light', 'dark'] as const)(
    'it runs the search of the address and shows rows and time (%s)',
    async (theme) => {
      const q = encodeURIComponent('| makeresults count=2 | streamstats count as n | table n');
      const page = await harness.open(`search?q=${q}`, { theme, user: 'user' });
      await page.getByText(/^2 rows in \d/).waitFor();
      expect(await page.locator('td').allTextContents()).toEqual(['1', '2']);
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  test('what is typed runs with Enter, and what is wrong is said', async () => {
    const page = await harness.open('search', { app: 'search' });
    await page.locator('#q').fill('| inputlookup nowhere.csv');
    await page.keyboard.press('Enter');
    await page
      .locator('li.FATAL')
      .getByText(/nowhere\.csv/)
      .waitFor();
    await page.locator('#q').fill('| nonsense');
    await page.keyboard.press('Enter');
    await page
      .locator('li.ERROR')
      .getByText(/nonsense/)
      .waitFor();
    await page.waitForURL(/q=%7C\+nonsense/);
  });

  test('an example of the app can be chosen, and its lookup is there', async () => {
    const page = await harness.open('search');
    const [, example] = await page.locator('#example option').allTextContents();
    await page.locator('#example').selectOption({ label: example });
    expect(await page.locator('#q').inputValue()).toContain('| inputlookup');
    await page.locator('#q').fill('| inputlookup penguins.csv | stats count');
    await page.keyboard.press('Enter');
    await page.getByText(/^1 row in/).waitFor();
    expect(await page.locator('td').textContent()).toBe('344');
  });

  test('a dashboard shows its searches, each a click from being run', async () => {
    const page = await harness.open('model_quality');
    expect(await axeViolations(page)).toEqual([]);
    await page.locator('dd a').first().click();
    await page.locator('#q').waitFor();
    expect(await page.locator('#q').inputValue()).toContain('| kepler models');
  });
});

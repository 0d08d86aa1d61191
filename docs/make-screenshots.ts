/**
 * Makes the README's pictures of the pages, from real fits in a sandbox of its own.
 *   npx tsx docs/make-screenshots.ts        (needs a build and Chromium)
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BrowserHarness } from '../test/browser/harness.ts';
import { runSearch } from '../test/browser/run-search.ts';

/** Several models, one of them refitted, and some use of them. */
const SEARCHES = [
  '| inputlookup penguins.csv | fit RandomForestClassifier Species from Beak* Flipper* Body* random_state=7 into penguin_species',
  '| inputlookup penguins.csv | fit RandomForestClassifier Species from Beak* Flipper* Body* Island random_state=7 into penguin_species',
  '| inputlookup cars.csv | fit LinearRegression Miles_per_Gallon from Weight_in_lbs Horsepower Cylinders Origin into miles_per_gallon',
  '| inputlookup seattle_weather.csv | fit GradientBoostingClassifier weather from precipitation temp_max temp_min wind into seattle_weather',
  '| inputlookup machine_readings.csv | fit LinearRegression wear from temperature pressure vibration current speed into app:machine_wear',
  '| inputlookup logins.csv | fit KMeans logins failures countries night_share k=4 into login_groups',
  '| inputlookup penguins.csv | apply penguin_species',
  '| inputlookup machine_readings.csv | apply app:machine_wear',
];

/** @param shows a text that is there when the rows are */
async function shoot(
  page: Page,
  harness: BrowserHarness,
  path: string,
  shows: string,
  name: string,
): Promise<void> {
  await page.goto(harness.address(`app/kepler/${path}`));
  await page.getByText(shows).first().waitFor();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: join('docs/images', `${name}.png`) });
  console.log(`docs/images/${name}.png`);
}

/** The workbench after a run of the base template on rows that a search staged. */
async function shootWorkbench(harness: BrowserHarness): Promise<void> {
  const splunk = await harness.open('workbench');
  await runSearch(
    splunk,
    '| inputlookup machine_readings.csv | fit Wear mode=stage shrink=0.8 wear from temperature pressure vibration current speed into pump_readings',
  );
  const [page] = await Promise.all([
    splunk.waitForEvent('popup'),
    splunk.getByRole('button', { name: 'Open the workbench' }).click(),
  ]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'New…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Wear');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('textbox', { name: 'shrink' }).waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/^Done in /).waitFor();
  await page.getByRole('tab', { name: 'Plots' }).click();
  await page.getByRole('heading', { name: 'Residuals' }).waitFor();
  // Without the ring around what was clicked last.
  await page.evaluate('document.activeElement.blur()');
  await page.waitForTimeout(1500);
  await page.screenshot({ path: 'docs/images/workbench.png' });
  console.log('docs/images/workbench.png');
}

async function main(): Promise<void> {
  const harness = await BrowserHarness.start();
  try {
    const light = await harness.open('models', { theme: 'light', width: 1440, height: 700 });
    for (const spl of SEARCHES) await runSearch(light, spl);
    await shoot(light, harness, 'models', 'login_groups', 'models');
    const dark = await harness.page({ theme: 'dark', width: 1440, height: 900 });
    await shoot(dark, harness, 'model?name=penguin_species', 'Champion', 'model');
    await shootWorkbench(harness);
  } finally {
    await harness.stop();
  }
}

await main();

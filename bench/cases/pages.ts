import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { pageSizes } from '../../build/pages-sizes.ts';
import { inventRows } from '../../test/browser/invented-rows.ts';
import { BrowserHarness, missingForBrowser } from '../../test/browser/harness.ts';
import { runSearch } from '../../test/browser/run-search.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { median, quantile } from '../measure.ts';
import type { Result, Sample } from '../measure.ts';

const MODELS = 1000;
const MANY = 5000;
const FIRST_PAGE_S = 2.5;
const OWN_PART_S = 1;
const KEYSTROKE_MS = 50;
const FIRST_KB = 350;
const SECOND_KB = 60;

/** The home page with an empty cache, and a keystroke in its filter. */
export const pages: Case = {
  name: 'pages',
  title: `the page Models: ${MODELS} models to the first rows, and the filter over ${MANY}`,
  rounds: 7,
  open: () =>
    Closing.around(async (closing) => {
      const missing = missingForBrowser(['models']);
      if (missing !== undefined) throw new Error(missing);
      const harness = await BrowserHarness.start();
      closing.add(() => harness.stop());
      await makeModels(harness);
      const typing = await harness.page({ width: 1280 });
      await inventRows(typing, (spl) => (spl.startsWith('| kepler models') ? invented() : undefined));
      await typing.goto(harness.address('app/kepler/models'));
      await typing.locator('tbody tr').nth(10).waitFor();
      return {
        contestants: [
          { name: 'first page, empty cache', run: () => firstPage(harness) },
          { name: 'keystroke in the filter', run: () => keystroke(typing) },
        ],
        conclude: (results) => [...verdicts(results), ...sizes()],
        close: () => closing.close(),
      };
    }),
};

/** One is fitted; the others are its folder again, under names of their own: a thousand fits are a thousand processes. */
async function makeModels(harness: BrowserHarness): Promise<void> {
  const page = await harness.open('models');
  await runSearch(
    page,
    '| inputlookup cars.csv | fit LinearRegression Acceleration from Horsepower into model_0 apply=f',
  );
  const { socket } = harness.sandbox.info.runtime;
  const models = join(dirname(socket.slice('unix:'.length)), 'models/user/admin');
  for (let i = 1; i < MODELS; i++) {
    copyModel(models, 'model_0', `model_${i}`);
  }
  const { results } = await runSearch(page, '| kepler models | stats count');
  if (Number(results?.[0].count) !== MODELS)
    throw new Error(`there are ${String(results?.[0].count)} models`);
  await harness.closePages();
}

/** A version says whose it is, and its checksums vouch for what it says. */
function copyModel(models: string, from: string, to: string): void {
  cpSync(join(models, from), join(models, to), { recursive: true });
  const version = join(models, to, 'versions/1');
  const manifest = JSON.parse(readFileSync(join(version, 'manifest.json'), 'utf8')) as {
    id: { name: string };
  };
  manifest.id.name = to;
  const text = JSON.stringify(manifest);
  writeFileSync(join(version, 'manifest.json'), text);
  const sums = readFileSync(join(version, 'SHA256SUMS'), 'utf8');
  const sum = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(version, 'SHA256SUMS'), sums.replace(/^\S+(?= +manifest\.json$)/m, sum));
}

/** Notes when the frame with the first rows is drawn, by the page's own clock: a question from outside waits in a queue. */
const WATCH_ROWS = `rows = new Promise((done) => {
  new MutationObserver((_, observer) => {
    if (document.querySelectorAll('tbody tr').length <= 20) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  }).observe(document, { childList: true, subtree: true });
}), undefined`;

/** From the address to the first rows; our own part is what follows our script's arrival. */
async function firstPage(harness: BrowserHarness): Promise<Sample> {
  const page = await harness.page({ width: 1280 });
  await page.addInitScript(WATCH_ROWS);
  await page.goto(harness.address('app/kepler/models'), { waitUntil: 'commit' });
  const ms = await page.evaluate<number>('rows');
  const arrived = await page.evaluate<number>(
    `performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/models.js')).responseEnd`,
  );
  await page.context().close();
  return { seconds: ms / 1000, details: { 'own part ms': ms - arrived } };
}

/** As a text: the page knows nothing of what a compiler adds to functions. */
const WATCH_FRAME = `frame = new Promise((done) => {
  document.addEventListener('keydown', () => {
    const at = performance.now();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - at)));
  }, { once: true, capture: true });
}), undefined`;

/** From the key to the end of the next frame. */
async function keystroke(page: Page): Promise<Sample> {
  const ms: number[] = [];
  const box = page.locator('input').first();
  for (const key of ['m', 'o', 'd', 'Backspace', 'Backspace', 'Backspace']) {
    await page.evaluate(WATCH_FRAME);
    await box.press(key);
    ms.push(await page.evaluate<number>('frame'));
  }
  return { seconds: median(ms) / 1000, details: { 'slowest ms': Math.max(...ms) } };
}

function invented(): Readonly<Record<string, string>>[] {
  return Array.from({ length: MANY }, (_, i) => ({
    name: `model_${i}`,
    namespace: 'user',
    owner: ['ana', 'admin', 'm.okafor'][i % 3],
    app: 'kepler',
    sharing: 'private',
    algorithm: ['LinearRegression', 'RandomForestClassifier', 'KMeans'][i % 3],
    kind: 'regressor',
    champion: '1',
    latest: '1',
    versions: '1',
    health: i % 50 === 0 ? 'failed' : 'healthy',
    metric: 'r2',
    metric_value: (0.5 + (i % 500) / 1000).toFixed(3),
    metric_better: 'higher',
    rows: String(1000 + i),
    last_fit: String(1_763_000_000 + i),
    drift: 'not measured',
    may_write: 'true',
    reference: `model_${i}`,
  }));
}

function verdicts(results: readonly Result[]): string[] {
  const [first, key] = results.map(({ samples }) => samples);
  const seconds = first.map((sample) => sample.seconds);
  const own = first.map(({ details }) => Number(details?.['own part ms']) / 1000);
  const keys = key.map((sample) => sample.seconds * 1000);
  const say = (what: string, value: number, limit: number, unit: string) =>
    `${what}: median ${value.toFixed(unit === 's' ? 2 : 0)} ${unit}, limit ${limit}: ${value < limit ? 'reached' : 'MISSED'}`;
  return [
    say('first page usable', median(seconds), FIRST_PAGE_S, 's'),
    say('of it our own part', median(own), OWN_PART_S, 's'),
    `${say('keystroke', median(keys), KEYSTROKE_MS, 'ms')} (p90 ${quantile(keys, 0.9).toFixed(0)} ms)`,
  ];
}

function sizes(): string[] {
  return pageSizes().map(({ view, first, afterHome }) => {
    const ok = first < FIRST_KB * 1000 && (view === 'models' || afterHome < SECOND_KB * 1000);
    return `${view}: ${(first / 1000).toFixed(0)} KB gzip with an empty cache, ${(afterHome / 1000).toFixed(0)} after models: ${ok ? 'reached' : 'MISSED'}`;
  });
}

import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { BrowserHarness, axeViolations, describeInBrowser } from './harness.ts';
import { inventRows } from './invented-rows.ts';
import { runSearch } from './run-search.ts';

const GIGABYTE = 1024 ** 3;
/** A search that trains for many seconds. */
const LONG_FIT =
  '| makeresults count=40000 | streamstats count as x | eval a=x%97, b=x%89, c=x%83, y=a*b+c' +
  ' | fit RandomForestRegressor y from a b c n_estimators=3000 into long_forest';

const BROKEN: readonly Readonly<Record<string, string>>[] = [
  {
    name: 'gpu-lab',
    state: 'failed',
    reason: 'gpu-lab ran out of memory at 09:37 and was not restarted.',
    remedy: 'Give it more memory, or fit on fewer rows.',
    engine: 'docker',
    image: 'kepler-gpu:0.3.0',
    mode: 'dev',
    memory_limit_bytes: String(16 * GIGABYTE),
    cpu_limit: '8',
    exit_code: '137',
    oom: 'true',
    may_change: 'true',
  },
  {
    name: 'main',
    state: 'running',
    engine: 'docker',
    image: 'kepler-cpu:0.3.0',
    mode: 'prod',
    version: '0.3.0',
    cpu: '2.6',
    cpu_limit: '4',
    memory_bytes: String(3.5 * GIGABYTE),
    memory_limit_bytes: String(4 * GIGABYTE),
    running_jobs: '1',
    queued_jobs: '0',
    may_change: 'true',
  },
];

function inventedRows(spl: string): readonly Readonly<Record<string, string>>[] | undefined {
  if (spl.includes('logs=')) {
    return Array.from({ length: 80 }, (_, n) => ({
      _time: '1700000000',
      stream: 'stdout',
      line: JSON.stringify({ level: n === 70 ? 40 : 30, time: 1_700_000_000_000, msg: `line ${n}` }),
    }));
  }
  if (spl.startsWith('| keplerctl')) return [{ object: 'runtime main', change: 'stopped' }];
  if (spl.includes('kepler jobs')) {
    return [{ job: 'j1', kind: 'fit', state: 'running', user: 'ana', model: 'churn', elapsed_s: '93' }];
  }
  return spl === '| kepler runtimes' ? BROKEN : undefined;
}

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.getAttribute("aria-label") || document.activeElement.textContent');

describeInBrowser('the page Runtimes', ['runtimes'], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start();
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  test.each(['light', 'dark'] as const)('shows the runtime that answers, in the %s theme', async (theme) => {
    const page = await harness.open('runtimes', { theme });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('heading', { name: 'main' }).waitFor();
    await eventually(async () =>
      expect(await page.getByRole('status').first().textContent()).toMatch(/^1 runtime: 1 running · updated/),
    );
    await page.getByText('No job runs or waits.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Limits and quotas' }).click();
    await page.getByText('Free disk space').waitFor();
    await page.getByText('No role has a quota of its own.').waitFor();
    await page.waitForURL(/tab=limits/);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('is in Spanish where the address is', async () => {
    const page = await harness.open('runtimes', { locale: 'es-ES' });
    await page.getByRole('tab', { name: 'Límites y cuotas' }).waitFor();
    expect(await page.textContent('h1')).toBe('Entornos');
    await eventually(async () =>
      expect(await page.getByRole('status').first().textContent()).toMatch(
        /^1 entorno: en marcha: 1 · actualizado/,
      ),
    );
  });

  test('offers who may not change it nothing to change', async () => {
    const page = await harness.open('runtimes', { user: 'user' });
    await page.getByRole('heading', { name: 'main' }).waitFor();
    expect(await page.getByRole('button', { name: /Add a runtime|Actions|Stop|Start/ }).count()).toBe(0);
  });

  test('shows a job that trains, and cancels it', async () => {
    const searching = await harness.open('runtimes');
    const search = runSearch(searching, LONG_FIT).then(
      (answer) => JSON.stringify(answer.messages),
      (error: Error) => error.message,
    );
    const page = await harness.open('runtimes');
    const cancel = page.getByRole('button', { name: 'Cancel long_forest of admin' });
    await cancel.waitFor();
    // While its rows come there are fewer.
    await eventually(async () =>
      expect(await page.getByRole('row', { name: /LONG|long_forest/ }).textContent()).toContain('40K'),
    );
    await cancel.click();
    await page.getByText(/^The job .+ was cancelled\.$/).waitFor();
    expect(await search).toContain('cancel');
  });

  test('keeps its rows while the runtime does not answer, says so, and recovers by itself', async () => {
    const page = await harness.open('runtimes');
    await page.getByRole('heading', { name: 'main' }).waitFor();
    const { runtime } = harness.sandbox.info;
    process.kill(runtime!.pid, 'SIGSTOP');
    try {
      await page.getByText('Does not answer').first().waitFor();
    } finally {
      process.kill(runtime!.pid, 'SIGCONT');
    }
    await page.getByText('1 runtime: 1 running').waitFor();
  });

  test('cancels its searches when it is left', async () => {
    /** Leaves the page while its first search waits for a runtime that is frozen. @returns what became of the search */
    const leave = async (): Promise<'cancelled' | 'failed'> => {
      const page = await harness.page();
      const started = page.waitForResponse(
        (reply) => reply.request().method() === 'POST' && reply.url().endsWith('/kepler/search/jobs'),
      );
      const polled = page.waitForRequest((request) => request.url().includes('/search/jobs?'));
      const { runtime } = harness.sandbox.info;
      process.kill(runtime!.pid, 'SIGSTOP');
      try {
        await page.goto(harness.address('app/kepler/runtimes'));
        const { sid } = (await (await started).json()) as { sid: string };
        await polled;
        await page.goto(harness.address('account/login'));
        const job = harness.address(`splunkd/__raw/services/search/jobs/${sid}?output_mode=json`);
        return await eventually(async () => {
          const state = await (await page.request.get(job)).text();
          if (/not found|unknown sid|"isFinalized":true/i.test(state)) return 'cancelled';
          if (/"isFailed":true/.test(state)) return 'failed';
          throw new Error(`the search is still there: ${state}`);
        });
      } finally {
        process.kill(runtime!.pid, 'SIGCONT');
      }
    };
    // It ends by itself, failed, when the runtime has not answered for five seconds: leaving the page has to be sooner, which
    // a busy machine may not manage at once.
    await eventually(async () => expect(await leave()).toBe('cancelled'));
  });

  test.each(['light', 'dark'] as const)(
    'puts what failed first, in words, in the %s theme',
    async (theme) => {
      const page = await harness.page({ theme, width: theme === 'dark' ? 1920 : 1280 });
      await inventRows(page, inventedRows);
      await page.goto(harness.address('app/kepler/runtimes'));
      await page.getByRole('heading', { name: 'gpu-lab' }).waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('ran out of memory at 09:37');
      expect(await page.getByRole('button', { name: 'Start with 24 GB…' }).count()).toBe(1);
      const log = page.getByRole('log');
      await log.waitFor();
      expect(await axeViolations(page)).toEqual([]);
      // The log is at its end while it follows, and stays where it was scrolled to when it does not.
      const top = (): Promise<number> => log.evaluate((box: { scrollTop: number }) => box.scrollTop);
      await eventually(async () => expect(await top()).toBeGreaterThan(0));
      await page.getByLabel('Follow').uncheck({ force: true });
      await log.evaluate((box: { scrollTop: number }) => void (box.scrollTop = 40));
      await page.getByRole('button', { name: 'Read again' }).click();
      await page.waitForTimeout(1500);
      expect(await top()).toBe(40);
    },
  );

  test('stops only after naming the jobs that end, by keyboard alone', async () => {
    const page = await harness.page();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await inventRows(page, inventedRows);
    await page.goto(harness.address('app/kepler/runtimes?name=main'));
    await page.getByRole('button', { name: 'Stop main' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('fit churn of ana, for 1m 33s').waitFor();
    await page.waitForFunction('document.activeElement.textContent === "Cancel"');
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement.getAttribute("aria-label") === "Stop main"');
    await page.keyboard.press('Tab');
    await eventually(async () => expect(await focused(page)).toBe('Actions for main'));
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Restart…' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Restart…' }).waitFor({ state: 'detached' });
    await eventually(async () => expect(await focused(page)).toBe('Actions for main'));
    await page.getByRole('button', { name: 'Stop main' }).press('Enter');
    await page.getByRole('button', { name: 'Stop it and end 1 job' }).press('Enter');
    await page.getByText('main is stopped.').waitFor();
  });
});

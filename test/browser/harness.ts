import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { Sandbox } from '../../sandbox/sandbox.ts';

/** The browser: what CHROMIUM names, else Debian's. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Each window's address bar has pop-ups that are pages of Chromium's own: loading them takes as much processor time as a page of
 * ours, at the same moment. The rest is what Playwright leaves out: of two such lists Chromium heeds the last.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** How long a page is waited for. */
const PATIENCE_MS = 200_000;

/** Whose session a page has, and how it looks. */
export interface PageOptions {
  /** `admin` where nobody is named; null for a page that nobody is logged in to. */
  readonly user?: 'admin' | 'ana' | 'user' | null;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly locale?: 'en-US' | 'es-ES';
}

export interface Violation {
  readonly id: string;
  readonly impact: string | null | undefined;
  readonly help: string;
  /** The elements, as HTML. */
  readonly nodes: readonly string[];
}

/**
 * Why tests in the browser cannot run here; undefined where they can.
 * @param views Views of the app whose built scripts they need.
 */
export function missingForBrowser(views: readonly string[] = []): string | undefined {
  if (!existsSync(CHROMIUM)) return `no browser at ${CHROMIUM}; CHROMIUM names another`;
  if (!existsSync('dist/runtime/main.mjs')) return "the runtime is not built: 'npm run build'";
  const unbuilt = views.find((view) => !existsSync(`splunk_app/appserver/static/pages/${view}.js`));
  return unbuilt && `the page '${unbuilt}' is not built: 'npm run build'`;
}

/** `describe`, skipped with the reason in its name where Chromium or a built page is missing. */
export function describeInBrowser(name: string, views: readonly string[], body: () => void): void {
  const reason = missingForBrowser(views);
  if (reason === undefined) describe(name, body);
  else describe.skip(`${name} (skipped: ${reason})`, body);
}

/** A sandbox on free ports in a folder of its own, and a browser that looks at it. */
export class BrowserHarness {
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly sandbox: Sandbox,
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  /** @param prepare Given the state folder before anything starts, to put files where the sandbox will find them. */
  static async start(prepare?: (state: string) => void): Promise<BrowserHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'kepler-browser-'));
    prepare?.(folder);
    const sandbox = await Sandbox.start({ root: resolve('.'), state: folder });
    try {
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-dev-shm-usage', `--disable-features=${WITHOUT.join(',')}`],
      });
      return new BrowserHarness(sandbox, browser, folder);
    } catch (error) {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.sandbox.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An address of Splunk Web, below the locale: `app/kepler/models`. */
  address(path: string, locale = 'en-US'): string {
    return `${this.sandbox.info.web.url}/${locale}/${path}`;
  }

  passwordOf(user: string): string {
    const found = this.sandbox.info.web.users.find(({ name }) => name === user);
    if (!found) throw new Error(`nobody named ${user} can log in to the sandbox`);
    return found.password;
  }

  /** A page in a context of its own: no cookies but its session's, no cache. Closed by `closePages`. */
  async page(options: PageOptions = {}): Promise<Page> {
    const { user = 'admin', theme = 'light', width = 1280, height = 900, locale = 'en-US' } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      locale,
      // Nothing slides or fades: nothing is waited for that a busy machine draws slowly, frame by frame.
      reducedMotion: 'reduce',
    });
    // Other work may keep the machine busy: what is waited for decides, not how long it takes.
    context.setDefaultTimeout(PATIENCE_MS);
    this.contexts.push(context);
    await context.addCookies([
      { name: 'kepler_sandbox_theme', value: theme, url: this.sandbox.info.web.url, sameSite: 'Lax' },
    ]);
    const page = await context.newPage();
    if (user !== null) await this.logIn(page, user);
    return page;
  }

  /** Logs in by the form's own call, without drawing the form. */
  private async logIn(page: Page, user: string): Promise<void> {
    const form = await page.request.get(this.address('account/login'));
    const cval = /name="cval" value="(\d+)"/.exec(await form.text())?.[1] ?? '';
    const answer = await page.request.post(this.address('account/login'), {
      form: { username: user, password: this.passwordOf(user), cval },
      maxRedirects: 0,
    });
    if (answer.status() !== 303) throw new Error(`the login of ${user} was answered with ${answer.status()}`);
  }

  /** Opens a view of an app and waits until its first heading is there. */
  async open(view: string, options: PageOptions & { readonly app?: string } = {}): Promise<Page> {
    const page = await this.page(options);
    await page.goto(this.address(`app/${options.app ?? 'kepler'}/${view}`, options.locale));
    await page.locator('h1').first().waitFor();
    return page;
  }

  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}

/**
 * Waits until the page looks the same for a fifth of a second and ten frames: every element's place and opacity. Popovers and
 * dialogs of react-ui fade by a script of their own, a step a frame, and text that is half there has half its contrast; on a
 * busy machine a frame may take longer than that fifth.
 */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    delete (globalThis as { keplerLook?: unknown }).keplerLook;
  });
  await page.waitForFunction(
    () => {
      const { document, getComputedStyle, performance } = globalThis as unknown as {
        document: { querySelectorAll(selector: string): Iterable<{ getBoundingClientRect(): DOMRectLike }> };
        getComputedStyle(element: unknown): { opacity: string };
        performance: { now(): number };
      };
      interface DOMRectLike {
        readonly x: number;
        readonly y: number;
        readonly width: number;
        readonly height: number;
      }
      const kept = globalThis as { keplerLook?: { look: string; since: number; frames: number } };
      const look = [...document.querySelectorAll('body *')]
        .map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return `${x} ${y} ${width} ${height} ${getComputedStyle(element).opacity}`;
        })
        .join();
      if (kept.keplerLook?.look !== look) kept.keplerLook = { look, since: performance.now(), frames: 0 };
      return ++kept.keplerLook.frames > 10 && performance.now() - kept.keplerLook.since >= 200;
    },
    undefined,
    { polling: 'raf' },
  );
}

/**
 * Runs axe-core on the whole document once nothing moves or fades any more. The rule `region` is left out: popovers of
 * react-ui stand outside of landmarks.
 */
export async function axeViolations(page: Page): Promise<Violation[]> {
  await atRest(page);
  const source = readFileSync(createRequire(resolve('package.json')).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  return page.evaluate(async () => {
    interface Axe {
      run(context: unknown, options: unknown): Promise<{ violations: AxeViolation[] }>;
    }
    interface AxeViolation {
      id: string;
      impact: string | null;
      help: string;
      nodes: { html: string }[];
    }
    const { axe, document } = globalThis as unknown as { axe: Axe; document: unknown };
    const { violations } = await axe.run(document, { rules: { region: { enabled: false } } });
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      nodes: nodes.map(({ html }) => html),
    }));
  });
}

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserHarness, axeViolations, describeInBrowser } from './harness.ts';

/** An app with a page in each form of view, beside Kepler. */
const FIXTURE = 'test/fixtures/web-app';

describeInBrowser('Splunk Web in the sandbox', [], () => {
  let harness: BrowserHarness;
  beforeAll(async () => {
    harness = await BrowserHarness.start((state) =>
      cpSync(FIXTURE, join(state, 'splunk/etc/apps/webtest'), { recursive: true }),
    );
  });
  afterEach(() => harness.closePages());
  afterAll(() => harness?.stop());

  test('a page that nobody is logged in to leads to the login, a right password back to it', async () => {
    const page = await harness.page({ user: null });
    await page.goto(harness.address('app/webtest/modern?name=x'));
    expect(page.url()).toContain('/en-US/account/login?return_to=');
    expect(await axeViolations(page)).toEqual([]);
    await page.fill('#username', 'ana');
    await page.fill('#password', 'wrong');
    await page.click('button[type=submit]');
    expect(await page.textContent('[role=alert]')).toBe('Login failed');
    await page.fill('#username', 'ana');
    await page.fill('#password', harness.passwordOf('ana'));
    await page.click('button[type=submit]');
    await page.locator('h1').waitFor();
    expect(page.url()).toBe(harness.address('app/webtest/modern?name=x'));
    await page.getByRole('link', { name: 'Log out' }).click();
    await page.waitForURL(/account\/login/);
    await page.goto(harness.address('app/webtest/modern'));
    expect(page.url()).toContain('/account/login');
  });

  test('after the login nobody is led to another server', async () => {
    const page = await harness.page({ user: null });
    await page.goto(harness.address('account/login?return_to=//example.com/'));
    expect(await page.inputValue('[name=return_to]')).toBe('/en-US/app/kepler');
  });

  test.each(['modern', 'older'])('the view in its %s form runs the script of the app', async (view) => {
    const page = await harness.open(view, { app: 'webtest' });
    expect(await page.textContent('h1')).toBe('A page');
    expect(await page.evaluate('$C')).toMatchObject({
      LOCALE: 'en-US',
      SPLUNKD_PATH: '/en-US/splunkd/__raw',
      USERNAME: 'admin',
      APP_BUILD: '7',
    });
    expect(
      await page.evaluate("__splunkd_partials__['/services/server/info'].entry[0].content.product_type"),
    ).toBe('enterprise');
    await page.getByText('More', { exact: true }).click();
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
      'Modern & plain',
      'Older',
      'Kepler',
    ]);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('the theme is kept and can be switched, the language stands in the address', async () => {
    const page = await harness.open('modern', { app: 'webtest', theme: 'dark', locale: 'es-ES' });
    expect(await page.getAttribute('main', 'data-theme')).toBe('dark');
    expect(await page.evaluate('$C.LOCALE')).toBe('es-ES');
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.locator('main[data-theme=light]').waitFor();
    await page.getByRole('link', { name: 'English' }).click();
    await page.waitForURL(harness.address('app/webtest/modern'));
  });

  test('a call that changes something needs the form key; only exposed paths are handed on', async () => {
    const page = await harness.open('modern', { app: 'webtest', user: 'user' });
    const call = (path: string, init: { method?: string; body?: string; key?: boolean } = {}) =>
      page.evaluate(
        async ({ path: address, method, body, key }) => {
          const { document, $C } = globalThis as unknown as {
            document: { cookie: string };
            $C: { MRSPARKLE_PORT_NUMBER: number; SPLUNKD_PATH: string };
          };
          const name = `splunkweb_csrf_token_${$C.MRSPARKLE_PORT_NUMBER}=`;
          const formKey = document.cookie
            .split('; ')
            .find((cookie) => cookie.startsWith(name))!
            .slice(name.length);
          const response = await fetch($C.SPLUNKD_PATH + address, {
            method,
            body,
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              'x-splunk-form-key': key === false ? '1' : formKey,
            },
          });
          return {
            status: response.status,
            type: response.headers.get('content-type'),
            text: await response.text(),
          };
        },
        { path, ...init },
      );
    const search = { method: 'POST', body: 'output_mode=json&search=%7C+makeresults' };
    expect(await call('/services/search/jobs', { ...search, key: false })).toMatchObject({
      status: 401,
      type: expect.stringContaining('text/html'),
    });
    expect(await call('/servicesNS/user/kepler/search/jobs', search)).toMatchObject({
      status: 201,
      text: expect.stringMatching(/^\{"sid":"[\d.]+"\}$/),
    });
    expect((await call('/services/auth/login', search)).status).toBe(404);
    expect(JSON.parse((await call('/services/authentication/current-context')).text)).toMatchObject({
      entry: [{ content: { username: 'user', roles: ['user'] } }],
    });
  });
});

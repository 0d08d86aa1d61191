import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moOf } from '../../build/pages-locale.ts';
import { messagesOf, readMo } from '../../sandbox/web/message-catalogue.ts';
import { WebServer } from '../../sandbox/web/server.ts';

const TEXTS = { Models: 'Modelos', '{n} models': '{n} modelos', 'a </script> b': 'ñ "quoted"\n' };
const home = mkdtempSync(join(tmpdir(), 'kepler-locale-'));
const app = join(home, 'etc/apps/kepler');
afterAll(() => rmSync(home, { recursive: true }));

beforeAll(() => {
  const folder = join(app, 'locale/es_ES/LC_MESSAGES');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'messages.mo'), moOf(TEXTS));
});

test('the compiled form is read, without its head', () => {
  expect(readMo(moOf(TEXTS))).toEqual(TEXTS);
  expect(messagesOf(app, 'es-ES')).toEqual(TEXTS);
  expect(messagesOf(app, 'fr-FR')).toEqual({});
  expect(() => readMo(Buffer.from('not one'))).toThrow(/no compiled/);
});

test('i18ncatalog hands a page the texts of its app in its language, as Splunk does', async () => {
  const web = await WebServer.listen({
    splunkHome: home,
    splunkd: 'http://127.0.0.1:9',
    assets: 'sandbox/web/assets',
  });
  try {
    const catalogue = async (locale: string, page: string) => {
      const answer = await fetch(`${web.url}/${locale}/i18ncatalog?autoload=1`, {
        headers: { referer: `${web.url}/${locale}/app/${page}` },
      });
      expect(answer.headers.get('content-type')).toMatch(/javascript/);
      const script = await answer.text();
      expect(script).not.toContain('</script>');
      let given: unknown;
      new Function('i18n_register', script)(
        (registered: { catalog: unknown }) => (given = registered.catalog),
      );
      return given;
    };
    expect(await catalogue('es-ES', 'kepler/models')).toEqual(TEXTS);
    expect(await catalogue('en-US', 'kepler/models')).toEqual({});
    expect(await catalogue('es-ES', 'search/search')).toEqual({});
  } finally {
    await web.close();
  }
});

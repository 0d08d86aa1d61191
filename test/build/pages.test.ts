import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUES, moOf, poOf } from '../../build/pages-locale.ts';
import { pageSizes } from '../../build/pages-sizes.ts';
import { PAGES, viewNames } from '../../build/pages-config.ts';
import { renderTemplate } from '../../sandbox/web/mako.ts';
import type { PageContext } from '../../sandbox/web/page.ts';

const built = existsSync(PAGES.sizes);
const views = viewNames();

test('every view has its page and its label of 5 to 80 characters, in the form from 10.4 on', () => {
  for (const view of views) {
    const xml = readFileSync(join(PAGES.views, `${view}.xml`), 'utf8');
    expect(xml).toContain('template="pages/splunk_ui_app.html" type="html"');
    expect(/<label>([^<]{5,80})<\/label>/.test(xml)).toBe(true);
  }
  const nav = readFileSync('splunk_app/default/data/ui/nav/default.xml', 'utf8');
  expect(nav).toContain('<view name="models" default="true" />');
});

test('the template for Splunk before 10.4 loads a view’s page by its name, after what the page needs', () => {
  const html = readFileSync(PAGES.template, 'utf8');
  const order = ['/config?autoload=1', '/i18ncatalog?autoload=1', '__splunkd_partials__', 'page_path)'];
  expect(order.map((text) => html.indexOf(text))).toEqual(
    order.map((text) => html.indexOf(text)).sort((a, b) => a - b),
  );
  const context = {
    locale: 'en-US',
    app: 'kepler',
    about: { label: 'Kepler', build: '7' },
    view: 'runtimes',
    nav: [],
  };
  const page = renderTemplate(html, context as unknown as PageContext);
  expect(page).toMatch(
    /<script src="\/en-US\/static\/@[^"]+:7\/app\/kepler\/pages\/runtimes\.js"><\/script>/,
  );
});

test('what stands in the app’s XML is in every catalogue that Splunk reads', () => {
  const nav = readFileSync('splunk_app/default/data/ui/nav/default.xml', 'utf8');
  const found = views.map(
    (view) => /<label>([^<]+)/.exec(readFileSync(join(PAGES.views, `${view}.xml`), 'utf8'))![1],
  );
  found.push(...[...nav.matchAll(/ label="([^"]+)"/g)].map(([, label]) => label));
  for (const texts of Object.values(CATALOGUES)) {
    expect(found.filter((label) => !(label in texts))).toEqual([]);
  }
});

test('a catalogue reads back in its compiled form, sorted as readers search it', () => {
  const texts = { Setup: 'Configuración', Models: 'Modelos', 'a "b"': 'línea\nsegunda' };
  const mo = moOf(texts);
  const at = (place: number): number => mo.readUInt32LE(place);
  const read = (table: number, n: number): string => {
    const row = at(table) + n * 8;
    return mo.toString('utf8', at(row + 4), at(row + 4) + at(row));
  };
  expect(at(0)).toBe(0x950412de);
  const pairs = Array.from({ length: at(8) }, (_, n) => [read(12, n), read(16, n)]);
  expect(pairs[0][0]).toBe('');
  expect(pairs[0][1]).toContain('charset=UTF-8');
  expect(Object.fromEntries(pairs.slice(1))).toEqual(texts);
  expect(pairs.map(([id]) => id)).toEqual(pairs.map(([id]) => id).sort());
  expect(poOf(texts)).toContain('msgid "a \\"b\\""\nmsgstr "línea\\nsegunda"');
});

(built ? describe : describe.skip)(`what ships${built ? '' : ' (skipped: the pages are not built)'}`, () => {
  test('is a stub a view and chunks, without maps', () => {
    const files = readdirSync(PAGES.shipped);
    expect(files).toEqual(expect.arrayContaining(views.map((view) => `${view}.js`)));
    expect(files.filter((file) => !/^(chunk-[0-9a-f]{12}|[a-z]+)\.js$/.test(file))).toEqual([]);
  });

  test('names neither the component library nor a map, and nothing that looks like telemetry', () => {
    for (const file of readdirSync(PAGES.shipped)) {
      const text = readFileSync(join(PAGES.shipped, file), 'utf8');
      expect(text).not.toMatch(/@splunk\/react-ui|sourceMappingURL|\.trackEvent\b|_splunk_metrics_events/);
    }
  });

  test('is under 350 KB gzip for the first page and under 60 KB more for a second', () => {
    for (const { first, afterHome } of pageSizes()) {
      expect(first).toBeLessThan(350_000);
      expect(afterHome).toBeLessThan(60_000);
    }
  });
});

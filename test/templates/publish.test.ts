import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publishTemplate } from '../../container/templates/publish.ts';
import { withoutTests } from '../../container/templates/typescript.ts';
import { TemplateStore } from '../../container/templates/store.ts';

const BASE = readFileSync('container/templates/base.ts', 'utf8');

function options() {
  return {
    store: new TemplateStore(mkdtempSync(join(tmpdir(), 'kepler-templates-'))),
    host: resolve('dist/runtime/template-host.mjs'),
    sdk: resolve('dist/runtime/template-sdk.mjs'),
    limits: { memoryMb: 200, seconds: 10, answerBytes: 100e6 },
    taken: new Set(['LinearRegression']),
  };
}

const renamed = (name: string) => BASE.replace("name: 'base'", `name: '${name}'`);

test('the base template is short, and can be published as it is but for its name', async () => {
  expect(BASE.split('\n').length).toBeLessThan(80);
  const given = options();
  const manifest = await publishTemplate(join(tmpdir(), 'Mine.ts'), renamed('Mine'), given);
  expect(manifest).toMatchObject({ name: 'Mine', version: 1, kind: 'regressor', language: 'typescript' });
  expect(manifest.params.properties.shrink.default).toBe(1);
  expect(given.store.current('Mine')).toEqual(manifest);
  expect(readFileSync(join(given.store.path('Mine', 1), 'Mine.ts'), 'utf8')).toBe(renamed('Mine'));
});

test('a change makes the next version, no change none', async () => {
  const given = options();
  await publishTemplate(join(tmpdir(), 'Mine.ts'), renamed('Mine'), given);
  const same = await publishTemplate(join(tmpdir(), 'Mine.ts'), renamed('Mine'), given);
  // What was checked once is not loaded again, as at each start of a runtime.
  const unloaded = { ...given, host: '/no/such/host' };
  expect(await publishTemplate(join(tmpdir(), 'Mine.ts'), renamed('Mine'), unloaded)).toEqual(same);
  const next = await publishTemplate(
    join(tmpdir(), 'Mine.ts'),
    renamed('Mine').replace('default: 1', 'default: 0.5'),
    given,
  );
  expect([same.version, next.version]).toEqual([1, 2]);
  expect(given.store.versions('Mine')).toEqual([1, 2]);
});

test("the author's tests are not published, and lines keep their numbers", () => {
  const text = 'a\n// test\nsecret();\n  // end test\nb\n';
  expect(withoutTests(text)).toBe('a\n\n\n\nb\n');
  expect(withoutTests('// testing is fine\nx')).toBe('// testing is fine\nx');
});

test.each<[string, string, string, RegExp]>([
  [
    'a mistake in the syntax',
    'Mine.ts',
    'export default {\n  name: 1 +* 2 };',
    /Mine\.ts was not published, line 2: Unexpected "\*"/,
  ],
  [
    'an import that is not there',
    'Mine.ts',
    "import x from 'no-such-package';\nexport default x;",
    /line 1: Could not resolve "no-such-package"/,
  ],
  ['no default export', 'Mine.ts', 'export const a = 1;', /no default export/],
  ['no fit', 'Mine.ts', "export default { name: 'Mine', kind: 'regressor', apply() {} };", /no function fit/],
  ['another name', 'Mine.ts', BASE, /its name is "base", but the file says Mine/],
  [
    'an unknown kind',
    'Mine.ts',
    renamed('Mine').replace("'regressor'", "'oracle' as never"),
    /kind is "oracle"; allowed are: regressor/,
  ],
  ['a name that cannot be typed', 'my-model.ts', BASE, /letters, digits and underscores/],
  ["a built-in's name", 'LinearRegression.ts', renamed('LinearRegression'), /is a built-in algorithm/],
  ['one in other letters', 'linearregression.ts', BASE, /: LinearRegression is a built-in algorithm/],
  [
    'an option of every fit',
    'Mine.ts',
    renamed('Mine').replace('shrink: {', 'apply: {'),
    /"apply" is an option that every fit has/,
  ],
  [
    'a fit that throws',
    'Mine.ts',
    renamed('Mine').replace('const centre', "throw new Error('x');\n    const centre"),
    /failed, line 35: x \(tried: fit on 60 made-up rows\)/,
  ],
  [
    'a classifier that answers places in place of classes',
    'Mine.ts',
    `import { defineTemplate } from 'kepler';
export default defineTemplate({ name: 'Mine', kind: 'classifier', fit: () => ({}), apply: (_s, { rows }) => new Array<number>(rows).fill(1) });`,
    /a classifier returned 1, which is none of the classes .*answer classes\[code\]/,
  ],
  [
    'an apply that is not the same twice',
    'Mine.ts',
    renamed('Mine').replace('return predicted;', 'return predicted.map(() => Math.random());'),
    /differently the second time/,
  ],
])('%s is refused, and nothing is kept', async (_what, file, text, message) => {
  const given = options();
  await expect(publishTemplate(join(tmpdir(), file), text, given)).rejects.toThrow(message);
  expect(given.store.names()).toEqual([]);
});

/** The types of a template are checked against module `kepler` before it is published. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkTemplate, publishTemplate } from '../../container/templates/publish.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { TypeChecker } from '../../container/templates/types/type-checker.ts';

const PROGRAM = pathToFileURL(resolve('dist/runtime/template-types.mjs'));
const types = new TypeChecker(PROGRAM, resolve('container/templates/sdk.ts'));
afterAll(() => types.close());

const BASE = readFileSync('container/templates/base.ts', 'utf8').replace("name: 'base'", "name: 'Mine'");
const folder = mkdtempSync(join(tmpdir(), 'kepler-types-'));
const FILE = join(folder, 'Mine.ts');

function options() {
  return {
    store: new TemplateStore(mkdtempSync(join(tmpdir(), 'kepler-templates-'))),
    host: resolve('dist/runtime/template-host.mjs'),
    sdk: resolve('dist/runtime/template-sdk.mjs'),
    limits: { memoryMb: 200, seconds: 30, answerBytes: 100e6 },
    taken: new Set<string>(),
    types,
  };
}

test('the base template has the right types', async () => {
  expect(await types.check(FILE, BASE)).toEqual([]);
});

test.each([
  [
    'a weight that is text',
    BASE.replace('predicted[row] += weights[f] * column[row]', "predicted[row] = 'x'"),
    /Mine\.ts was not published, line 54: Type 'string' is not assignable to type 'number'\./,
  ],
  [
    'a target that may be absent',
    BASE.replace(
      "    if (target?.kind !== 'number') throw new Error('A target that is a number is needed.');\n",
      '',
    ),
    /line \d+: 'target' is possibly 'undefined'\. There are \d+ more like it\./,
  ],
  [
    'no apply',
    "import { defineTemplate } from 'kepler';\nexport default defineTemplate({ name: 'Mine', kind: 'transformer', fit: () => ({}) });\n",
    /line 2: .*apply/,
  ],
  [
    'the rows as they are, taken as numbers',
    "import { defineTemplate } from 'kepler';\nexport default defineTemplate({ name: 'Mine', kind: 'transformer', prepare: 'none', fit: () => ({}),\n  apply: (model, { names }) => names.map(() => 1) });\n",
    /line 3: Property 'names' does not exist on type 'RawTable'/,
  ],
])('%s is refused with its line, and nothing is published', async (_, text, message) => {
  const given = options();
  await expect(publishTemplate(FILE, text, given)).rejects.toThrow(message);
  expect(given.store.names()).toEqual([]);
});

test('parameters without types, untyped packages and plain JavaScript are no mistakes', async () => {
  const loose = BASE.replace('function mean(values: Float64Array): number', 'function mean(values)');
  expect(await types.check(FILE, loose)).toEqual([]);
  expect(await types.check(join(folder, 'Mine.mjs'), 'export default { a: 1 }.b;')).toBeUndefined();
});

test("the author's own tests need not have the right types", async () => {
  const text = BASE.replace('// end test', "const x: number = 'text';\n// end test");
  const draft = await checkTemplate(FILE, text, options());
  expect(draft.name).toBe('Mine');
});

test('where the sources of module kepler are not there, nothing is checked', async () => {
  const without = new TypeChecker(PROGRAM, join(folder, 'none.ts'));
  expect(await without.check(FILE, 'const x: number = "text";')).toBeUndefined();
  await without.close();
});

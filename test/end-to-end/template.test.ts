import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuredRuntimes, readKeplerConf } from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import { Splunkd } from '../../splunk_app/src/bridge/splunkd.ts';
import { helpTemplates } from '../../splunk_app/src/inputs/help-templates.ts';
import { SystemRuntimes } from '../../splunk_app/src/inputs/system-runtimes.ts';
import { Kepler } from './kepler.ts';

/** A data scientist's day: copy the base, use it in a search, change it, break it. */
let kepler: Kepler;
const BASE = readFileSync('container/templates/base.ts', 'utf8').replace("name: 'base'", "name: 'Mine'");

beforeAll(async () => {
  kepler = new Kepler();
  const rows = Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 13},${3 * i + 5}`);
  writeFileSync(join(kepler.lookups, 'line.csv'), `x1,x2,"the y"\n${rows.join('\n')}\n,1,2\n`);
  await kepler.start();
});

afterAll(() => kepler.clean());

function save(text: string): void {
  writeFileSync(join(kepler.state, 'runtime/templates-src/Mine.ts'), text);
}

test('a saved template is fitted, applied and summarised from SPL, and keeps its version', async () => {
  save(BASE);
  await kepler.template('Mine', 'version', /^1$/);
  const fitted = await kepler.search('| inputlookup line.csv | fit Mine shrink=1 "the y" from x* into mine');
  expect(fitted.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  expect(fitted.results).toHaveLength(41);
  expect(fitted.fields).toContain('predicted(the y)');
  expect(fitted.results[40]['predicted(the y)'] ?? '').toBe('');

  const applied = await kepler.search('| inputlookup line.csv | apply mine as guess');
  expect(applied.messages).toEqual([]);
  expect(applied.results.map((row) => row.guess)).toEqual(
    fitted.results.map((row) => row['predicted(the y)']),
  );
  const summary = await kepler.search('| summary mine');
  expect(summary.fields).toEqual(['feature', 'weight']);
  expect(summary.results.map(({ feature }) => feature)).toEqual(['x1', 'x2', '_constant']);

  save(
    BASE.replace(
      'const predicted = new Float64Array(rows).fill(constant);',
      'const predicted = new Float64Array(rows).fill(1000);',
    ),
  );
  await kepler.template('Mine', 'version', /^2$/);
  const before = await kepler.search('| inputlookup line.csv | apply mine as guess');
  expect(before.results).toEqual(applied.results);
  await kepler.search('| inputlookup line.csv | fit Mine "the y" from x* into mine2 apply=f');
  const after = await kepler.search('| inputlookup line.csv | apply mine2 as guess');
  expect(Number(after.results[0].guess)).toBeGreaterThan(900);
});

test('a broken one leaves the version before serving, and says where it broke', async () => {
  // Nothing that the compiler would find.
  const broken = "if (target.values.length > 0) throw new Error('half done');\n    const centre";
  save(BASE.replace('const centre', broken));
  await kepler.template('Mine', 'error', /Mine failed, line 35: half done/);
  const fitted = await kepler.search('| inputlookup line.csv | fit Mine "the y" from x*');
  expect(fitted.status).toBe(0);
  expect(fitted.fields).toContain('predicted(the y)');
});

test('one that was never served says why when it is asked for', async () => {
  const file = join(kepler.state, 'runtime/templates-src/Unborn.ts');
  writeFileSync(file, 'export default 7;\n');
  await kepler.template('Unborn', 'error', /./);
  const { status, messages } = await kepler.search('| inputlookup line.csv | fit Unborn "the y" from x*');
  rmSync(file);
  expect(status).toBe(1);
  expect(messages.map(({ text }) => text).join()).toMatch(
    /The template "Unborn" is not served yet\. .*Unborn/,
  );
});

test('by groups, cross-validation and wrong options work as for built-ins', async () => {
  const grouped = await kepler.search(
    '| inputlookup line.csv | eval g=if(x1>19,"b","a") | fit Mine "the y" from x* by g into grouped',
  );
  expect(grouped.status).toBe(0);
  expect(grouped.results.filter((row) => row['predicted(the y)'] !== '')).toHaveLength(40);
  const folds = await kepler.search('| inputlookup line.csv | fit Mine "the y" from x* kfold_cv=3');
  expect(folds.results).toHaveLength(3);
  const wrong = await kepler.search('| inputlookup line.csv | fit Mine shrnk=2 "the y" from x*');
  expect(wrong.status).toBe(1);
  expect(wrong.messages[0].text).toMatch(/"shrnk"; did you mean "shrink"/);
  const unknown = await kepler.search('| inputlookup line.csv | fit Mien "the y" from x*');
  expect(unknown.messages[0].text).toMatch(/Did you mean "Mine"/);
});

test("the search assistant's help of fit shows it, with what its params say", async () => {
  const { splunkHome, splunkd: uri } = kepler.info;
  const key = await sessionKey(uri);
  const [splunkd, told] = [new Splunkd(uri, key), [] as string[]];
  const help = () =>
    helpTemplates({
      splunkd,
      system: new SystemRuntimes({ SPLUNK_HOME: splunkHome }, uri, key),
      runtimes: configuredRuntimes(readKeplerConf(splunkHome)),
      checkpoint: { reported: {}, restarts: {}, handed: {} },
      now: 1,
      report: ({ event }) => told.push(event),
    });
  const shown = async (command: string) =>
    (await splunkd.conf('searchbnf', `${command}-command`))?.content as Record<string, string>;
  // One that is not there any more.
  await splunkd.writeConf('fit-command', { example9: 'fit Gone x', comment9: 'Was here.' }, 'searchbnf');
  await help();
  expect(await shown('kfit')).toMatchObject({
    example1: expect.stringMatching(/^kfit LogisticRegression/),
    example2: 'kfit Mine shrink=1 y from x* into my_model',
    comment2: expect.stringMatching(/Options: shrink \(number, at least 0, at most 1, default 1\)/),
  });
  expect(await shown('fit')).toMatchObject({
    example2: expect.stringMatching(/^fit Mine/),
    example9: '',
    comment9: '',
  });
  // What is said already is not written again.
  await help();
  expect(told).toEqual(['help_written']);
});

async function sessionKey(uri: string): Promise<string> {
  const { name: username, password } = kepler.info.web.users.find(({ name }) => name === 'admin')!;
  const reply = await fetch(`${uri}/services/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password, output_mode: 'json' }),
  });
  return ((await reply.json()) as { sessionKey: string }).sessionKey;
}

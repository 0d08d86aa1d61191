import { KeplerError } from '../../container/contract/errors.ts';
import { DatasetStore } from '../../container/registry/datasets/dataset-store.ts';
import { ALICE, Bench } from './harness.ts';

const CSV = [
  'wear,temp,site,note,_time,__mv_site',
  '1.5,20,Bern,"a ""b""",1700000000.25,',
  ',21.5,,,1700000001,',
  '2,x,Zug,plain,1700000002,',
  '',
].join('\n');
const INTO = { namespace: 'user', name: 'readings' } as const;
const SPEC = {
  algorithm: 'Nonesuch',
  mode: 'stage',
  options: { depth: '3' },
  targets: ['wear'],
  fields: ['temp', 's*', 'note'],
  into: INTO,
} as const;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const open = (name = 'readings') =>
  new DatasetStore(bench.settings.datasetFolder).open({ ...INTO, name }, ALICE);

test('mode=stage keeps the rows that were asked for, raw, gives all rows back as they are, and trains nothing', async () => {
  const [reply] = await bench.fit(SPEC, [CSV], { accept: 'csv' });
  expect(reply.csv).toBe(CSV);
  expect(reply.meta.version).toBeUndefined();
  expect(reply.meta.messages.map(({ level, text }) => `${level} ${text}`)).toEqual([
    expect.stringMatching(/^WARN .*"Nonesuch".* are staged for a template of this name to come\.$/),
    expect.stringMatching(
      /^INFO Staged 3 rows of 4 fields as version 1 of the data set "readings" for Nonesuch, kept until \d{4}-/,
    ),
  ]);
  const { manifest, table } = await open();
  expect(manifest).toMatchObject({
    template: 'Nonesuch',
    options: { depth: '3' },
    rows: 3,
    user: 'alice',
    app: 'search',
    sid: '1',
    fields: [
      { name: 'wear', kind: 'number', role: 'target', nulls: 1 },
      { name: 'temp', kind: 'text', role: 'feature', nulls: 0 },
      { name: 'site', kind: 'text', role: 'feature', nulls: 1 },
      { name: 'note', kind: 'text', role: 'feature', nulls: 1 },
    ],
  });
  expect(Date.parse(manifest.expiresAt) - Date.parse(manifest.createdAt)).toBeGreaterThan(29.9 * 86_400_000);
  const cells = table.columns.map((column) =>
    column.kind === 'number'
      ? [...column.values]
      : [...column.codes].map((code) => (code < 0 ? null : column.levels[code])),
  );
  expect(cells).toEqual([
    [1.5, NaN, 2],
    ['20', '21.5', 'x'],
    ['Bern', null, 'Zug'],
    ['a "b"', null, 'plain'],
  ]);
});

test('every text is kept, however many there are, over several chunks; the next stage is the next version', async () => {
  const rows = 25_000;
  const chunk = (from: number) =>
    `note\n${Array.from({ length: rows }, (_, i) => `text ${from + i}`).join('\n')}\n`;
  const spec = { ...SPEC, targets: [], fields: ['note'], apply: false };
  await bench.fit(spec, [chunk(0), chunk(rows)]);
  const { manifest, table } = await open();
  expect(manifest.rows).toBe(2 * rows);
  const [note] = table.columns;
  if (note.kind !== 'text') throw new Error('a text is text');
  expect(note.levels[note.codes[2 * rows - 1]]).toBe(`text ${2 * rows - 1}`);
  expect(new Set(note.codes).size).toBe(2 * rows);
  await bench.fit(spec, [chunk(7)]);
  expect((await open()).manifest).toMatchObject({ version: 2, rows });
});

test('a built-in can be staged for; options that it does not take are told, and kept', async () => {
  const [reply] = await bench.fit(
    { ...SPEC, algorithm: 'LinearRegression', options: { fit_intercep: 't' } },
    [CSV],
  );
  expect(reply.meta.messages[0].text).toMatch(
    /^The options are staged as they are, although: LinearRegression: .*fit_intercept/,
  );
  expect((await open()).manifest.options).toEqual({ fit_intercep: 't' });
});

test.each([
  ['no name', { into: undefined }, /mode=stage needs the name of the data set/],
  ['a name that no template can have', { algorithm: 'my-template' }, /"my-template" cannot be a template/],
  ['no field', { fields: [] }, /needs at least one field/],
])('%s is refused before any row', async (_, more, message) => {
  await expect(bench.fit({ ...SPEC, ...more }, [CSV])).rejects.toThrow(message);
});

test.each([
  ['a target that is not there', { targets: ['weer'] }, CSV, /lack "weer" \(did you mean "wear"\?\)/],
  ['no field that is there', { fields: ['zz*'] }, CSV, /No field is left to stage/],
  ['no rows', {}, 'wear,temp\n', /no rows to stage/],
])('%s fails, and nothing is kept', async (_, more, csv, message) => {
  await expect(bench.fit({ ...SPEC, ...more }, [csv])).rejects.toThrow(message);
  expect(await new DatasetStore(bench.settings.datasetFolder).list(ALICE)).toEqual([]);
});

test("an app's data set needs the right to write there", async () => {
  const reader = { ...ALICE, acl: { read: ['*'], write: ['admin'] } };
  const fit = bench.fit({ ...SPEC, into: { namespace: 'app', name: 'shared' } }, [CSV], {
    principal: reader,
  });
  await expect(fit).rejects.toThrow(KeplerError);
  await expect(fit).rejects.toThrow(/You may not write data sets of the app "search"/);
});

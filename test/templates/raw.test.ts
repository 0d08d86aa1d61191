/** Templates with `prepare: 'none'`, through the real jobs: the rows of the search as they are, every row answered. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publishTemplate } from '../../container/templates/publish.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { Registry } from '../../container/registry/registry.ts';
import { ALICE, Bench } from '../jobs/harness.ts';

const DEGREE = `
import { defineTemplate } from 'kepler';
// How often each text occurs in either column; nulls are told apart.
export default defineTemplate<{ counts: Record<string, number>; nulls: number }>({
  name: 'Degree',
  kind: 'transformer',
  prepare: 'none',
  fit(_params, { features }) {
    const counts: Record<string, number> = {};
    let nulls = 0;
    for (const column of features.columns) {
      if (column.kind !== 'text') continue;
      for (const value of column.values) {
        if (value === null) nulls++;
        else counts[value] = (counts[value] ?? 0) + 1;
      }
    }
    return { counts, nulls };
  },
  partialFit(before, params, input) {
    const counts = { ...before.counts };
    for (const column of input.features.columns)
      if (column.kind === 'text')
        for (const value of column.values) if (value !== null) counts[value] = (counts[value] ?? 0) + 1;
    return { counts, nulls: before.nulls };
  },
  apply({ counts }, { rows, columns }) {
    const [src, , weight] = columns;
    if (src.kind !== 'text') throw new Error('src is text');
    return {
      degree: src.values.map((value) => (value === null ? 'none' : String(counts[value] ?? 'new'))),
      doubled: weight?.kind === 'number' ? weight.values.map((value) => 2 * value) : new Float64Array(rows),
      rows: new Float64Array(rows).fill(rows),
    };
  },
  summary: ({ counts, nulls }) => ({ texts: Object.keys(counts).length, nulls }),
  example: { features: { src: ['a', null, 'b'], dst: ['b', 'a', null], weight: [1, null, 3] } },
});`;

const MAJORITY = `
import { defineTemplate } from 'kepler';
export default defineTemplate<{ by: Record<string, string>; seen: string }>({
  name: 'Majority',
  kind: 'classifier',
  prepare: 'none',
  params: { properties: { probabilities: { type: 'boolean', default: false, description: 'p' } } },
  fit(_params, { features, target }) {
    const by: Record<string, string> = {};
    const [site] = features.columns;
    site.values.forEach((value, row) => {
      const said = target!.values[row];
      if (said === null || Number.isNaN(said) || value === null) return;
      by[String(value)] = String(said);
    });
    return { by, seen: target!.kind };
  },
  apply({ by, seen }, { columns: [site] }, { probabilities }) {
    const said = [...site.values].map((value) => (value === null ? null : by[String(value)] ?? null));
    return {
      'predicted(y)': said,
      ...(probabilities === true && { 'probability(y=1)': said.map((one) => (one === '1' ? 1 : 0)) }),
      kind: said.map(() => seen),
    };
  },
  evaluate(_model, { features, target }) {
    return { rows_seen: features.rows, targets_seen: target!.values.length };
  },
});`;

let bench: Bench;
beforeAll(async () => {
  bench = new Bench();
  const options = {
    store: new TemplateStore(bench.settings.templateFolder),
    host: resolve('dist/runtime/template-host.mjs'),
    sdk: resolve('dist/runtime/template-sdk.mjs'),
    limits: { memoryMb: 200, seconds: 20, answerBytes: 100e6 },
    taken: new Set<string>(),
  };
  const folder = mkdtempSync(join(tmpdir(), 'kepler-raw-'));
  await publishTemplate(join(folder, 'Degree.ts'), DEGREE, options);
  await publishTemplate(join(folder, 'Majority.ts'), MAJORITY, options);
});
afterAll(() => bench.close());

const into = (name: string) => ({ namespace: 'user', name }) as const;
const EDGES = 'src,dst,weight\na,b,1\n,c,2\na,,\nb,a,4\n';

test('the template sees nulls and texts, and answers every row', async () => {
  const [reply] = await bench.fit(
    { algorithm: 'Degree', fields: ['src', 'dst', 'weight'], into: into('graph') },
    [EDGES],
  );
  expect(reply.csv).toBe(
    'src,dst,weight,degree,doubled,rows\na,b,1,3,2,4\n,c,2,none,4,4\na,,,3,,4\nb,a,4,2,8,4\n',
  );
  expect(reply.meta.messages).toEqual([]);
});

test('apply gets a chunk whole, with texts that the fit has not seen, in any order of columns', async () => {
  const rows = 9000;
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i % 3 === 0 ? 'a' : `new${i}`},x`);
  const reply = await bench.apply('graph', `weight,src,dst\n${lines.join('\n')}\n`, { accept: 'csv' });
  const out = reply.csv.trimEnd().split('\n');
  expect(out[0]).toBe('weight,src,dst,degree,doubled,rows');
  expect(out[1]).toBe('0,a,x,3,0,9000');
  expect(out[rows]).toBe(`${rows - 1},new${rows - 1},x,new,${2 * (rows - 1)},9000`);
  const again = await bench.apply('graph', 'src,dst,weight\nb,zz,\n', { accept: 'splice' });
  expect(again.csv).toBe('src,dst,weight,degree,doubled,rows\nb,zz,,2,,1\n');
});

test('by groups, partial_fit, sample_count and as work as for built-ins', async () => {
  const spec = { algorithm: 'Degree', fields: ['src', 'dst', 'weight'], into: into('groups'), by: ['g'] };
  const csv = 'g,src,dst,weight\n1,a,b,1\n1,a,,2\n2,a,a,3\n2,,b,4\n';
  const [reply] = await bench.fit(spec, [csv]);
  expect(reply.csv).toBe(
    'g,src,dst,weight,degree,doubled,rows\n1,a,b,1,2,2,2\n1,a,,2,2,4,2\n2,a,a,3,2,6,2\n2,,b,4,none,8,2\n',
  );
  const applied = await bench.apply('groups', 'src,g,dst,weight\na,2,c,1\nzz,1,c,1\nb,3,c,1\n');
  expect(applied.csv).toBe(
    'src,g,dst,weight,degree,doubled,rows\na,2,c,1,2,2,1\nzz,1,c,1,new,2,1\nb,3,c,1,,,\n',
  );
  await bench.fit({ ...spec, by: [], into: into('more') }, [EDGES]);
  const [more] = await bench.fit({ ...spec, by: [], into: into('more'), partialFit: true, as: 'd' }, [EDGES]);
  expect(more.csv.split('\n').slice(0, 2)).toEqual(['src,dst,weight,d,doubled,rows', 'a,b,1,6,2,4']);
  const [few] = await bench.fit({ ...spec, by: [], sampleCount: 1, sampleSeed: 1, into: into('few') }, [
    EDGES,
  ]);
  expect(few.csv.trimEnd().split('\n')).toHaveLength(5);
});

test('a classifier is measured on the rows that have a target and an answer; its own metrics stand beside', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${['x', 'y', '', 'z'][i % 4]},${i % 5 === 0 ? '' : i % 2}`,
  );
  const csv = `site,y\n${rows.join('\n')}\n`;
  const spec = { algorithm: 'Majority', targets: ['y'], fields: ['site'], into: into('major') };
  const [reply] = await bench.fit(spec, [csv]);
  expect(reply.meta.version).toMatchObject({ version: 1 });
  const lines = reply.csv.trimEnd().split('\n');
  expect(lines[0]).toBe('site,y,predicted(y),kind');
  expect(lines.slice(1, 5)).toEqual(['x,,0,number', 'y,1,1,number', ',0,,number', 'z,1,1,number']);
  const id = { namespace: 'user', owner: ALICE.user, name: 'major' } as const;
  const { metrics } = await new Registry(bench.settings.modelFolder).manifest(id, 1);
  // 30 rows have a site, 24 of these a target; each says what its site's last row said.
  expect(metrics).toMatchObject({ accuracy: 1, rows_seen: 24, targets_seen: 24 });
  const probable = await bench.apply(
    { model: { namespace: 'user', name: 'major' }, options: { probabilities: 't' } },
    'site\nx\ny\n',
  );
  expect(probable.csv).toBe('site,predicted(y),probability(y=1),kind\nx,0,0,number\ny,1,1,number\n');
});

test('holdout and kfold_cv leave out what has no target', async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${['x', 'y', 'z'][i % 3]},${i % 6 === 0 ? '' : i % 3 === 1 ? 1 : 0}`,
  );
  const csv = `site,y\n${rows.join('\n')}\n`;
  const spec = { algorithm: 'Majority', targets: ['y'], fields: ['site'] };
  const [held] = await bench.fit({ ...spec, holdout: 0.2, into: into('held') }, [csv]);
  expect(held.meta.messages.map(({ text }) => text)).toEqual([
    expect.stringMatching(/held out of training: .* 1\./),
  ]);
  const [folds] = await bench.fit({ ...spec, kfoldCv: 3 }, [csv]);
  expect(folds.csv).toMatch(/^f1_weighted,accuracy,precision_weighted,recall_weighted\n(1,1,1,1\n){3}$/);
});

test('what means nothing to such a template is refused before any row', async () => {
  await expect(
    bench.fit({ algorithm: 'Degree', fields: ['src'], unseenValue: 'skip' }, [EDGES]),
  ).rejects.toThrow(/gets the rows as they are, so unseen_value says nothing to it/);
});

/** The preprocessor as templates use it: imported from 'kepler', its state inside the model's, through the real jobs. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publishTemplate } from '../../container/templates/publish.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { Bench } from '../jobs/harness.ts';

const MIXED = `
import { defineTemplate, featureNames, standardPreprocessing, transform } from 'kepler';
import type { PreprocessorState } from 'kepler';
// The means of prepared columns by class, and which is nearest.
export default defineTemplate<{ prepared: PreprocessorState; classes: readonly string[]; centres: Float64Array[] }>({
  name: 'Mixed',
  kind: 'classifier',
  prepare: 'none',
  fit(_params, { features, target }, { warn }) {
    const { table, state, target: known } = standardPreprocessing(features, { target, warn, encode: 'target', missing: 'mean' });
    if (known?.kind !== 'classes') throw new Error('classes are needed');
    const centres = known.classes.map((_, k) =>
      Float64Array.from(table.columns, (column) => {
        const own = column.filter((_value, row) => known.codes[row] === k);
        return own.reduce((sum, value) => sum + value, 0) / own.length;
      }),
    );
    return { prepared: state, classes: known.classes, centres };
  },
  apply({ prepared, classes, centres }, features) {
    const { rows, columns } = transform(prepared, features);
    return Array.from({ length: rows }, (_, row) => {
      const distances = centres.map((centre) =>
        columns.reduce((sum, column, f) => sum + (column[row] - centre[f]) ** 2, 0),
      );
      return classes[distances.indexOf(Math.min(...distances))];
    });
  },
  summary: ({ prepared }) => ({ columns: featureNames(prepared).join(' ') }),
  example: {
    features: { load: [1, null, 9, 8, 2, 9], site: ['a', 'b', 'b', null, 'a', 'b'] },
    target: { name: 'state', values: ['low', 'low', 'high', 'high', 'low', 'high'] },
  },
});`;

const SCALED = `
import { defineTemplate, inverseTransform, preprocessor, scale, toOnnx, transform } from 'kepler';
import type { PreprocessorState } from 'kepler';
export default defineTemplate<{ prepared: PreprocessorState }>({
  name: 'Scaled',
  kind: 'transformer',
  fit: (_params, { features }) => ({
    prepared: preprocessor([scale({ method: 'power' }), scale({ method: 'minmax', clip: true })]).fit(features).state,
  }),
  apply({ prepared }, features) {
    const { names, columns } = transform(prepared, features);
    inverseTransform(prepared, { rows: features.rows, names, columns });
    return columns.map((values, f) => ({ kind: 'number', name: 'scaled_' + names[f], values }));
  },
  toOnnx({ prepared }, graph) {
    graph.output('variable', toOnnx(prepared, graph), 'double', prepared.features.length);
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
  const folder = mkdtempSync(join(tmpdir(), 'kepler-prepared-'));
  await publishTemplate(join(folder, 'Mixed.ts'), MIXED, options);
  await publishTemplate(join(folder, 'Scaled.ts'), SCALED, options);
  const example = resolve('examples/templates/TextClassifier.ts');
  await publishTemplate(example, readFileSync(example, 'utf8'), options);
});
afterAll(() => bench.close());

const into = (name: string) => ({ namespace: 'user', name }) as const;

test('a raw table is prepared at fit, and at scoring with what fit learned', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const high = i % 2 === 1;
    return `${1.7e9 + i * 600},${i % 9 === 0 ? '' : (high ? 9 : 1) + i / 40},${high ? 'b' : 'a'},${i === 7 ? '' : high ? 'up' : 'down'}`;
  });
  const csv = `_time,load,site,state\n${rows.join('\n')}\n`;
  const spec = {
    algorithm: 'Mixed',
    targets: ['state'],
    fields: ['_time', 'load', 'site'],
    into: into('mixed'),
  };
  const [reply] = await bench.fit(spec, [csv]);
  const said = reply.csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  expect(said.filter(([, , site, , predicted]) => predicted !== (site === 'b' ? 'up' : 'down'))).toEqual([]);
  expect(JSON.stringify(reply.meta.messages)).toContain(
    '1 row was left out: the target, \\"state\\", is null there.',
  );
  const applied = await bench.apply(
    'mixed',
    'site,load,_time,more\nb,,1700000000,x\na,1,,y\nunheard of,9.5,1700000000,z\n',
  );
  expect(
    applied.csv
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1)),
  ).toEqual(['up', 'down', 'up']);
});

test('its steps go into the ONNX file of the model, checked at publishing', async () => {
  const csv = `a,b\n${Array.from({ length: 30 }, (_, i) => `${i * i},${30 - i}`).join('\n')}\n`;
  const [reply] = await bench.fit({ algorithm: 'Scaled', fields: ['a', 'b'], into: into('scaled') }, [csv]);
  const [header, first] = reply.csv.split('\n');
  expect(header).toBe('a,b,scaled_a,scaled_b');
  const [low, high] = first.split(',').slice(2).map(Number);
  expect(low).toBe(0);
  expect(high).toBeCloseTo(1, 12);
});

test('the example that tells texts apart does so, on messages that it has not seen', async () => {
  const [header, ...lines] = readFileSync('examples/templates/data/log_messages.csv', 'utf8')
    .trimEnd()
    .split('\n');
  const spec = { algorithm: 'TextClassifier', targets: ['kind'], fields: ['message'], into: into('kinds') };
  await bench.fit(spec, [`${header}\n${lines.slice(0, 160).join('\n')}\n`]);
  const reply = await bench.apply('kinds', `${header}\n${lines.slice(160).join('\n')}\n`);
  const said = reply.csv.trimEnd().split('\n').slice(1);
  const right = said.filter((line) => {
    const [kind, predicted] = line.split(',').slice(-2);
    return kind === predicted;
  });
  expect(said).toHaveLength(80);
  expect(right.length).toBeGreaterThan(76);
});

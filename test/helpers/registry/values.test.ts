import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from '../../../container/registry/registry.ts';
import { FitsToMlflow } from '../../../container/server/fits-to-mlflow.ts';
import { createLog } from '../../../container/server/log.ts';
import { eventually } from '../../eventually.ts';
import { DRAFT, FILES, ID, newRoot } from '../../registry/fixtures.ts';
import { artifactFolder } from '../../../container/helpers/registry/mlflow/client.ts';
import { isAlias } from '../../../container/helpers/registry/mlflow/log-version.ts';
import {
  batchesOf,
  keysFor,
  metricsOf,
  paramsOf,
} from '../../../container/helpers/registry/mlflow/values.ts';

it('makes keys that MLflow takes, each of them once', () => {
  expect(keysFor(['a b', 'f1{x}', 'f1[x]', 'ä', 'x'.repeat(300)])).toEqual([
    'a b',
    'f1_x_',
    'f1_x__2',
    '_',
    'x'.repeat(250),
  ]);
});

it('writes NaN as text, and leaves out what would come back as another number', () => {
  expect(metricsOf({ a: 1, b: NaN, c: Infinity, d: -Infinity }, 5)).toEqual([
    { key: 'a', value: 1, timestamp: 5, step: 0 },
    { key: 'b', value: 'NaN', timestamp: 5, step: 0 },
  ]);
});

it('cuts what MLflow would cut in silence, and shows it', () => {
  const [long, list] = paramsOf({ long: 'x'.repeat(7000), list: [1, 2], none: undefined });
  expect(long.value).toHaveLength(6000);
  expect(long.value.endsWith('…')).toBe(true);
  expect(list).toEqual({ key: 'list', value: '[1,2]' });
});

it('keeps to what one call takes', () => {
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]));
  const parts = [
    ...batchesOf({
      metrics: metricsOf(many(2500), 0),
      params: paramsOf(many(250)),
      tags: paramsOf(many(120)),
    }),
  ];
  for (const { metrics, params, tags } of parts) {
    expect(metrics.length).toBeLessThanOrEqual(1000);
    expect(params.length).toBeLessThanOrEqual(100);
    expect(tags.length).toBeLessThanOrEqual(100);
    expect(metrics.length + params.length + tags.length).toBeLessThanOrEqual(1000);
  }
  const sum = (name: 'metrics' | 'params' | 'tags') =>
    parts.reduce((all, part) => all + part[name].length, 0);
  expect([sum('metrics'), sum('params'), sum('tags')]).toEqual([2500, 250, 120]);
});

it.each([
  ['mlflow-artifacts:/3/abc/artifacts', '3/abc/artifacts'],
  ['mlflow-artifacts://host:5000/3/abc/artifacts', '3/abc/artifacts'],
  ['s3://bucket/3/abc/artifacts', undefined],
  ['/tmp/mlruns/3/abc/artifacts', undefined],
])('knows where the server keeps %s', (uri, folder) => {
  expect(artifactFolder(uri)).toBe(folder);
});

it.each([
  ['champion', true],
  ['a-b_C', true],
  ['latest', false],
  ['v12', false],
  ['a b', false],
])('takes %s as an alias: %s', (alias, is) => {
  expect(isAlias(alias)).toBe(is);
});

it('writes a fit down before its answer is out, and takes up what a process that was killed has left', async () => {
  const [home, after] = [newRoot(), newRoot()];
  const registry = new Registry(join(home, 'models'));
  await registry.create(ID, DRAFT, FILES, { promote: true });
  // Nobody listens there.
  const settings = { url: 'http://127.0.0.1:9', experiment: 'kepler' };
  const lines: string[] = [];
  const log = createLog('error', { write: (line: string) => void lines.push(line) });
  const first = new FitsToMlflow(home, settings, registry, log);
  const run = {
    time: 1,
    kind: 'fit',
    status: 'ok',
    user: 'ann',
    app: 'search',
    sid: '1',
    rows: 10,
    ms: 5,
  } as const;
  first.record({ ...run, model: { ...ID, version: 1 } });
  const ended = (where: string) => readdirSync(join(where, 'mlflow/ended'));
  // As it stands in the moment of the answer.
  expect(ended(home)).toHaveLength(1);
  cpSync(join(home, 'mlflow/ended'), join(after, 'mlflow/ended'), { recursive: true });
  writeFileSync(join(after, 'mlflow/ended/1-cut.json'), '{"kind":');
  await eventually(async () => expect([first.state.queued, ended(home)]).toEqual([1, []]));
  await first.close();

  const second = new FitsToMlflow(after, settings, registry, log);
  await eventually(async () => expect([second.state.queued, ended(after)]).toEqual([1, []]));
  await second.close();
  const [queued] = readdirSync(join(after, 'mlflow/queue'));
  expect(readFileSync(join(after, 'mlflow/queue', queued), 'utf8')).toContain('"name":"iris"');
  expect(lines).toHaveLength(1);
});

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

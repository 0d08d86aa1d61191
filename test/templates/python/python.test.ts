import { classes, endAll, numbers, publish, start, withPython } from './harness.ts';

afterEach(endAll);

const CLASSIFIER = `"""Tells flowers apart."""
from sklearn.linear_model import LogisticRegression
from kepler import log, log_metrics

kind = 'classifier'
params = {'properties': {'C': {'type': 'number', 'default': 1.0, 'minimum': 0}}}

def fit(model, df, param):
    log.info('fitting', rows=len(df))
    log_metrics({'rows': len(df)})
    print('printed')
    return LogisticRegression(C=param['C']).fit(df[param['feature_variables']], df[param['target_variables'][0]])

def apply(model, df, param):
    return model.predict(df)

def probabilities(model, df, param):
    return model.predict_proba(df)

def summary(model):
    return {'classes': len(model.classes_), 'nested': {'C': model.C}}
`;

withPython('a classifier is published, fitted, applied and summarised', async () => {
  const published = await publish('Flowers.py', CLASSIFIER);
  expect(published.manifest).toMatchObject({
    name: 'Flowers',
    version: 1,
    language: 'python',
    kind: 'classifier',
    description: 'Tells flowers apart.',
    can: { partialFit: false, summary: true },
  });
  const heard: string[] = [];
  const told: unknown[] = [];
  const flowers = await start(published, {
    log: (level, text) => heard.push(`${level} ${text}`),
    telemetry: (event) => told.push(event),
  });
  const table = numbers({ a: [0, 1, 2, 10, 11, 12], b: [1, 0, 1, 9, 8, 9] });
  const state = await flowers.fit(
    table,
    classes('kind', ['no', 'yes'], ['no', 'no', 'no', 'yes', 'yes', 'yes']),
    { C: 2 },
  );
  expect(state.byteLength).toBeGreaterThan(100);
  expect(await flowers.apply(table)).toEqual([
    { name: 'predicted(kind)', kind: 'label', labels: ['no', 'yes'], codes: Int32Array.of(0, 0, 0, 1, 1, 1) },
  ]);
  const [, no, yes] = await flowers.apply(table, { probabilities: true });
  expect([no.name, yes.name]).toEqual(['probability(kind=no)', 'probability(kind=yes)']);
  expect(await flowers.summary()).toEqual({
    fields: ['name', 'value'],
    rows: [
      ['classes', 2],
      ['nested.C', 2],
    ],
  });
  expect(heard).toEqual(expect.arrayContaining(['info fitting', 'info printed']));
  expect(told[0]).toEqual({ kind: 'metrics', values: { rows: 6 }, dimensions: {} });
});

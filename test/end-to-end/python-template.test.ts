import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, missingPython } from '../onnx/python.ts';
import { Kepler } from './kepler.ts';

/** The same day as in template.test.ts, for whoever writes Python. */
const why = missingPython('pyarrow') ?? missingPython('sklearn');
const withPython = (name: string, body: () => Promise<void>) =>
  why === undefined ? test(name, body) : test.skip(`${name} (${why})`, body);

const BASE = readFileSync('container/templates/base.py', 'utf8');
const FLOWERS = `"""Tells flowers apart by what their words say."""
from sklearn.linear_model import LogisticRegression

kind = 'classifier'
params = {'properties': {'C': {'type': 'number', 'default': 1.0, 'minimum': 0}}}

def fit(model, df, param):
    return LogisticRegression(C=param['C']).fit(df[param['feature_variables']], df[param['target_variables'][0]])

def partial_fit(model, df, param):
    model.n_more_ = getattr(model, 'n_more_', 0) + len(df)
    return model

def apply(model, df, param):
    return model.predict(df)

def probabilities(model, df, param):
    return model.predict_proba(df)

def summary(model):
    return {'classes': len(model.classes_), 'more': getattr(model, 'n_more_', 0)}
`;
let kepler: Kepler;

beforeAll(async () => {
  if (why !== undefined) return;
  process.env.KEPLER_PYTHON = PYTHON;
  kepler = new Kepler();
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i},${(i * 7) % 13},${3 * i + 5},${i > 19 ? 'late' : 'early'}`,
  );
  writeFileSync(join(kepler.lookups, 'line.csv'), `x1,x2,"the y",when\n${rows.join('\n')}\n,1,2,early\n`);
  await kepler.start();
});

afterAll(() => {
  delete process.env.KEPLER_PYTHON;
  return kepler?.clean();
});

function save(file: string, text: string): void {
  writeFileSync(join(kepler.state, 'runtime/templates-src', file), text);
}

withPython(
  'a saved template in Python is fitted, applied and summarised from SPL, and keeps its version',
  async () => {
    save('Mine.py', BASE);
    await kepler.template('Mine', 'version', /^1$/);
    const fitted = await kepler.search(
      '| inputlookup line.csv | fit Mine shrink=1 "the y" from x* into mine',
    );
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
    expect(summary.results.map(({ name }) => name)).toEqual(['x1', 'x2', '_constant']);

    save('Mine.py', BASE.replace('+ model["constant"]', '+ 1000'));
    await kepler.template('Mine', 'version', /^2$/);
    const before = await kepler.search('| inputlookup line.csv | apply mine as guess');
    expect(before.results).toEqual(applied.results);

    save('Mine.py', BASE.replace('    away =', '    raise ValueError("half done")\n    away ='));
    await kepler.template('Mine', 'error', /Mine failed, line 28 of Mine\.py: ValueError: half done/);
    const still = await kepler.search('| inputlookup line.csv | fit Mine "the y" from x*');
    expect(Number(still.results[0]['predicted(the y)'])).toBeGreaterThan(900);
  },
);

withPython('probabilities, groups, folds, held-out rows and partial_fit work as for built-ins', async () => {
  save('Flowers.py', FLOWERS);
  await kepler.template('Flowers', 'version', /^1$/);
  const fitted = await kepler.search(
    '| inputlookup line.csv | fit Flowers when from x* probabilities=true holdout=0.25 into when_model',
  );
  expect(fitted.fields).toEqual(
    expect.arrayContaining(['predicted(when)', 'probability(when=early)', 'probability(when=late)']),
  );
  expect(fitted.messages.map(({ text }) => text).join(' ')).toMatch(/held out of training: f1/i);
  expect(fitted.results[39]['predicted(when)']).toBe('late');
  const more = await kepler.search(
    '| inputlookup line.csv | fit Flowers when from x* partial_fit=t into when_model',
  );
  expect(more.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
  const { results } = await kepler.search('| summary when_model');
  expect(results).toEqual([
    { name: 'classes', value: '2' },
    { name: 'more', value: '40' },
  ]);
  const folds = await kepler.search('| inputlookup line.csv | fit Flowers when from x* kfold_cv=3');
  expect(folds.results.map((row) => Number(row.accuracy) > 0.4)).toEqual([true, true, true]);
  const odd = '| inputlookup line.csv | eval g=if(x1>9,"b","a")';
  const grouped = await kepler.search(`${odd} | fit Flowers when from x* by g into grouped`);
  // All rows of the group a are of one class, which nothing can be learnt from.
  expect(grouped.results.filter((row) => row['predicted(when)'] !== '')).toHaveLength(30);
  const again = await kepler.search(`${odd} | apply grouped as again`);
  expect(again.results.map((row) => row.again)).toEqual(grouped.results.map((row) => row['predicted(when)']));
  const wrong = await kepler.search('| inputlookup line.csv | fit Flowers when from x* c=2');
  expect(wrong.messages[0].text).toMatch(/there is no option "c"; did you mean "C"/);
});

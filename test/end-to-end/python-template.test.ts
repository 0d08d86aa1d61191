import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON, missingPython } from '../onnx/python.ts';
import { eventually } from '../eventually.ts';
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
/** Every helper that runs in the runtime. Its model keeps itself by save and load. */
const KEEPER = `"""Keeps versions of its own, and asks Splunk."""
import json, os
from kepler import (KeplerError, compare_models, get_data, load_model_version, log, log_event, log_metrics, log_model, log_training_step,
                    promote, send_results, validate_splunk_config)

kind = 'transformer'
needs = ['registry', 'splunk']

def fit(model, df, param):
    loads = [row['load'] for row in get_data('index=main sourcetype=readings', earliest=0)]
    log.info('read by Python', rows=len(loads))
    wrong = [one for one in validate_splunk_config(indexes=['main']) if not one['ok']]
    assert not wrong, wrong
    try:
        list(get_data('| nonsense'))
    except KeplerError as error:
        assert "Unknown search command 'nonsense'" in str(error), error
    send_results([{'mean': sum(loads) / len(loads)}], lookup='python_means')
    about = {'name': 'side', 'features': param['feature_variables'], 'params': {'depth': 3}}
    first = log_model({**about, 'metrics': {'score': .5}}, {'factor': 10})
    log_model({**about, 'metrics': {'score': .7}, 'promote': False}, {'factor': 20})
    best = max(compare_models('side')['versions'], key=lambda one: one['metrics']['score'])
    moved = promote(f"side@{best['version']}")
    assert (first['version'], moved['before']) == (1, 1), (first, moved)
    loaded = load_model_version('side@champion')
    assert loaded['params'] == {'depth': 3}
    log_event('kept', best=best['version'])
    log_training_step(1, loss=.5)
    log_metrics(score=.7)
    return {'factor': loaded['model']['factor'] + 1}

def apply(model, df, param):
    return df.iloc[:, 0] * model['factor']

def save(model, folder):
    with open(os.path.join(folder, 'model.json'), 'w') as file: json.dump(model, file)

def load(folder):
    with open(os.path.join(folder, 'model.json')) as file: return json.load(file)
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

withPython(
  "the helpers in the runtime work from Python in the searcher's name, and apply reads what it logs",
  async () => {
    kepler.indexReadings();
    save('Keeper.py', KEEPER);
    await kepler.template('Keeper', 'version', /^1$/);
    const fitted = await kepler.search('| inputlookup line.csv | head 3 | fit Keeper x1', 'user');
    expect(fitted.messages.filter(({ type }) => type === 'ERROR')).toEqual([]);
    expect(fitted.results.map(({ output }) => output)).toEqual(['0', '21', '42']);
    const applied = await kepler.search('| inputlookup line.csv | head 3 | apply side', 'user');
    expect(applied.results.map(({ output }) => output)).toEqual(['0', '20', '40']);
    const means = await kepler.search('| inputlookup python_means.csv', 'user');
    expect(means.results).toEqual([{ mean: '4.5' }]);
    const line = await eventually(() => {
      const lines = readFileSync(join(kepler.state, 'runtime/runtime.log'), 'utf8').split('\n');
      return JSON.parse(lines.find((text) => text.includes('"msg":"read by Python"'))!) as object;
    });
    expect(line).toMatchObject({
      template: 'Keeper',
      user: 'user',
      sid: expect.any(String),
      fields: { rows: 300 },
    });
    const others = await kepler.search('| inputlookup line.csv | apply side', 'ana');
    expect(others.status).toBe(1);
  },
);

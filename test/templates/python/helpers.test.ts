import { callLocal, isLocal } from '../../../container/templates/local-helpers.ts';
import { calculateAllMetrics } from '../../../container/helpers/metrics/index.ts';
import { runOnnx } from '../../../container/onnx/run.ts';
import { ONNX_FILE } from '../../../container/registry/types.ts';
import { Registry } from '../../../container/registry/registry.ts';
import { TemplateStore } from '../../../container/templates/store.ts';
import { ALICE, Bench, into } from '../../jobs/harness.ts';
import { PYTHON } from '../../onnx/python.ts';
import { endAll, numbers, optionsFor, publish, start, withPython } from './harness.ts';

afterEach(endAll);

const TEMPLATE = `
import numpy as np
from kepler import (KeplerError, calculate_all_metrics, calculate_business_metrics, encode_categorical, handle_missing, log_event,
                    preprocessor, progress, scale, standard_preprocessing, get_data, warn)
import kepler, pandas as pd

kind = 'transformer'
tables = 'polars'

def fit(model, df, param):
    progress(0.5, 'half')
    warn('careful')
    log_event('done', rows=df.height)
    metrics = calculate_all_metrics([1.0, 2.0, 4.0], np.array([1.0, 2.5, 3.0]))
    costs = calculate_business_metrics(['a', 'b', 'b'], ['a', 'a', 'b'], costs={'a': {'b': -1}, 'b': {'a': -10, 'b': 2}})
    raw = pd.DataFrame({'n': [1.0, None, 3.0, 8.0], 'w': ['x', 'y', None, 'x']})
    fitted = preprocessor([handle_missing(strategy='constant', columns=['w'], fill_value='none'), handle_missing(strategy='mean'),
                           encode_categorical(method='onehot'), scale(columns=['n'])]).fit(raw)
    again = fitted.transform(raw)
    standard = standard_preprocessing(raw)
    try:
        list(get_data('search index=main'))
        said = 'nothing'
    except KeplerError as error:
        said = f'{error.code} {error}'
    try: kepler.calculate_everything([1])
    except KeplerError as error: unknown = str(error)
    return {'metrics': metrics['values'], 'costs': costs['values'], 'features': fitted.features, 'same': bool((again == fitted.table).all().all()),
            'mean': float(again['n'].mean()), 'standard': standard.features, 'said': said, 'unknown': unknown, 'fitted': fitted}

def apply(model, df, param):
    return df.select(doubled=df['x'] * 2, word=df['x'].cast(str))

def summary(model):
    return {name: str(value) for name, value in model.items() if name != 'fitted'}
`;

withPython('helpers in Python are the same as in TypeScript, and polars tables come and go', async () => {
  const heard: unknown[] = [];
  const asked = await start(await publish('Helped.py', TEMPLATE), {
    warn: (text) => heard.push(['warn', text]),
    progress: (share, text) => heard.push(['progress', share, text]),
    telemetry: (event) => heard.push(event),
    call: async (what) => {
      if (isLocal(what)) return callLocal(what);
      throw new Error(`no ${what.helper}`);
    },
  });
  const table = numbers({ x: [1, 2] });
  await asked.fit(table);
  expect(await asked.apply(table)).toEqual([
    { name: 'doubled', kind: 'number', values: Float64Array.of(2, 4) },
    { name: 'word', kind: 'text', values: ['1.0', '2.0'] },
  ]);
  const { rows } = (await asked.summary()) as { rows: [string, string][] };
  const said = Object.fromEntries(rows);
  const { values } = calculateAllMetrics([1, 2, 4], [1, 2.5, 3]);
  expect(said.metrics).toContain(`'r2': ${values.r2}`);
  expect(said.features).toBe("['n', 'w=none', 'w=x', 'w=y']");
  expect([said.same, Math.abs(Number(said.mean)) < 1e-12]).toEqual(['True', true]);
  expect(said.said).toMatch(/template_failed|internal/);
  expect(said.unknown).toMatch(/There is no method metrics\.calculateEverything/);
  expect(heard).toEqual(
    expect.arrayContaining([
      ['progress', 0.5, 'half'],
      ['warn', 'careful'],
      { kind: 'event', name: 'done', fields: { rows: 2 } },
    ]),
  );
});

/** What helpers answer is looked at where it arrives: an assertion that fails names its line. */
const EVERY = `
import math
import numpy as np
import pandas as pd
import sklearn.metrics as sk
import sklearn.preprocessing as skp
from kepler import (calculate_all_metrics, calculate_business_metrics, calculate_classification_metrics, calculate_clustering_metrics,
                    calculate_ranking_metrics, calculate_regression_metrics, clip_outliers, confusion_matrix, curves_of, datetime_features,
                    encode_categorical, feature_names, handle_missing, inverse_transform, log, log_error, log_metrics, log_training_step,
                    preprocessor, progress, scale, standard_preprocessing, text_features, transform)

kind = 'transformer'

def fit(model, df, param):
    near = lambda a, b: abs(a - b) < 1e-12
    actual, predicted = np.array(['a', 'b', 'b', 'c']), pd.Series(['a', 'b', 'c', 'c'], dtype='category')
    shares = np.array([[.8, .1, .1], [.2, .7, .1], [.1, .4, .5], [.1, .2, .7]])
    said = calculate_classification_metrics(actual, predicted, probabilities=shares, average='macro')
    assert near(said['values']['f1'], sk.f1_score(actual, predicted, average='macro'))
    assert near(said['values']['roc_auc'], sk.roc_auc_score(actual, shares, multi_class='ovr', average='macro'))
    alone = calculate_classification_metrics([1, 1], [1, 1], probabilities=[.5, .6], labels=[0, 1], zero_division=math.nan)
    assert math.isnan(alone['values']['roc_auc']) and alone['warnings']
    weights = np.array([1, 2, 3], dtype=np.int64)
    assert near(calculate_regression_metrics([1, 2, 4], np.float32([1, 2.5, 3]), sample_weight=weights)['values']['mse'],
                sk.mean_squared_error([1, 2, 4], [1, 2.5, 3], sample_weight=weights))
    assert calculate_all_metrics(pd.Series([True, False]), [True, True])['values']['accuracy'] == .5
    points = pd.DataFrame({'x': [0, 1, 9, 8.], 'y': [0, 1, 9, 9.]})
    shape = calculate_clustering_metrics([0, 0, 1, 1], features=points, truth=['u', 'u', 'v', 'v'])['values']
    assert near(shape['silhouette'], sk.silhouette_score(points, [0, 0, 1, 1])) and shape['adjusted_rand'] == 1
    ranks = calculate_ranking_metrics(np.array([[3., 2, 0]]), [[.1, .9, .5]], k=[2])['values']
    assert near(ranks['ndcg_at_2'], sk.ndcg_score([[3, 2, 0]], [[.1, .9, .5]], k=2))
    assert confusion_matrix([0, 1, 1], [0, 0, 1])['counts'] == [[1, 0], [1, 1]]
    assert curves_of([0, 1], [.2, .7])['roc']['thresholds'][0] == math.inf
    worth = calculate_business_metrics(actual, predicted, measure=lambda row: {'tickets': row.actual == row['predicted']})
    assert worth['values'] == {'tickets': 3}

    raw = pd.DataFrame({'n': [1, None, 5, 9.], 'w': pd.array(['x', pd.NA, 'y', 'x']), 'y': [1., 2, 3, 4], 't': pd.to_datetime(['2026-03-01'] * 4)},
                       index=[10, 20, 30, 40])
    dropped = preprocessor([handle_missing(strategy='drop', columns=['n', 'w']), encode_categorical(method='frequency')]).fit(raw[['n', 'w', 'y']], target='y')
    assert list(dropped.table.index) == [10, 30, 40] and list(dropped.target) == [1, 3, 4]
    ordinal = preprocessor([encode_categorical(method='ordinal', unknown_value=math.nan)]).fit(raw[['w']].dropna())
    assert math.isnan(transform(ordinal, pd.DataFrame({'w': ['z']})).iloc[0, 0])
    numbers = pd.DataFrame({'n': [1, 2, 5, 9.]})
    power = preprocessor([clip_outliers(method='quantile', range=[0, 1]), scale(method='power')]).fit(numbers)
    assert np.allclose(power.table, skp.PowerTransformer().fit_transform(numbers), atol=1e-6)
    assert np.allclose(inverse_transform(power, power.table), numbers) and feature_names(power) == ['n']
    clock = preprocessor([datetime_features(columns=['t'], features=['month'])]).fit(raw[['t']])
    assert clock.table.iloc[0, 0] == 3
    words = preprocessor([text_features(method='tfidf')]).fit(pd.DataFrame({'line': ['disk full', 'disk ok']}))
    assert 'disk' in ' '.join(words.features)
    standard = standard_preprocessing(raw[['n', 'w', 'y']], target='y', missing='mean')
    assert 'w=x' in standard.features and len(standard.table) == 4

    from kepler_host.tables import array_of
    assert str(array_of(np.array(['2026-01-01'], 'datetime64[ns]'), 'x', False)[0]) == '2026-01-01T00:00:00'
    log_metrics({'loss': math.nan, 'good': np.float32(2)})
    log_training_step(np.int64(3), loss=math.inf)
    log_error(ValueError('odd'), rows=np.int64(2), share=math.nan)
    log.warn('careful', {'at': pd.Timestamp(0)}, more=[math.inf, {'x': pd.NA}])
    progress(math.nan)
    return {'power': power}

def apply(model, df, param):
    return transform(model['power'], df.iloc[:, :1].set_axis(['n'], axis=1))

def evaluate(model, df, param):
    return {'rows': len(df)}
`;

withPython('every helper takes what Python hands over, and says what scikit-learn says', async () => {
  const heard: unknown[] = [];
  const asked = await start(await publish('Every.py', EVERY), {
    log: (level, text, fields) => heard.push([level, text, fields]),
    telemetry: (event) => heard.push(event),
    call: async (what) => callLocal(what),
  });
  const table = numbers({ x: [1, 9] });
  await asked.fit(table);
  expect(await asked.apply(table)).toMatchObject([{ name: 'n', kind: 'number' }]);
  expect(heard).toEqual([
    { kind: 'metrics', values: { loss: null, good: 2 }, dimensions: {} },
    { kind: 'training_step', step: 3, values: { loss: null } },
    { kind: 'error', message: 'odd', fields: { rows: 2, share: null } },
    ['warn', 'careful', { at: '1970-01-01 00:00:00', more: [null, { x: null }] }],
  ]);
});

const LINE = `
import numpy as np
from kepler import preprocessor, scale

kind = 'regressor'

def fit(model, df, param):
    scaled = preprocessor([scale()]).fit(df[param['feature_variables']])
    weights = np.linalg.lstsq(np.column_stack([scaled.table, np.ones(len(df))]), df[param['target_variables'][0]], rcond=None)[0]
    return {'scaled': scaled, 'weights': weights}

def partial_fit(model, df, param):
    model['weights'][-1] += 100
    return model

def apply(model, df, param):
    return model['scaled'].transform(df).to_numpy() @ model['weights'][:-1] + model['weights'][-1]

def explain(model, df, param):
    return model['scaled'].transform(df) * model['weights'][:-1]

def evaluate(model, df, param):
    return {'rows_measured': len(df)}

def to_onnx(model, graph):
    matrix = model['scaled'].to_onnx(graph)
    product, = graph.node('MatMul', [matrix, graph.tensor(model['weights'][:-1].reshape(-1, 1))])
    total, = graph.node('Add', [product, graph.tensor(model['weights'][-1:])])
    graph.output('variable', total, 'double', 1)
`;

const FOREIGN = `
import numpy as np

kind = 'regressor'

def fit(model, df, param):
    x = df[param['feature_variables']]
    mean, spread = x.mean().to_numpy(), x.std(ddof=0).to_numpy()
    table = np.column_stack([(x.to_numpy() - mean) / spread, np.ones(len(x))])
    weights = np.linalg.lstsq(table, df[param['target_variables'][0]], rcond=None)[0]
    return {'mean': mean, 'spread': spread, 'weights': weights}

def apply(model, df, param):
    return (df.to_numpy() - model['mean']) / model['spread'] @ model['weights'][:-1] + model['weights'][-1]

def to_onnx(model, graph):
    from onnx import TensorProto as T, helper, numpy_helper
    nodes = [
        helper.make_node('Cast', ['X'], ['d'], to=T.DOUBLE),
        helper.make_node('Sub', ['d', 'mean'], ['away']), helper.make_node('Div', ['away', 'spread'], ['scaled']),
        helper.make_node('Constant', [], ['b'], value=numpy_helper.from_array(model['weights'][-1:])),
        helper.make_node('Gemm', ['scaled', 'w', 'b'], ['y'], alpha=1.0),
    ]
    held = [numpy_helper.from_array(values, name) for name, values in
            (('mean', model['mean']), ('spread', model['spread']), ('w', model['weights'][:-1].reshape(-1, 1)))]
    made = helper.make_graph(nodes, 'line', [helper.make_tensor_value_info('X', T.FLOAT, [None, graph.features])],
                             [helper.make_tensor_value_info('y', T.DOUBLE, [None, 1])], held)
    return helper.make_model(made, opset_imports=[helper.make_opsetid('', 15)], ir_version=8).SerializeToString()
`;

withPython('explain, evaluate, partial_fit and to_onnx are those of a version', async () => {
  const python = { command: PYTHON, environments: '/none' };
  const bench = new Bench({ applyWorkers: 1, fitWorkers: 1, python });
  try {
    const options = { ...optionsFor(), store: new TemplateStore(bench.settings.templateFolder) };
    const { manifest } = await publish('Line.py', LINE, {}, options);
    expect(manifest.can).toEqual({
      partialFit: true,
      summary: false,
      evaluate: true,
      explain: true,
      toOnnx: true,
    });
    const csv = 'y,x,z\n1,2,1\n2,3,5\n5,,2\n4,0.5,1\n7,9,3\n';
    const spec = { algorithm: 'Line', targets: ['y'], fields: ['x', 'z'], into: into('line') } as const;
    const [{ csv: fitted }] = await bench.fit(spec, [csv]);
    const id = { namespace: 'user', owner: ALICE.user, name: 'line' } as const;
    const registry = new Registry(bench.settings.modelFolder);
    expect((await registry.manifest(id, 1)).metrics.rows_measured).toBe(4);
    const { variable } = await runOnnx(await registry.file(id, 1, ONNX_FILE), {
      x: Float64Array.of(2, 9),
      z: Float64Array.of(1, 3),
    });
    const [, first, , empty, , last] = fitted.split('\n').map((line) => Number(line.split(',')[3]));
    expect(variable.data[0]).toBeCloseTo(first, 9);
    expect(variable.data[1]).toBeCloseTo(last, 9);
    expect(empty).toBe(0);
    const [more] = await bench.fit({ ...spec, partialFit: true }, [csv]);
    expect(Number(more.csv.split('\n')[1].split(',')[3])).toBeCloseTo(first + 100, 9);
    const why = {
      model: { namespace: 'user', name: 'line', version: 1 },
      options: { explain: 't' },
    } as const;
    const explained = (await bench.apply({ ...why, as: 'guess' }, csv)).csv.split('\n');
    expect(explained[0]).toBe('y,x,z,guess,explain(x),explain(z)');
    expect(explained[3]).toBe('5,,2,,,');
    const [, , , guess, x, z] = explained[1].split(',').map(Number);
    const [, , , other, otherX, otherZ] = explained[5].split(',').map(Number);
    expect(x + z - guess).toBeCloseTo(otherX + otherZ - other, 9);
  } finally {
    await bench.close();
  }
});

withPython('an ONNX model of its own is taken in, and must answer as apply does', async () => {
  expect((await publish('Foreign.py', FOREIGN)).manifest.can.toOnnx).toBe(true);
  const wrong = FOREIGN.replace('alpha=1.0', 'alpha=2.0');
  await expect(publish('Foreign.py', wrong)).rejects.toThrow(/its ONNX answers .* where apply answers/);
  const newer = FOREIGN.replace(
    "make_opsetid('', 15)",
    "make_opsetid('', 15), helper.make_opsetid('ai.onnx.ml', 5)",
  );
  await expect(publish('Foreign.py', newer)).rejects.toThrow(/ai\.onnx\.ml 5\. Write it with target_opset=/);
});

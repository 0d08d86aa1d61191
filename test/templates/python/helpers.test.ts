import { callLocal, isLocal } from '../../../container/templates/local-helpers.ts';
import { calculateAllMetrics } from '../../../container/helpers/metrics/index.ts';
import { endAll, numbers, publish, start, withPython } from './harness.ts';

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

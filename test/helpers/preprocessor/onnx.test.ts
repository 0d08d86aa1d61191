import {
  clipOutliers,
  datetimeFeatures,
  encodeCategorical,
  handleMissing,
  preprocessor,
  scale,
  tableOf,
  textFeatures,
  toOnnx,
  transform,
} from '../../../container/helpers/preprocessor/index.ts';
import type { PreprocessorState, Step } from '../../../container/helpers/preprocessor/index.ts';
import type { RawTable } from '../../../container/contract/template.ts';
import { GraphWriter, ROWS } from '../../../container/onnx/graph.ts';
import { runOnnx } from '../../../container/onnx/run.ts';
import type { OnnxInput } from '../../../container/onnx/run.ts';
import { STEPS, cases, tableFrom, tables } from './golden-cases.ts';

interface Fitted {
  readonly name: string;
  readonly state: PreprocessorState;
  /** Rows to score. */
  readonly rows: RawTable;
}

/** One model of several preprocessors, each with inputs and an output of its own. */
function writeModel(fitted: readonly Fitted[]): { model: Uint8Array; inputs: Record<string, OnnxInput> } {
  const inputs: Record<string, OnnxInput> = {};
  const names = fitted.flatMap(({ state }, k) => state.fields.map(({ name }) => `${k}/${name}`));
  const graph = new GraphWriter(0, names);
  fitted.forEach(({ state, rows }, k) => {
    const places: Record<string, string> = {};
    state.fields.forEach(({ name, kind }, f) => {
      const input = `${k}/${name}`;
      graph.declareInput(input, kind === 'number' ? 'double' : 'string', [`${ROWS}_${k}`, 1]);
      places[name] = input;
      const column = rows.columns[f];
      inputs[input] = column.kind === 'number' ? column.values : column.values.map((text) => text ?? '');
    });
    graph.output(`out_${k}`, toOnnx(state, graph, places), 'double', state.features.length);
  });
  const about = { producer: 'test', version: '1', name: 'test', description: '', metadata: {} };
  return { model: graph.write(about), inputs };
}

async function expectSame(fitted: readonly Fitted[]): Promise<void> {
  const { model, inputs } = writeModel(fitted);
  const outputs = await runOnnx(model, inputs);
  fitted.forEach(({ name, state, rows }, k) => {
    const wanted = transform(state, rows);
    const { data, dims } = outputs[`out_${k}`];
    expect({ name, dims }).toEqual({ name, dims: [wanted.rows, wanted.names.length] });
    const wrong = wanted.columns.flatMap((values, c) =>
      Array.from(values).flatMap((want, row) => {
        const got = data[row * dims[1] + c] as number;
        const near = Number.isNaN(want)
          ? Number.isNaN(got)
          : Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(want));
        return near ? [] : [`${name}: ${wanted.names[c]} row ${row}: ${got}, not ${want}`];
      }),
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });
}

function fit(name: string, steps: readonly Step[], train: RawTable, rows: RawTable): Fitted {
  return { name, rows, state: preprocessor(steps).fit(train).state };
}

const EXPORTED = cases.filter(
  ({ step, options, target, name }) =>
    step !== 'text' &&
    options.strategy !== 'knn' &&
    options.outputDistribution !== 'normal' &&
    (step !== 'datetime' || options.timeZone === undefined || options.timeZone === 'UTC') &&
    name !== 'times in text' &&
    target === undefined,
);

test('a step of every kind, exported, gives what transform gives', async () => {
  expect(EXPORTED.length).toBeGreaterThan(30);
  await expectSame(
    EXPORTED.map(({ name, step, options, train, test: rows }) =>
      fit(name, [STEPS[step](options as never)], tableFrom(tables[train]), tableFrom(tables[rows])),
    ),
  );
}, 120_000);

const TRAIN = tableOf({
  _time: [1.7e9, 1.70001e9, 1.70002e9, 1.70003e9, null, 1.70005e9],
  load: [1, 2, null, 4, 5, 60],
  host: ['a', 'b', 'a', null, 'c', 'a'],
  code: [200, 404, 200, 500, null, 200],
});
const FRESH = tableOf({
  _time: [1.8e9, null, 0],
  load: [null, 3, -1e6],
  host: ['b', 'new', null],
  code: [404, 1, null],
});

test('steps in a row, of all fields, and target encoding', async () => {
  const target = ['no', 'yes', 'no', 'maybe', 'yes', 'no'];
  const steps = [
    datetimeFeatures({ features: ['hour', 'weekday', 'epoch'], cyclic: true }),
    handleMissing({ strategy: 'median', columns: ['load', '_time_*'], addIndicator: true }),
    clipOutliers({ columns: ['load'] }),
    scale({ columns: ['load'], method: 'quantile' }),
    scale({ columns: ['load', '_time_epoch'], method: 'power' }),
    encodeCategorical({ columns: ['code'], method: 'frequency' }),
  ];
  const encoded = (method: 'target' | 'onehot') => {
    const all = [...steps, encodeCategorical(method === 'target' ? { method, cv: 2 } : { method })];
    const { state } = preprocessor(all).fit(TRAIN, { target });
    return { name: method, state, rows: FRESH };
  };
  await expectSame([encoded('target'), encoded('onehot')]);
}, 120_000);

test('without names of inputs the graph’s matrix is taken', () => {
  const { state } = preprocessor([scale()]).fit(tableOf({ a: [1, 2], b: [3, 5] }));
  expect(() => toOnnx(state, new GraphWriter(3, []))).toThrow(
    'has 3 features, but the preprocessing was fitted on 2',
  );
  const graph = new GraphWriter(2, ['x']);
  graph.useAsMatrix('x');
  expect(toOnnx(state, graph)).toMatch(/^Div_out/);
  const text = preprocessor([encodeCategorical()]).fit(tableOf({ a: ['x', 'y'] })).state;
  expect(() => toOnnx(text, graph)).toThrow('"a" is text');
  expect(() => toOnnx(text, graph, {})).toThrow('no input is named for the field "a"');
});

test.each<[string, Step, RegExp]>([
  [
    'nearest rows',
    handleMissing({ strategy: 'knn' }),
    /handleMissing \(knn\) \(load\) has no exact ONNX form.*rows of the fit/,
  ],
  [
    'normal output',
    scale({ method: 'quantile', outputDistribution: 'normal' }),
    /scale \(quantile\).*"normal" has no exact ONNX form/,
  ],
  [
    'hashed words',
    textFeatures({ columns: ['host'] }),
    /textFeatures \(hashing\) \(host\) has no exact ONNX form: ONNX hashes no words/,
  ],
  [
    'weighed words',
    textFeatures({ columns: ['host'], method: 'tfidf', tokenPattern: '\\w+' }),
    /textFeatures \(tfidf\)/,
  ],
  [
    'counted characters',
    textFeatures({ columns: ['host'], method: 'statistics' }),
    /textFeatures \(statistics\)/,
  ],
  [
    'another zone',
    datetimeFeatures({ columns: ['load'], timeZone: 'Asia/Tokyo' }),
    /timeZone "Asia\/Tokyo" has no exact ONNX form/,
  ],
  [
    'times in text',
    datetimeFeatures({ columns: ['host'] }),
    /datetimeFeatures \("host"\).*reads no times from text/,
  ],
])('a step without an exact form is refused by its name: %s', (_, step, message) => {
  const table = tableOf({ load: [1, null, 3, 4], host: ['a', 'b', null, 'c'] });
  const { state } = preprocessor([step, encodeCategorical()]).fit(table);
  const graph = new GraphWriter(0, ['load', 'host']);
  expect(() => toOnnx(state, graph, { load: 'load', host: 'host' })).toThrow(message);
});

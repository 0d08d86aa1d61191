import { readFileSync } from 'node:fs';
import type { FitInput, NumericTable, OutputColumn, State } from '../../container/contract/template.ts';
import { findTemplate } from '../../container/estimators/catalogue.ts';
import { parseParams } from '../../container/estimators/options.ts';
import {
  classes,
  context,
  dataSet,
  dataSetsMissing,
  lcg,
  numbers,
  prepared,
  randomTable,
  table,
} from './data.ts';

type Arrays =
  'coefficients' | 'intercepts' | 'first' | 'components' | 'variance' | 'ratio' | 'singular' | 'centres';
type Numbers = 'intercept' | 'r2' | 'accuracy' | 'inertia';
/** What scikit-learn says of one model; which of it there is depends on the algorithm. */
type Golden = Readonly<Record<Arrays | 'mean' | 'var' | 'scale' | 'centre', readonly number[]>> &
  Readonly<Record<Numbers, number>> & { readonly classes: readonly string[] };

/** By data set, then by model. */
const goldens: Record<string, Record<string, Golden>> = JSON.parse(
  readFileSync('test/goldens/estimators/goldens.json', 'utf8'),
);

async function fitted(name: string, input: FitInput, options: Record<string, string> = {}) {
  const template = findTemplate(name);
  const { features, target } = input;
  const params = template.init(parseParams(template.params, options, name), {
    rows: features.rows,
    features: features.columns.length,
    classes: target?.kind === 'classes' ? target.classes.length : undefined,
  });
  const state: State = await template.fit(params, input, context());
  return {
    state,
    summary: template.summary(state, {}),
    apply: (table_: NumericTable, applyOptions = {}) => template.apply(state, table_, applyOptions),
  };
}

/** Each within 1e-6 of the golden, relative to the larger of the two and, for numbers near zero, to `floor`. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], floor = 1e-9): void {
  expect(actual.length).toBe(expected.length);
  const wrong = Array.from(actual).flatMap((value, i) => {
    const size = Math.max(Math.abs(value), Math.abs(expected[i]), floor);
    return Math.abs(value - expected[i]) <= 1e-6 * size ? [] : [`[${i}] ${value} instead of ${expected[i]}`];
  });
  expect(wrong).toEqual([]);
}

function firstRows(features: NumericTable, count = 5): NumericTable {
  return table(
    features.names,
    features.columns.map((column) => column.slice(0, count)),
  );
}

/** Columns of numbers, read row after row. */
function rowMajor(columns: readonly OutputColumn[]): number[] {
  const values = columns.map((column) => (column.kind === 'number' ? column.values : new Float64Array()));
  return Array.from({ length: values[0].length }, (_, i) => values.map((column) => column[i])).flat();
}

async function checkLinear(
  name: string,
  input: FitInput,
  golden: Golden,
  options: Record<string, string> = {},
) {
  const { state, apply, summary } = await fitted(name, input, options);
  expectClose(state.coefficients as Float64Array, golden.coefficients);
  expectClose([state.intercept as number], [golden.intercept]);
  expectClose(rowMajor(apply(firstRows(input.features))), golden.first);
  expect(summary.fields).toEqual(['feature', 'coefficient']);
  expect(summary.rows.at(-1)).toEqual(['_intercept', state.intercept]);
  const target = input.target!.kind === 'number' ? input.target!.values : new Float64Array();
  const mean = target.reduce((sum, y) => sum + y, 0) / target.length;
  const predicted = rowMajor(apply(input.features));
  const residual = target.reduce((sum, y, i) => sum + (y - predicted[i]) ** 2, 0);
  const spread = target.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  expectClose([1 - residual / spread], [golden.r2]);
}

async function checkLogistic(input: FitInput, golden: Golden, options: Record<string, string> = {}) {
  const { state, apply, summary } = await fitted('LogisticRegression', input, options);
  expect(state.classes).toEqual(golden.classes);
  expectClose(state.coefficients as Float64Array, golden.coefficients);
  expectClose(state.intercepts as Float64Array, golden.intercepts);
  const [label, ...probabilities] = apply(input.features, { probabilities: true });
  expect(probabilities.map((column) => column.name)).toEqual(
    golden.classes.map((c) => `probability(y=${c})`),
  );
  expectClose(rowMajor(probabilities).slice(0, golden.first.length), golden.first);
  if (label.kind !== 'label' || input.target?.kind !== 'classes') throw new Error('not a classifier');
  const { codes } = input.target;
  const hits = label.codes.reduce((sum, code, i) => sum + (code === codes[i] ? 1 : 0), 0);
  expectClose([hits / codes.length], [golden.accuracy]);
  expect(summary.fields).toEqual(['feature', 'coefficient', 'class']);
  const blocks = golden.classes.length === 2 ? 1 : golden.classes.length;
  expect(summary.rows).toHaveLength(blocks * (input.features.columns.length + 1));
  expect(summary.rows[0][2]).toBe(golden.classes[0]);
}

async function checkPca(features: NumericTable, golden: Golden, options: Record<string, string> = {}) {
  const { state, apply, summary } = await fitted('PCA', { features }, options);
  expectClose(state.components as Float64Array, golden.components, 1e-3);
  expectClose(state.variance as Float64Array, golden.variance);
  expectClose(state.varianceRatio as Float64Array, golden.ratio);
  expectClose(state.singularValues as Float64Array, golden.singular);
  expectClose(rowMajor(apply(firstRows(features))), golden.first, 1e-3);
  expect(summary.fields).toEqual([
    'components',
    'explained_variance',
    'explained_variance_ratio',
    'singular_values',
  ]);
}

async function checkKMeans(features: NumericTable, golden: Golden, k: number) {
  for (const seed of ['0', '7']) {
    const { state, apply, summary } = await fitted(
      'KMeans',
      { features },
      { k: String(k), random_state: seed },
    );
    expectClose(state.centres as Float64Array, golden.centres);
    expectClose([state.inertia as number], [golden.inertia]);
    const [cluster, distance] = apply(features);
    expect([cluster.name, distance.name]).toEqual(['cluster', 'cluster_distance']);
    expectClose([rowMajor([distance]).reduce((sum, value) => sum + value, 0)], [golden.inertia]);
    expect(summary.fields).toEqual([...features.names, 'cluster', 'inertia']);
    expect(summary.rows).toHaveLength(k + 1);
  }
}

async function checkScaler(features: NumericTable, golden: Golden) {
  const { state, apply, summary } = await fitted('StandardScaler', { features });
  expectClose(state.mean as Float64Array, golden.mean);
  expectClose(state.variance as Float64Array, golden.var);
  expectClose(
    summary.rows.map((row) => row[3] as number),
    golden.scale,
  );
  expectClose(rowMajor(apply(firstRows(features))), golden.first);
}

async function checkRobust(features: NumericTable, golden: Golden, options = {}) {
  const { apply, summary } = await fitted('RobustScaler', { features }, options);
  expect(summary.fields).toEqual(['feature', 'center', 'scale']);
  const column = (at: number) => summary.rows.map((row) => row[at] as number);
  expectClose(column(1), golden.centre);
  expectClose(column(2), golden.scale);
  expectClose(rowMajor(apply(firstRows(features))), golden.first);
}

(dataSetsMissing ? describe.skip : describe)(
  `as scikit-learn on data sets${dataSetsMissing ? ` (skipped: ${dataSetsMissing})` : ''}`,
  () => {
    describe('iris', () => {
      const rows = dataSetsMissing ? [] : dataSet('iris.csv');
      const { features, target } = dataSetsMissing
        ? { features: table([], [new Float64Array()]), target: [] }
        : prepared(rows, 'species');
      const golden = goldens.iris;
      test.each([
        ['logistic', {}],
        ['logistic_plain', { class_weight: 'none' }],
        ['logistic_through_zero', { class_weight: 'none', fit_intercept: 'f' }],
        ['logistic_weights', { class_weight: 'versicolor:5,virginica:2' }],
      ])('%s', (name, options) => checkLogistic(classes(features, target), golden[name], options));
      test('PCA', async () => {
        await checkPca(features, golden.pca);
        await checkPca(features, golden.pca_variance, { variance: '0.95' });
      });
      test('KMeans', () => checkKMeans(features, golden.kmeans, 3));
      test('StandardScaler', () => checkScaler(features, golden.scaler));
      test('RobustScaler', async () => {
        await checkRobust(features, golden.robust);
        await checkRobust(features, golden.robust_wide, { quantile_range: '10-92.5' });
      });
      test('LinearRegression, Ridge', async () => {
        const petal = prepared(
          rows.map(({ species: _, ...rest }) => rest),
          'petal_length',
        );
        const input = numbers(petal.features, petal.target.map(Number));
        await checkLinear('LinearRegression', input, goldens.iris_petal.linear);
        await checkLinear('Ridge', input, goldens.iris_petal.ridge);
      });
    });

    test('diamonds: levels that sum to one make columns collinear', async () => {
      const { features, target } = prepared(dataSet('diamonds.csv.gz'), 'price');
      const golden = goldens.diamonds;
      expect(features.names).toEqual(golden.features);
      const input = numbers(features, target.map(Number));
      await checkLinear('LinearRegression', input, golden.linear);
      await checkLinear('LinearRegression', input, golden.linear_through_zero, { fit_intercept: 'f' });
      await checkLinear('Ridge', input, golden.ridge, { alpha: '10' });
      await checkPca(features, golden.pca, { k: '5' });
      await checkScaler(features, golden.scaler);
      await checkRobust(features, golden.robust);
    });

    test('diamonds: five classes', async () => {
      const { features, target } = prepared(dataSet('diamonds.csv.gz'), 'cut');
      expect(features.names).toEqual(goldens.diamonds_cut.features);
      await checkLogistic(classes(features, target), goldens.diamonds_cut.logistic);
    });

    test('telco-churn', async () => {
      const { features, target } = prepared(dataSet('telco-churn.csv.gz'), 'Churn');
      expect(features.names).toEqual(goldens.telco.features);
      const input = classes(features, target);
      await checkLogistic(input, goldens.telco.logistic);
      await checkLogistic(input, goldens.telco.logistic_plain, { class_weight: 'none' });
    });
  },
);

describe('as scikit-learn on made data', () => {
  test.each([30, 100])('%i features', async (width) => {
    const golden = goldens[`wide_${width}`];
    const features = randomTable(width, 400, width);
    const noise = lcg(7, 400);
    const y = noise.map((value, i) =>
      features.columns.reduce((sum, column, f) => sum + (column[i] * (f + 1)) / width, value),
    );
    await checkLinear('LinearRegression', numbers(features, y), golden.linear);
    await checkLinear('Ridge', numbers(features, y), golden.ridge, { alpha: '0.1' });
    const sorted = y.toSorted();
    const median = (sorted[199] + sorted[200]) / 2;
    await checkLogistic(
      classes(
        features,
        Array.from(y, (value) => (value > median ? 'high' : 'low')),
      ),
      golden.logistic,
    );
    const cut = (share: number) => {
      const at = share * 399;
      const low = Math.floor(at);
      return sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
    };
    const three = Array.from(y, (value) =>
      String((value >= cut(1 / 3) ? 1 : 0) + (value >= cut(2 / 3) ? 1 : 0)),
    );
    await checkLogistic(classes(features, three), golden.logistic_three);
    await checkPca(features, golden.pca, { k: '3' });
  });

  test('collinear and constant columns: the solution of minimum norm', async () => {
    const { columns } = randomTable(3, 200, 4);
    const sum = columns[0].map((value, i) => value + 2 * columns[1][i]);
    const all = [...columns, sum, new Float64Array(200).fill(5), columns[2].map((value) => 3 * value)];
    const noise = lcg(8, 200);
    const y = noise.map(
      (value, i) => all[0][i] + 2 * all[1][i] + 3 * all[2][i] + 4 * all[3][i] + 0.5 * all[4][i] + value,
    );
    const features = table(
      all.map((_, f) => `x${f}`),
      all,
    );
    await checkLinear('LinearRegression', numbers(features, y), goldens.collinear.linear);
    await checkLinear('Ridge', numbers(features, y), goldens.collinear.ridge);
    await checkPca(features, goldens.collinear.pca, { k: '4' });
  });

  test('columns of very different scales and offsets', async () => {
    const scales = [1e-3, 1e-1, 1, 1e2, 1e3];
    const offsets = [0, 1e2, 1e4, 1e6, -1e5];
    const base = randomTable(4, 300, 5);
    const columns = base.columns.map((column, f) => column.map((value) => value * scales[f] + offsets[f]));
    const beta = [1e3, 10, 1, 1e-2, 1e-3];
    const y = lcg(9, 300).map((value, i) =>
      columns.reduce((sum, column, f) => sum + column[i] * beta[f], value),
    );
    const features = table(base.names, columns);
    await checkLinear('LinearRegression', numbers(features, y), goldens.scales.linear);
    await checkLinear('Ridge', numbers(features, y), goldens.scales.ridge, { alpha: '0.01' });
    await checkScaler(features, goldens.scales.scaler);
  });

  test('fewer rows than features', async () => {
    const golden = goldens.fewer_rows_than_features;
    const features = randomTable(5, 20, 40);
    const y = lcg(10, 20).map((value, i) => value + features.columns[0][i]);
    await checkLinear('LinearRegression', numbers(features, y), golden.linear);
    await checkLinear('Ridge', numbers(features, y), golden.ridge);
    await checkPca(features, golden.pca, { k: '6' });
  });

  test('well separated clusters', async () => {
    const centres = [
      [0, 0, 0],
      [5, 0, 0],
      [0, 5, 0],
      [0, 0, 5],
      [5, 5, 5],
      [9, 0, 9],
    ];
    const base = randomTable(6, 600, 3);
    const columns = base.columns.map((column, f) =>
      column.map((value, i) => value + centres[Math.floor(i / 100)][f]),
    );
    await checkKMeans(table(base.names, columns), goldens.blobs.kmeans, 6);
  });
});

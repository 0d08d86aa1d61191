import {
  calculateAllMetrics,
  calculateBusinessMetrics,
  calculateClassificationMetrics,
  calculateClusteringMetrics,
  calculateRankingMetrics,
  calculateRegressionMetrics,
  curvesOf,
} from '../../../container/helpers/metrics/index.ts';
import { sampledRows } from '../../../container/helpers/metrics/sampled-rows.ts';

describe('what cannot be measured is refused, naming where', () => {
  test.each([
    ['no rows', () => calculateRegressionMetrics([], []), /no rows/],
    ['unequal lengths', () => calculateRegressionMetrics([1, 2], [1]), /2 actual values, but 1 predicted/],
    ['NaN', () => calculateRegressionMetrics([1, NaN], [1, 2]), /actual value of row 2 is NaN/],
    ['infinity', () => calculateRegressionMetrics([1, 2], [1, Infinity]), /predicted value of row 2/],
    ['no label', () => calculateClassificationMetrics(['a', 'b'], ['a', NaN]), /predicted class of row 2/],
    [
      'weights of another length',
      () => calculateRegressionMetrics([1, 2], [1, 2], { sampleWeight: [1] }),
      /1 weight for 2 rows/,
    ],
    [
      'a negative weight',
      () => calculateRegressionMetrics([1, 2], [1, 2], { sampleWeight: [1, -1] }),
      /weight of row 2 is -1/,
    ],
    [
      'weights of 0 alone',
      () => calculateClassificationMetrics(['a', 'b'], ['a', 'b'], { sampleWeight: [0, 0] }),
      /All weights are 0/,
    ],
    [
      'a positive class that there is none of',
      () => calculateClassificationMetrics(['no', 'yes'], ['no', 'no'], { posLabel: 1 }),
      /posLabel 1 is none of the classes; they are "no", "yes"/,
    ],
    [
      'binary of three',
      () => calculateClassificationMetrics(['a', 'b', 'c'], ['a', 'b', 'c'], { average: 'binary' }),
      /there are 3 \("a", "b", "c"\)/,
    ],
    [
      'probabilities beyond 1',
      () => calculateClassificationMetrics([0, 1], [0, 1], { probabilities: [0.5, 1.5] }),
      /probability of row 2 is 1.5/,
    ],
    [
      'a column of probabilities too few',
      () =>
        calculateClassificationMetrics([0, 1, 2], [0, 1, 2], {
          probabilities: [
            [1, 0, 0],
            [0, 1, 1],
          ],
        }),
      /2 columns of probabilities for 3 classes/,
    ],
    ['neither costs nor measure', () => calculateBusinessMetrics([1], [1], {}), /costs .* or measure/],
    ['an empty list', () => calculateRankingMetrics([[]], [[]]), /list 1 is empty/],
    ['a negative relevance', () => calculateRankingMetrics([[1, -1]], [[1, 2]]), /negative relevance/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

test('warnings say what is not defined', () => {
  const { warnings, values } = calculateClassificationMetrics(['a', 'a', 'b'], ['a', 'a', 'a']);
  expect(values.f1).toBe(0);
  expect(warnings).toEqual(['Precision is not defined without predicted rows and set to 0: "b".']);
  const quiet = calculateClassificationMetrics(['a', 'a', 'b'], ['a', 'a', 'a'], { zeroDivision: 1 });
  expect(quiet.warnings).toEqual([]);
  expect(quiet.values.precision).toBe(1);
  const alone = calculateClassificationMetrics([1, 1], [1, 1], { labels: [0, 1], probabilities: [0.5, 1] });
  expect(alone.values.roc_auc).toBeNaN();
  expect(alone.warnings).toContain(
    'A ROC area is not defined for a class without actual rows, or with nothing but them.',
  );
  expect(calculateRegressionMetrics([2], [2]).warnings).toEqual([
    'R² is not defined for fewer than two rows.',
  ]);
});

test('a thousand classes', () => {
  const actual = Array.from({ length: 5000 }, (_, i) => `class ${i % 1000}`);
  const predicted = actual.map((label, i) => (i % 10 === 0 ? 'class 7' : label));
  const { values, classes, main } = calculateClassificationMetrics(actual, predicted);
  expect(classes).toHaveLength(1000);
  expect(values.accuracy).toBeCloseTo(0.9, 12);
  expect(main).toEqual({ name: 'f1', value: values.f1_weighted, better: 'higher' });
});

test('the task is told from the values', () => {
  expect(calculateAllMetrics([0, 1, 1], [0, 1, 0]).task).toBe('classification');
  expect(calculateAllMetrics([true, false], [true, true]).task).toBe('classification');
  expect(calculateAllMetrics([0, 1, 1], [0.2, 1, 0]).task).toBe('regression');
  expect(calculateAllMetrics([0, 1, 1], [0, 1, 0], { task: 'regression' }).values.mae).toBeCloseTo(1 / 3, 15);
  const amounts = Array.from({ length: 30 }, (_, i) => i);
  expect(calculateAllMetrics(amounts, amounts).task).toBe('regression');
});

describe('business', () => {
  const actual = ['fraud', 'fraud', 'fine', 'fine', 'fine', 'fine'];
  const predicted = ['fraud', 'fine', 'fraud', 'fine', 'fine', 'fine'];

  test('a cost matrix against the cheapest thing to say of every row', () => {
    const costs = { fraud: { fine: 500 }, fine: { fraud: 20 } };
    const { values, main } = calculateBusinessMetrics(actual, predicted, { costs });
    // Everything as fraud costs 4 × 20, everything as fine 2 × 500.
    expect(values).toEqual({ cost_total: 520, cost_per_row: 520 / 6, cost_baseline: 80, money_saved: -440 });
    expect(main).toEqual({ name: 'money_saved', value: -440, better: 'higher' });
  });

  test('a baseline of one’s own, and a gain as a negative cost', () => {
    const costs = { fraud: { fraud: -100, fine: 500 }, fine: { fraud: 20 } };
    const { values } = calculateBusinessMetrics(actual, predicted, { costs, baseline: 'fine' });
    expect(values).toMatchObject({ cost_total: 420, cost_baseline: 1000, money_saved: 580 });
  });

  test('measures of the template’s own', () => {
    const measure = (row: { actual: string; predicted: string }) => ({
      tickets_avoided: row.actual === 'fine' && row.predicted === 'fine' ? 1 : 0,
      seen: 1,
    });
    expect(calculateBusinessMetrics(actual, predicted, { measure }).values).toEqual({
      tickets_avoided: 3,
      seen: 6,
    });
    const numbers = calculateBusinessMetrics([10, 20], [12, 15], {
      measure: ({ actual: a, predicted: p }) => Math.abs(a - p) * 2,
    });
    expect(numbers.values).toEqual({ value: 14 });
    expect(() => calculateBusinessMetrics([1], [1], { measure: () => NaN })).toThrow(/"value" of row 1/);
  });
});

test('clusters that cannot be told apart say so instead of a score', () => {
  const { values, warnings } = calculateClusteringMetrics([1, 1, 1], { features: [[1, 2, 3]] });
  expect(values).toEqual({ clusters: 1 });
  expect(warnings[0]).toMatch(/from 2 clusters/);
});

test('the silhouette of many rows takes an even sample, and says so', () => {
  const clusters = Array.from({ length: 3000 }, (_, i) => i % 3);
  const column = clusters.map((c, i) => c * 10 + ((i * 7919) % 100) / 100);
  const whole = calculateClusteringMetrics(clusters, { features: [column] });
  const some = calculateClusteringMetrics(clusters, { features: [column], silhouetteRows: 500 });
  expect(whole.warnings).toEqual([]);
  expect(some.warnings).toEqual(['The silhouette was measured on 500 of 3000 rows.']);
  expect(some.values.silhouette).toBeCloseTo(whole.values.silhouette, 2);
});

test('sampled rows: in order, each once, one of each stretch', () => {
  expect(sampledRows(100, 100)).toBeUndefined();
  const places = sampledRows(1003, 100) as Uint32Array;
  expect(new Set(places).size).toBe(100);
  places.forEach((place, k) => expect(Math.floor((k * 1003) / 100)).toBeLessThanOrEqual(place));
  expect(places[99]).toBeLessThan(1003);
});

test('gains: the best tenth of the rows may hold all that is sought', () => {
  const actual = Array.from({ length: 100 }, (_, i) => (i < 10 ? 1 : 0));
  const { gains } = curvesOf(actual, actual);
  expect(gains.rows).toEqual([0, 0.1, 1]);
  expect(gains.found).toEqual([0, 1, 1]);
  expect(gains.lift).toEqual([NaN, 10, 1]);
});

import { evaluateClasses, thinned } from '../../../container/helpers/metrics/evaluate-classes.ts';
import { evaluateNumbers } from '../../../container/helpers/metrics/evaluate-numbers.ts';
import { decodeEvaluation, encodeEvaluation } from '../../../container/helpers/metrics/evaluation.ts';
import type { Evaluation } from '../../../container/helpers/metrics/evaluation.ts';
import { calculateClassificationMetrics, curvesOf } from '../../../container/helpers/metrics/index.ts';
import { betterOf, mainMetricOf } from '../../../container/helpers/metrics/main-metric.ts';
import { plotList, plotTable } from '../../../container/helpers/metrics/plot-table.ts';

/** Numbers that look drawn, the same each time. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

function asEvaluation(rows: number, plots: object): Evaluation {
  const evaluation = { format: 1, measuredOn: 'training', rows, ...plots } as Evaluation;
  return decodeEvaluation(encodeEvaluation(evaluation));
}

/** A table's cells by field, as numbers. */
function columnsOf(evaluation: Evaluation, plot: string): Record<string, number[]> {
  const { fields, rows } = plotTable(evaluation, plot);
  return Object.fromEntries(fields.map((name, f) => [name, rows.map((row) => Number(row[f]))]));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('predicted numbers', () => {
  const actual = numbers(5000, 1).map((value) => value * 100);
  const noise = numbers(5000, 2);
  const predicted = actual.map((value, i) => value + (noise[i] - 0.5) * 10);

  test('cells hold every row once, where its values lie', () => {
    const { plots } = evaluateNumbers(actual, predicted);
    const cells = columnsOf(asEvaluation(5000, plots), 'predicted');
    expect(sum(cells.rows)).toBe(5000);
    expect(cells.rows.length).toBeLessThanOrEqual(1600);
    const within = (i: number, c: number): boolean =>
      actual[i] >= cells.actual_low[c] &&
      actual[i] < cells.actual_high[c] &&
      predicted[i] >= cells.predicted_low[c] &&
      predicted[i] < cells.predicted_high[c];
    for (const c of [0, 5, cells.rows.length - 2]) {
      const rows = Array.from(actual.keys()).filter((i) => within(i, c)).length;
      expect(cells.rows[c]).toBe(rows);
    }
  });

  test('bands hold about as many rows each, with the quantiles of their errors', () => {
    const { plots } = evaluateNumbers(actual, predicted);
    const bands = columnsOf(asEvaluation(5000, plots), 'residuals');
    expect(bands.rows).toHaveLength(20);
    expect(sum(bands.rows)).toBe(5000);
    expect(Math.min(...bands.rows)).toBe(250);
    const inBand = Array.from(predicted.keys()).filter((i) => predicted[i] <= bands.predicted_high[0] + 1e-4);
    const errors = inBand.map((i) => actual[i] - predicted[i]).sort((a, b) => a - b);
    expect(errors).toHaveLength(250);
    const middle = (errors[124] + errors[125]) / 2;
    expect(bands.q50[0]).toBeCloseTo(middle, 4);
    expect(bands.q05[0]).toBeCloseTo(errors[12] + 0.45 * (errors[13] - errors[12]), 4);
  });

  test('many rows: the bands are of an even sample, and say so; the cells are of all', () => {
    const many = numbers(60_000, 3);
    const guess = many.map((value, i) => value + (i % 7) / 100);
    const { plots } = evaluateNumbers(many, guess);
    const evaluation = asEvaluation(60_000, plots);
    expect(sum(columnsOf(evaluation, 'predicted').rows)).toBe(60_000);
    expect(sum(columnsOf(evaluation, 'residuals').rows)).toBe(20_000);
    expect(plotTable(evaluation, 'residuals').messages?.[0].text).toBe(
      'Made of an even sample of 20000 of 60000 rows.',
    );
    expect(encodeEvaluation(evaluation).length).toBeLessThan(30_000);
  });

  test('equal predictions share a band', () => {
    const two = predicted.map((_, i) => i % 2);
    const bands = columnsOf(asEvaluation(5000, evaluateNumbers(actual, two).plots), 'residuals');
    expect(bands.predicted_low).toEqual([0, 1]);
    expect(bands.rows).toEqual([2500, 2500]);
  });

  test('constant values, one row, values beyond doubles', () => {
    const four = Float64Array.of(4, 4, 4);
    const constant = evaluateNumbers(four, four);
    expect(constant.metrics.r2).toBe(1);
    expect(columnsOf(asEvaluation(3, constant.plots), 'predicted')).toMatchObject({ rows: [3] });
    const one = evaluateNumbers(Float64Array.of(1), Float64Array.of(2));
    expect(one.metrics.r2).toBeNaN();
    expect(columnsOf(asEvaluation(1, one.plots), 'residuals').q50).toEqual([-1]);
    const huge = evaluateNumbers(Float64Array.of(1, 2), Float64Array.of(1e300, -1e300));
    expect(huge.plots).toEqual({});
  });
});

describe('predicted classes', () => {
  const score = numbers(3000, 4);
  const noise = numbers(3000, 5);
  const actual = Int32Array.from(score, (value, i) => (value + noise[i] > 1.1 ? 1 : 0));
  const predicted = Int32Array.from(score, (value) => (value > 0.5 ? 1 : 0));
  const probabilities = [score.map((value) => 1 - value), score];
  const classes = ['no', 'yes'];
  const measured = evaluateClasses({ classes, actual, predicted, scored: { actual, probabilities } });
  const evaluation = asEvaluation(3000, measured.plots);

  test('metrics are those of the helper', () => {
    const report = calculateClassificationMetrics(
      Array.from(actual, (code) => classes[code]),
      Array.from(predicted, (code) => classes[code]),
      { probabilities: score },
    );
    for (const [name, value] of Object.entries(measured.metrics)) {
      expect([name, report.values[name]]).toEqual([name, value]);
    }
    expect(Object.keys(measured.metrics)).toEqual(
      expect.arrayContaining(['f1', 'roc_auc', 'log_loss', 'brier_score', 'average_precision']),
    );
  });

  test('two classes have the curves of the positive one, thinned to 200 points on the curve', () => {
    const whole = curvesOf(actual, score);
    const { rows, fields } = plotTable(evaluation, 'roc');
    expect(fields).toEqual(['class', 'threshold', 'fpr', 'tpr']);
    expect(rows.length).toBeLessThanOrEqual(200);
    expect(rows.length).toBeGreaterThan(150);
    expect(rows[0]).toEqual(['yes', null, '0', '0']);
    expect(rows[rows.length - 1].slice(2)).toEqual(['1', '1']);
    const points = new Set(
      whole.roc.fpr.map((x, i) => `${x.toPrecision(6)} ${whole.roc.tpr[i].toPrecision(6)}`),
    );
    for (const [, , x, y] of rows) {
      expect(points).toContain(`${Number(x).toPrecision(6)} ${Number(y).toPrecision(6)}`);
    }
    const { fpr, tpr } = columnsOf(evaluation, 'roc');
    let area = 0;
    for (let i = 1; i < fpr.length; i++) area += ((fpr[i] - fpr[i - 1]) * (tpr[i] + tpr[i - 1])) / 2;
    expect(area).toBeCloseTo(measured.metrics.roc_auc, 2);
    const pr = columnsOf(evaluation, 'pr');
    expect(new Set(pr.prevalence).size).toBe(1);
    expect(pr.prevalence[0]).toBeCloseTo(sum([...actual]) / 3000, 5);
  });

  test('calibration and confusion count every row', () => {
    const bins = columnsOf(evaluation, 'calibration');
    expect(bins.bin).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(sum(bins.rows)).toBe(3000);
    const cells = plotTable(evaluation, 'confusion');
    expect(cells.rows).toHaveLength(4);
    expect(sum(cells.rows.map((row) => Number(row[2])))).toBe(3000);
    expect(encodeEvaluation(evaluation).length).toBeLessThan(20_000);
  });

  test('a hundred classes: the largest cells, and curves of the 20 most frequent', () => {
    const many = Int32Array.from(numbers(20_000, 6), (value) => Math.floor(value * value * 100));
    const guess = many.map((code, i) => (i % 5 === 0 ? (code + i) % 100 : code));
    const columns = Array.from({ length: 100 }, (_, k) =>
      Float64Array.from(guess, (code) => (code === k ? 0.9 : 0.1 / 99)),
    );
    const names = Array.from({ length: 100 }, (_, k) => `Klasse ${k} ☃`);
    const { plots, metrics } = evaluateClasses({
      classes: names,
      actual: many,
      predicted: guess,
      scored: { actual: many, probabilities: columns },
    });
    const result = asEvaluation(20_000, plots);
    expect(plotTable(result, 'confusion').rows).toHaveLength(200);
    expect(plotTable(result, 'confusion').messages?.[0].text).toMatch(
      /^The largest cells; \d+ rows are in others/,
    );
    const shown = new Set(plotTable(result, 'roc').rows.map(([name]) => name));
    expect(shown.size).toBe(20);
    expect(shown).toContain('Klasse 0 ☃');
    expect(metrics.roc_auc).toBeUndefined();
    expect(encodeEvaluation(result).length).toBeLessThan(60_000);
  });

  test('a class that the training rows lacked counts as missed', () => {
    const { metrics, plots } = evaluateClasses({
      classes: ['a', 'b', 'new'],
      actual: Int32Array.of(0, 1, 2, 2),
      predicted: Int32Array.of(0, 1, 0, 1),
      scored: {
        actual: Int32Array.of(0, 1, 2, 2),
        probabilities: [Float64Array.of(0.9, 0.2, 0.6, 0.4), Float64Array.of(0.1, 0.8, 0.4, 0.6)],
      },
    });
    expect(metrics.accuracy).toBe(0.5);
    expect(metrics.log_loss).toBeUndefined();
    expect(plotTable(asEvaluation(4, plots), 'confusion').rows).toContainEqual(['new', 'a', '1']);
  });

  test('one class alone has no curve points, and no area', () => {
    const ones = new Int32Array(5).fill(1);
    const { metrics, plots } = evaluateClasses({
      classes,
      actual: ones,
      predicted: ones,
      scored: { actual: ones, probabilities: [new Float64Array(5), new Float64Array(5).fill(1)] },
    });
    expect(metrics.roc_auc).toBeUndefined();
    expect(plotTable(asEvaluation(5, plots), 'roc').rows).toEqual([]);
  });
});

test('a curve is thinned along its way, its ends kept', () => {
  const x = Array.from({ length: 1001 }, (_, i) => i / 1000);
  const places = thinned(x, x, 11);
  expect(places).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  expect(thinned([0, 0.5, 1], [0, 1, 1], 200)).toEqual([0, 1, 2]);
});

test('the list of plots, and asking for one that there is not', () => {
  const evaluation = asEvaluation(2, {
    coefficients: { standardised: false, rows: [['y', 'x', 2]], left: 0 },
    importance: [['x', 1, null]],
  });
  expect(plotList(evaluation).rows).toEqual([
    ['importance', '1'],
    ['coefficients', '1'],
  ]);
  expect(plotTable(evaluation, 'importance').rows).toEqual([['x', '1', null]]);
  expect(plotTable(evaluation, 'coefficients').messages?.[0].text).toMatch(/in their own units/);
  expect(() => plotTable(evaluation, 'roc')).toThrow(
    'This version has no plot "roc"; it has importance, coefficients.',
  );
  expect(() => plotTable(evaluation, 'toString')).toThrow(/no plot "toString"/);
});

test('a version of before evaluations were kept says so', () => {
  expect(plotList(undefined)).toMatchObject({
    rows: [],
    messages: [{ text: expect.stringMatching(/^Not measured/) }],
  });
  expect(() => plotTable(undefined, 'roc')).toThrow(/it has none. Not measured: the version was made before/);
});

test('an evaluation of a newer form is refused with what to do', () => {
  const bytes = new TextEncoder().encode('{"format":2}');
  expect(() => decodeEvaluation(bytes)).toThrow(/of the form 2.*Upgrade the runtime/);
  expect(() => decodeEvaluation(new TextEncoder().encode('{'))).toThrow(/is not JSON/);
});

test('the main metric and its direction', () => {
  expect(mainMetricOf({ accuracy: 1, f1_weighted: 0.5 })).toEqual({
    name: 'f1_weighted',
    value: 0.5,
    better: 'higher',
  });
  expect(mainMetricOf({ inertia: 3 })).toEqual({ name: 'inertia', value: 3, better: 'lower' });
  expect(mainMetricOf({})).toBeUndefined();
  expect(betterOf('log_loss')).toBe('lower');
});

import { countClasses } from '../../container/helpers/metrics/class-counts.ts';
import { classMetrics } from '../../container/helpers/metrics/class-metrics.ts';
import { regressionMetrics } from '../../container/helpers/metrics/regression.ts';
import { codeLabels } from '../../container/score/classes.ts';
import { runScore } from '../../container/score/catalogue.ts';
import { columnOf, tableOf } from './table-of.ts';

test('training metrics are the scores', () => {
  const fields = { y: [1, 2, 3.5, 4, 9], p: [1.5, 2, 3, 4.25, 8] };
  const metrics = regressionMetrics(Float64Array.from(fields.y), Float64Array.from(fields.p));
  const score = (method: string): number =>
    Number(runScore({ method, a: ['y'], b: ['p'], options: {} }, tableOf(fields), () => {}).rows[0][2]);
  expect(metrics.r2).toBe(score('r2_score'));
  expect(metrics.mse).toBe(score('mean_squared_error'));
  expect(metrics.mae).toBe(score('mean_absolute_error'));
  expect(metrics.rmse).toBe(Math.sqrt(metrics.mse));
});

test('metrics of classes are the weighted scores', () => {
  const fields = { y: ['a', 'b', 'c', 'a', 'b'], p: ['a', 'b', 'a', 'a', 'c'] };
  const { codes, classes } = codeLabels([columnOf('y', fields.y), columnOf('p', fields.p)]);
  const metrics = classMetrics(countClasses(codes[0], codes[1], classes.length));
  const score = (method: string, options = {}): number =>
    Number(runScore({ method, a: ['y'], b: ['p'], options }, tableOf(fields), () => {}).rows[0][2]);
  expect(metrics).toMatchObject({
    accuracy: score('accuracy_score'),
    precision_weighted: score('precision_score', { average: 'weighted' }),
    recall_weighted: score('recall_score', { average: 'weighted' }),
    f1_weighted: score('f1_score', { average: 'weighted' }),
  });
});

test('edges of r2: constant actual values, one row', () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values);
  expect(regressionMetrics(of(2, 2), of(2, 2)).r2).toBe(1);
  expect(regressionMetrics(of(2, 2), of(2, 3)).r2).toBe(0);
  expect(regressionMetrics(of(2), of(2)).r2).toBeNaN();
});

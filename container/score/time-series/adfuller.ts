import { KeplerError } from '../../contract/errors.ts';
import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { dot, orthogonalize } from '../least-squares.ts';
import { ALPHA, choice, options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';
import { mackinnonChance, mackinnonCritical } from './mackinnon.ts';
import type { Regression } from './mackinnon.ts';

type Autolag = 'AIC' | 'BIC' | 't-stat' | 'none';

/** The normal distribution's 95 % point: where a lag's t statistic counts as significant. */
const SIGNIFICANT_T = 1.6448536269514722;

export const adfuller: ScoreMethod = {
  name: 'adfuller',
  description: 'Augmented Dickey-Fuller test for a unit root in a time series',
  params: options({
    autolag: choice('How the lags are chosen', ['AIC', 'BIC', 't-stat', 'none'], 'AIC'),
    regression: choice(
      'Deterministic terms: constant, with trend, with squared trend, none',
      ['c', 'ct', 'ctt', 'n'],
      'c',
    ),
    maxlag: { type: 'integer', description: 'Most lags', default: 10, minimum: 0 },
    alpha: ALPHA,
  }),
  fields: { kind: 'fields', a: 'numbers', single: true },
  run({ a: [a] }, params) {
    const regression = params.regression as Regression;
    const autolag = params.autolag as Autolag;
    const series = numbers(a);
    refuse(series, a.name, params.maxlag as number, regression);
    const best =
      autolag === 'none' ? undefined : bestLag(series, params.maxlag as number, regression, autolag);
    const lags = best ? best.lags : (params.maxlag as number);
    const { statistic, observations } = unitRoot(series, lags, regression);
    const pValue = mackinnonChance(statistic, regression);
    const alpha = params.alpha as number;
    const verdict = decision(pValue, alpha, `"${a.name}" has a unit root (is not stationary)`);
    const critical = ['1%', '5%', '10%'].map((level) => `critical values (${level})`);
    return {
      fields: [
        'statistic',
        'p-value',
        'usedlag',
        'nobs',
        ...critical,
        ...(best ? ['icbest'] : []),
        decisionField(alpha),
      ],
      rows: [
        [
          statistic,
          pValue,
          lags,
          observations,
          ...mackinnonCritical(observations, regression),
          ...(best ? [best.criterion] : []),
          verdict,
        ],
      ],
    };
  },
};

function refuse(series: Float64Array, name: string, maxlag: number, regression: Regression): void {
  if (series.every((value) => value === series[0])) {
    throw new KeplerError('invalid_data', `adfuller: "${name}" is constant; a unit root cannot be tested.`);
  }
  const most = Math.floor(series.length / 2) - terms(regression) - 1;
  if (maxlag > most) {
    const advice = most >= 0 ? `Give maxlag=${most} or less, or more rows.` : 'Give it more rows.';
    throw new KeplerError(
      'invalid_arguments',
      `adfuller: maxlag=${maxlag} is too much for the ${series.length} values of "${name}". ${advice}`,
    );
  }
}

function terms(regression: Regression): number {
  return regression === 'n' ? 0 : regression.length;
}

/** Regressors of the last `count` differences: deterministic terms, the level before, and differences 1 … lags back. */
function design(
  series: Float64Array,
  lags: number,
  regression: Regression,
): { differences: Float64Array; trend: Float64Array[]; level: Float64Array; lagged: Float64Array[] } {
  const steps = series.slice(1).map((value, i) => value - series[i]);
  const count = steps.length - lags;
  return {
    differences: steps.subarray(lags),
    trend: Array.from({ length: terms(regression) }, (_, power) =>
      Float64Array.from({ length: count }, (__, i) => (i + 1) ** power),
    ),
    level: series.subarray(lags, lags + count),
    lagged: Array.from({ length: lags }, (_, k) => steps.subarray(lags - k - 1, lags - k - 1 + count)),
  };
}

/** The number of lags with the best criterion, all tried on the same rows. */
function bestLag(
  series: Float64Array,
  maxlag: number,
  regression: Regression,
  autolag: Exclude<Autolag, 'none'>,
): { lags: number; criterion: number } {
  const { differences, trend, level, lagged } = design(series, maxlag, regression);
  const n = differences.length;
  const { q } = orthogonalize([...trend, level, ...lagged]);
  const base = trend.length + 1;
  // What each regressor takes from the residuals, one after the other.
  const residuals = differences.slice();
  const fits = q.map((direction) => {
    const share = dot(direction, residuals);
    for (let i = 0; i < n; i++) residuals[i] -= share * direction[i];
    return { share, squares: dot(residuals, residuals) };
  });
  if (autolag === 't-stat') {
    let criterion = 0;
    for (let lags = maxlag; lags >= 0; lags--) {
      const { share, squares } = fits[base + lags - 1];
      criterion = Math.abs(share) / Math.sqrt(squares / (n - base - lags));
      if (criterion >= SIGNIFICANT_T) return { lags, criterion };
    }
    return { lags: 0, criterion };
  }
  let best = { lags: 0, criterion: Infinity };
  for (let lags = 0; lags <= maxlag; lags++) {
    const parameters = base + lags;
    const likelihood = (-n / 2) * (Math.log(fits[parameters - 1].squares / n) + 1 + Math.log(2 * Math.PI));
    const criterion = -2 * likelihood + (autolag === 'AIC' ? 2 : Math.log(n)) * parameters;
    if (criterion < best.criterion) best = { lags, criterion };
  }
  return best;
}

/** The t statistic of the level: it is made orthogonal last, so its share of the differences is its own. */
function unitRoot(
  series: Float64Array,
  lags: number,
  regression: Regression,
): { statistic: number; observations: number } {
  const { differences, trend, level, lagged } = design(series, lags, regression);
  const columns = [...trend, ...lagged, level];
  const { q, rank } = orthogonalize(columns);
  const residuals = differences.slice();
  let share = 0;
  for (const direction of q) {
    share = dot(direction, residuals);
    for (let i = 0; i < residuals.length; i++) residuals[i] -= share * direction[i];
  }
  const observations = differences.length;
  const error = Math.sqrt(dot(residuals, residuals) / (observations - rank));
  return { statistic: share / error, observations };
}

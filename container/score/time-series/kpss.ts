import { KeplerError } from '../../contract/errors.ts';
import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { dot, orthogonalize } from '../least-squares.ts';
import { ALPHA, choice, options } from '../params.ts';
import { mean } from '../../helpers/metrics/sums.ts';
import type { ScoreMethod } from '../types.ts';

/** Kwiatkowski, Phillips, Schmidt and Shin, J. Econom. 54 (1992), table 1. */
const LEVELS = ['10%', '5%', '2.5%', '1%'];
const CHANCES = [0.1, 0.05, 0.025, 0.01];
const CRITICAL = { c: [0.347, 0.463, 0.574, 0.739], ct: [0.119, 0.146, 0.176, 0.216] } as const;

export const kpss: ScoreMethod = {
  name: 'kpss',
  description: 'Kwiatkowski-Phillips-Schmidt-Shin test whether a time series is stationary',
  params: options({
    regression: choice('Stationary around a constant, or around a trend', ['c', 'ct'], 'c'),
    nlags: {
      type: ['integer', 'string'],
      description: 'Lags of the variance: a number, auto (from the data) or legacy (from the count of rows)',
      default: 'auto',
      pattern: '^(auto|legacy)$',
      minimum: 0,
    },
    alpha: ALPHA,
  }),
  fields: { kind: 'fields', a: 'numbers', single: true },
  run({ a: [a] }, params, warn) {
    const regression = params.regression as 'c' | 'ct';
    const series = numbers(a);
    const n = series.length;
    const residuals = regression === 'c' ? aroundMean(series) : aroundTrend(series);
    if (dot(residuals, residuals) === 0) {
      throw new KeplerError(
        'invalid_data',
        `kpss: "${a.name}" does not vary; its stationarity cannot be tested.`,
      );
    }
    const lags = lagCount(params.nlags as number | string, residuals);
    if (lags >= n) {
      throw new KeplerError(
        'invalid_arguments',
        `kpss: nlags=${lags} must be less than the ${n} values of "${a.name}".`,
      );
    }
    const statistic = partialSums(residuals) / n ** 2 / longRunVariance(residuals, lags);
    const table = CRITICAL[regression];
    if (statistic < table[0] || statistic > table[table.length - 1]) {
      const side = statistic < table[0] ? 'greater' : 'smaller';
      warn(
        `kpss: the statistic lies outside the table of p-values; the actual p-value is ${side} than the one given.`,
      );
    }
    const pValue = interpolate(statistic, table, CHANCES);
    const alpha = params.alpha as number;
    const around = regression === 'c' ? 'stationary' : 'stationary around a trend';
    return {
      fields: [
        'statistic',
        'p-value',
        'lags',
        ...LEVELS.map((level) => `critical values (${level})`),
        decisionField(alpha),
      ],
      rows: [[statistic, pValue, lags, ...table, decision(pValue, alpha, `"${a.name}" is ${around}`)]],
    };
  },
};

function aroundMean(series: Float64Array): Float64Array {
  const centre = mean(series);
  return series.map((value) => value - centre);
}

function aroundTrend(series: Float64Array): Float64Array {
  const { q } = orthogonalize([series.map(() => 1), series.map((_, i) => i + 1)]);
  const residuals = series.slice();
  for (const direction of q) {
    const share = dot(direction, residuals);
    for (let i = 0; i < residuals.length; i++) residuals[i] -= share * direction[i];
  }
  return residuals;
}

function lagged(residuals: Float64Array, lag: number): number {
  return dot(residuals.subarray(lag), residuals.subarray(0, residuals.length - lag));
}

function lagCount(nlags: number | string, residuals: Float64Array): number {
  const n = residuals.length;
  if (typeof nlags === 'number') return nlags;
  const lags = nlags === 'legacy' ? Math.ceil(12 * (n / 100) ** 0.25) : automaticLags(residuals);
  return Math.min(lags, n - 1);
}

/** Hobijn, Franses and Ooms, Stat. Neerl. 58 (2004): the bandwidth for a Bartlett kernel. */
function automaticLags(residuals: Float64Array): number {
  const n = residuals.length;
  const covered = Math.floor(n ** (2 / 9));
  let total = dot(residuals, residuals) / n;
  let weighted = 0;
  for (let lag = 1; lag <= covered; lag++) {
    const product = lagged(residuals, lag) / (n / 2);
    total += product;
    weighted += lag * product;
  }
  const ratio = weighted / total;
  return Math.floor(1.1447 * (ratio * ratio) ** (1 / 3) * n ** (1 / 3));
}

function longRunVariance(residuals: Float64Array, lags: number): number {
  let total = dot(residuals, residuals);
  for (let lag = 1; lag <= lags; lag++) total += 2 * lagged(residuals, lag) * (1 - lag / (lags + 1));
  return total / residuals.length;
}

function partialSums(residuals: Float64Array): number {
  let total = 0;
  let running = 0;
  for (const residual of residuals) {
    running += residual;
    total += running * running;
  }
  return total;
}

/** Straight lines between points of rising x; beyond the ends the end's value. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  if (x <= xs[0]) return ys[0];
  for (let i = 1; i < xs.length; i++) {
    if (x <= xs[i]) return ys[i - 1] + ((ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1])) * (x - xs[i - 1]);
  }
  return ys[ys.length - 1];
}

import { isConstant, meanAndVariance } from '../../../estimators/linear-algebra/spread.ts';
import { sampledRows } from '../../metrics/sampled-rows.ts';
import { gather } from '../table.ts';
import { minimise } from './minimise.ts';

/** Double precision's exponents, halved, so that squares of transformed values stay within it (as SciPy does). */
const LARGEST = (Math.log(Number.MAX_VALUE) + Math.log(Number.EPSILON)) / 2;
const SMALLEST = (Math.log(2 ** -1022) - Math.log(Number.EPSILON)) / 2;
const TOLERANCE = 1.48e-8;
/** From here on e^x - 1 loses nothing that tells in a variance, and is computed faster. */
const PLAIN = 0.01;
/** Rows that are asked first where there are more, and how far from their lambda all are asked. */
const SAMPLE = 20_000;
const REACH = 0.1;

/** Yeo and Johnson, Biometrika 87, 2000. */
export function yeoJohnson(x: number, lambda: number): number {
  if (x >= 0) {
    return Math.abs(lambda) < Number.EPSILON ? Math.log1p(x) : Math.expm1(lambda * Math.log1p(x)) / lambda;
  }
  if (x !== x) return NaN;
  return Math.abs(lambda - 2) > Number.EPSILON
    ? -Math.expm1((2 - lambda) * Math.log1p(-x)) / (2 - lambda)
    : -Math.log1p(-x);
}

export function yeoJohnsonBack(y: number, lambda: number): number {
  if (y >= 0) {
    return Math.abs(lambda) < Number.EPSILON ? Math.expm1(y) : (y * lambda + 1) ** (1 / lambda) - 1;
  }
  if (y !== y) return NaN;
  return Math.abs(lambda - 2) > Number.EPSILON
    ? 1 - (-(2 - lambda) * y + 1) ** (1 / (2 - lambda))
    : -Math.expm1(-y);
}

/** Box and Cox, J. R. Stat. Soc. B 26, 1964; NaN for what is not positive. */
export function boxCox(x: number, lambda: number): number {
  if (!(x > 0)) return NaN;
  return Math.abs(lambda) < 1e-19 ? Math.log(x) : Math.expm1(lambda * Math.log(x)) / lambda;
}

export function boxCoxBack(y: number, lambda: number): number {
  return lambda === 0 ? Math.exp(y) : Math.exp(Math.log1p(lambda * y) / lambda);
}

/**
 * The lambda of greatest likelihood, searched as SciPy searches it: to 1e-8 where the likelihood is curved enough to tell.
 * @param values Without nulls; 1 (no change) for a constant column.
 */
export function yeoJohnsonLambda(values: Float64Array): number {
  const { mean, variance } = meanAndVariance(values);
  if (values.length === 0 || isConstant(variance, mean, values.length)) return 1;
  // The logarithms are taken once: each trial of a lambda then costs one exponential a value.
  const logs = values.map((x) => Math.sign(x) * Math.log1p(Math.abs(x)));
  const farthest = Math.log1p(20 * greatest(values));
  let [low, high] = [SMALLEST / farthest, LARGEST / farthest];
  const some = logs.some((log) => log < 0);
  if (some && logs.every((log) => log < 0)) [low, high] = [2 - high, 2 - low];
  else if (some) [low, high] = [Math.max(2 - high, low), Math.min(2 - low, high)];
  return mostLikely(logs, low, high, (log, lambda) =>
    log >= 0 ? raised(log, lambda) : -raised(-log, 2 - lambda),
  );
}

/** @param values Positive ones alone. */
export function boxCoxLambda(values: Float64Array): number {
  const { mean, variance } = meanAndVariance(values);
  if (values.length === 0 || isConstant(variance, mean, values.length)) return 1;
  const logs = values.map(Math.log);
  const farthest = Math.max(1e-3, greatest(logs));
  return mostLikely(logs, SMALLEST / farthest, LARGEST / farthest, raised);
}

/**
 * Where the likelihood is greatest. Of many values a sample says about where; all of them are then asked in its neighbourhood
 * alone, and everywhere if it is not there.
 */
function mostLikely(
  logs: Float64Array,
  low: number,
  high: number,
  power: (log: number, lambda: number) => number,
): number {
  const loss = lossOf(logs, power);
  const places = sampledRows(logs.length, SAMPLE);
  if (places) {
    const near = minimise(lossOf(gather(logs, places), power), low, high, TOLERANCE);
    const [from, to] = [Math.max(low, near - REACH), Math.min(high, near + REACH)];
    const found = minimise(loss, from, to, TOLERANCE);
    if (Math.min(found - from, to - found) > REACH / 100) return found;
  }
  return minimise(loss, low, high, TOLERANCE);
}

/** The negative logarithm of a lambda's likelihood, without what does not depend on it. */
function lossOf(
  logs: Float64Array,
  power: (log: number, lambda: number) => number,
): (lambda: number) => number {
  const sum = total(logs);
  const transformed = new Float64Array(logs.length);
  return (lambda) => {
    for (let i = 0; i < logs.length; i++) transformed[i] = power(logs[i], lambda);
    const { variance } = meanAndVariance(transformed);
    // Without any spread there is no likelihood to speak of.
    if (!(variance >= 2 ** -1022)) return Infinity;
    return (logs.length / 2) * Math.log(variance) - (lambda - 1) * sum;
  };
}

/** (e^(power log) - 1) / power, and what it goes to for a power of 0. */
function raised(log: number, power: number): number {
  if (Math.abs(power) > PLAIN) return (Math.exp(power * log) - 1) / power;
  return Math.abs(power) < Number.EPSILON ? log : Math.expm1(power * log) / power;
}

function greatest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

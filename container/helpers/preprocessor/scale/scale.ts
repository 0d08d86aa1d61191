import { checkOptions, oneOf, rangeIn, wholeIn } from '../options.ts';
import type { Step } from '../step.ts';
import type { ScaleOptions } from './scale-options.ts';
import { robust, standard } from './centred.ts';
import { minMax } from './min-max.ts';
import { power } from './power.ts';
import { quantile } from './quantile.ts';

const OPTIONS = {
  standard: ['withMean', 'withStd'],
  robust: ['withCentering', 'withScaling', 'quantileRange', 'unitVariance'],
  minmax: ['featureRange', 'clip'],
  quantile: ['nQuantiles', 'outputDistribution'],
  power: ['transformation', 'standardize'],
} as const;

/** A step that brings numbers to a common scale; nulls stay null. */
export function scale(options: ScaleOptions = {}): Step {
  const method = oneOf(
    'scale',
    'method',
    options.method ?? 'standard',
    Object.keys(OPTIONS) as (keyof typeof OPTIONS)[],
  );
  const title = `scale (${method})`;
  checkOptions(title, options, ['method', ...OPTIONS[method]]);
  if (options.quantileRange !== undefined) rangeIn(title, 'quantileRange', options.quantileRange, 0, 100);
  if (options.featureRange !== undefined) rangeIn(title, 'featureRange', options.featureRange);
  if (options.nQuantiles !== undefined) wholeIn(title, 'nQuantiles', options.nQuantiles, 1);
  if (options.outputDistribution !== undefined) {
    oneOf(title, 'outputDistribution', options.outputDistribution, ['uniform', 'normal']);
  }
  if (options.transformation !== undefined) {
    oneOf(title, 'transformation', options.transformation, ['yeo-johnson', 'box-cox']);
  }
  return { kind: `scale/${method}`, options: { ...options } };
}

export const SCALE_KINDS = {
  'scale/standard': standard,
  'scale/robust': robust,
  'scale/minmax': minMax,
  'scale/quantile': quantile,
  'scale/power': power,
};

import { KeplerError } from '../contract/errors.ts';
import type { FitInput, Template } from '../contract/template.ts';
import { isConstant, meanAndVariance } from './linear-algebra/spread.ts';
import { scaledColumns, writeScaling } from './scaling.ts';
import type { Scaling } from './scaling.ts';
import { stopIfAborted } from './stop.ts';

type ScalerState = {
  readonly features: readonly string[];
  readonly rows: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly withMean: boolean;
  readonly withStd: boolean;
};

/** What is subtracted and divided by: scikit-learn's rule that a constant column is divided by 1. */
function shiftAndScale(state: ScalerState): Scaling {
  const scale = state.variance.map((variance, f) => {
    if (!state.withStd) return 1;
    return isConstant(variance, state.mean[f], state.rows) ? 1 : Math.sqrt(variance);
  });
  return { shift: state.withMean ? state.mean : new Float64Array(scale.length), scale };
}

/** Brings every feature to mean 0 and variance 1. */
export const standardScaler: Template<ScalerState> = {
  name: 'StandardScaler',
  kind: 'transformer',
  description: 'Brings numeric features to mean 0 and standard deviation 1.',
  params: {
    type: 'object',
    properties: {
      with_mean: { type: 'boolean', default: true, description: 'Whether the mean is subtracted.' },
      with_std: {
        type: 'boolean',
        default: true,
        description: 'Whether values are divided by the standard deviation.',
      },
    },
    additionalProperties: false,
  },
  rename: 'prefix',
  init: (params) => params,

  fit(params, input, context) {
    const moments = input.features.columns.map((column) => {
      stopIfAborted(context.signal);
      return meanAndVariance(column);
    });
    return {
      features: input.features.names,
      rows: input.features.rows,
      mean: Float64Array.from(moments, (moment) => moment.mean),
      variance: Float64Array.from(moments, (moment) => moment.variance),
      withMean: params.with_mean === true,
      withStd: params.with_std === true,
    };
  },

  partialFit(state, _params, input, context) {
    const added = sameFeatures(state, input).map((column) => {
      stopIfAborted(context.signal);
      return meanAndVariance(column);
    });
    const n = input.features.rows;
    const rows = state.rows + n;
    if (rows === 0) return state;
    const mean = state.mean.map((before, f) => before + ((added[f].mean - before) * n) / rows);
    const variance = state.variance.map((before, f) => {
      const apart = added[f].mean - state.mean[f];
      return (before * state.rows + added[f].variance * n + (apart * apart * state.rows * n) / rows) / rows;
    });
    return { ...state, rows, mean, variance };
  },

  apply: (state, features) => scaledColumns(shiftAndScale(state), 'SS', state.features, features),

  summary(state) {
    const { scale } = shiftAndScale(state);
    return {
      fields: ['fields', 'mean', 'var', 'scale'],
      rows: state.features.map((name, f) => [name, state.mean[f], state.variance[f], scale[f]]),
    };
  },

  toOnnx: (state, graph) => writeScaling(shiftAndScale(state), graph),
};

function sameFeatures(state: ScalerState, input: FitInput): readonly Float64Array[] {
  const { names, columns } = input.features;
  if (names.length === state.features.length && names.every((name, f) => name === state.features[f]))
    return columns;
  throw new KeplerError(
    'invalid_arguments',
    `StandardScaler: partial_fit goes on with the fields of the model (${state.features.join(', ')}), but was given ${names.join(', ')}.`,
  );
}

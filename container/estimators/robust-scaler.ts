import { KeplerError } from '../contract/errors.ts';
import type { Template } from '../contract/template.ts';
import { robustOf } from '../numeric/robust-spread.ts';
import { scaledColumns, writeScaling } from './scaling.ts';
import { stopIfAborted } from './stop.ts';

type RobustState = {
  readonly features: readonly string[];
  readonly centre: Float64Array;
  readonly scale: Float64Array;
};

/** Two percentiles as MLTK writes a range: `25-75`. */
const RANGE = '^\\d+(\\.\\d+)?-\\d+(\\.\\d+)?$';

/** Takes the median from every feature and divides by the distance between two percentiles, which outliers do not move. */
export const robustScaler: Template<RobustState> = {
  name: 'RobustScaler',
  kind: 'transformer',
  description: 'Brings numeric features to median 0 and a common spread that outliers do not move.',
  params: {
    type: 'object',
    properties: {
      with_centering: { type: 'boolean', default: true, description: 'Whether the median is subtracted.' },
      with_scaling: {
        type: 'boolean',
        default: true,
        description: 'Whether values are divided by the distance between the percentiles.',
      },
      quantile_range: {
        type: 'string',
        default: '25-75',
        pattern: RANGE,
        description: 'The two percentiles, the lower one first, as 25-75.',
      },
    },
    additionalProperties: false,
  },
  rename: 'prefix',

  init(params) {
    rangeOf(String(params.quantile_range));
    return params;
  },

  fit(params, { features }, context) {
    const spreads = features.columns.map((column) => {
      stopIfAborted(context.signal);
      return robustOf(column, {
        withCentering: params.with_centering === true,
        withScaling: params.with_scaling === true,
        quantileRange: rangeOf(String(params.quantile_range)),
        unitVariance: false,
      });
    });
    return {
      features: features.names,
      centre: Float64Array.from(spreads, ({ centre }) => centre),
      scale: Float64Array.from(spreads, ({ scale }) => scale),
    };
  },

  apply: ({ features: names, centre, scale }, features) =>
    scaledColumns({ shift: centre, scale }, 'RS', names, features),

  summary: ({ features, centre, scale }) => ({
    fields: ['feature', 'center', 'scale'],
    rows: features.map((name, f) => [name, centre[f], scale[f]]),
  }),

  toOnnx: ({ centre, scale }, graph) => writeScaling({ shift: centre, scale }, graph),
};

/** @throws KeplerError invalid_arguments */
function rangeOf(text: string): readonly [number, number] {
  const [low, high] = text.split('-').map(Number);
  if (low < high && high <= 100) return [low, high];
  throw new KeplerError(
    'invalid_arguments',
    `RobustScaler: option "quantile_range" is ${text}; it is two percentiles from 0 to 100, the lower one first, as 25-75.`,
  );
}

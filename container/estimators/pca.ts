import { KeplerError } from '../contract/errors.ts';
import type { NumericTable, Template } from '../contract/template.ts';
import { gram } from './linear-algebra/gram.ts';
import { columnRange } from './linear-algebra/moments.ts';
import { symmetricEigen } from './linear-algebra/symmetric-eigen.ts';

type PcaState = {
  readonly features: readonly string[];
  readonly mean: Float64Array;
  /** Components × features, each of length 1. */
  readonly components: Float64Array;
  readonly variance: Float64Array;
  readonly varianceRatio: Float64Array;
  readonly singularValues: Float64Array;
};

/** Principal components of the centred features, signs as scikit-learn's: the largest loading of each is positive. */
export const pca: Template<PcaState> = {
  name: 'PCA',
  kind: 'transformer',
  description: 'Turns features into fewer, uncorrelated ones that keep most of the variance.',
  params: {
    type: 'object',
    properties: {
      k: {
        type: 'integer',
        minimum: 1,
        description: 'How many components to keep; all where neither k nor variance is given.',
      },
      variance: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'The share of the variance to keep, with as few components as that takes. Not beside k.',
      },
    },
    additionalProperties: false,
  },
  rename: 'prefix',

  init(params, shape) {
    const problems: string[] = [];
    if (params.k !== undefined && params.variance !== undefined) {
      problems.push('give either option "k" or option "variance", not both');
    }
    const most = Math.min(shape.rows, shape.features);
    if (typeof params.k === 'number' && params.k > most) {
      problems.push(
        `option "k" is ${params.k}, but ${shape.rows} rows of ${shape.features} features have at most ${most} components`,
      );
    }
    if (problems.length > 0) throw new KeplerError('invalid_arguments', `PCA: ${problems.join('; ')}.`);
    return params;
  },

  fit(params, input, context) {
    const { names, columns, rows } = input.features;
    if (rows < 2) throw new KeplerError('no_valid_rows', 'PCA needs at least 2 rows without nulls.');
    const features = names.length;
    const ranges = columns.map((column) => columnRange(column, true));
    // One unit for all: it keeps huge and tiny numbers in range, and powers of two leave every digit alone.
    const unit = Math.max(...ranges.map((range) => (range.constant ? 0 : range.unit))) || 1;
    const products = gram(
      columns,
      ranges.map(({ mean }) => ({ mean, unit })),
      rows,
      context.signal,
    );
    const { values, vectors } = symmetricEigen(products, features);
    const most = Math.min(rows, features);
    const squares = values.slice(0, most).map((value) => Math.max(0, value));
    const total = squares.reduce((sum, value) => sum + value, 0);
    const ratio = squares.map((value) => (total > 0 ? value / total : 0));
    const count =
      (params.k as number | undefined) ?? componentsFor(params.variance as number | undefined, ratio);
    const components = vectors.slice(0, count * features);
    for (let c = 0; c < count; c++)
      makeLargestPositive(components.subarray(c * features, (c + 1) * features));
    return {
      features: names,
      mean: Float64Array.from(ranges, (range) => range.mean),
      components,
      variance: squares.slice(0, count).map((value) => (value / (rows - 1)) * unit * unit),
      varianceRatio: ratio.slice(0, count),
      singularValues: squares.slice(0, count).map((value) => Math.sqrt(value) * unit),
    };
  },

  apply: (state, features: NumericTable) => {
    const width = state.features.length;
    return Array.from(state.variance, (_, c) => {
      const values = new Float64Array(features.rows);
      features.columns.forEach((column, f) => {
        const weight = state.components[c * width + f];
        const centre = state.mean[f];
        for (let i = 0; i < values.length; i++) values[i] += (column[i] - centre) * weight;
      });
      return { name: `PC_${c + 1}`, kind: 'number', values };
    });
  },

  summary: (state) => ({
    fields: ['components', 'explained_variance', 'explained_variance_ratio', 'singular_values'],
    rows: Array.from(state.variance, (variance, c) => [
      `PC_${c + 1}`,
      fourDecimals(variance),
      fourDecimals(state.varianceRatio[c]),
      fourDecimals(state.singularValues[c]),
    ]),
  }),

  toOnnx(state, graph) {
    const width = state.features.length;
    const count = state.variance.length;
    const loadings = new Float64Array(width * count);
    for (let c = 0; c < count; c++) {
      for (let f = 0; f < width; f++) loadings[f * count + c] = state.components[c * width + f];
    }
    const [centred] = graph.node('Sub', [graph.input, graph.tensor(state.mean, [1, width])], 1);
    const [projected] = graph.node('MatMul', [centred, graph.tensor(loadings, [width, count])], 1);
    graph.output('variable', projected, 'double', count);
  },
};

/** The fewest components whose share of the variance passes what was asked for; all of them for 1 or nothing asked. */
function componentsFor(variance: number | undefined, ratio: Float64Array): number {
  if (variance === undefined || variance === 1) return ratio.length;
  let sum = 0;
  const last = ratio.findIndex((share) => (sum += share) > variance);
  return last < 0 ? ratio.length : last + 1;
}

function makeLargestPositive(component: Float64Array): void {
  let largest = 0;
  for (const loading of component) if (Math.abs(loading) > Math.abs(largest)) largest = loading;
  if (largest < 0) for (let f = 0; f < component.length; f++) component[f] = -component[f];
}

function fourDecimals(value: number): number {
  return Math.abs(value) < 1e15 ? Math.round(value * 1e4) / 1e4 : value;
}

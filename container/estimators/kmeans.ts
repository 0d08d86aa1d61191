import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { NumericTable, Template } from '../contract/template.ts';
import { assign } from './kmeans/assign.ts';
import { bestCentres } from './kmeans/lloyd.ts';

type KMeansState = {
  readonly features: readonly string[];
  /** Clusters × features, in ascending order of their coordinates. */
  readonly centres: Float64Array;
  readonly clusters: number;
  readonly inertia: number;
};

/** k-means by Lloyd's rounds from k-means++ starts; the best of ten starts. */
export const kmeans: Template<KMeansState> = {
  name: 'KMeans',
  kind: 'clusterer',
  description: 'Divides rows into k clusters of rows that lie close to their common centre.',
  params: {
    type: 'object',
    properties: {
      k: { type: 'integer', default: 8, minimum: 1, description: 'How many clusters.' },
      random_state: {
        type: 'integer',
        default: 0,
        minimum: 0,
        maximum: 4294967295,
        description: 'Seed of the starts.',
      },
    },
    additionalProperties: false,
  },
  rename: 'output',

  init(params, shape) {
    if ((params.k as number) > shape.rows) {
      throw new KeplerError(
        'invalid_arguments',
        `KMeans: option "k" is ${params.k}, but there ${plural(shape.rows, 'is only 1 row', `are only ${shape.rows} rows`)} without nulls to divide.`,
      );
    }
    return params;
  },

  fit(params, input, context) {
    const clusters = params.k as number;
    const { names } = input.features;
    const found = bestCentres(input.features, clusters, params.random_state as number, context);
    if (found.used < clusters) {
      context.warn(
        `KMeans: only ${found.used} of ${clusters} clusters hold rows, because the rows have no more distinct values; choose a smaller k.`,
      );
    }
    return { features: names, centres: found.centres, clusters, inertia: found.inertia };
  },

  apply(state, features: NumericTable) {
    const { nearest, squares } = assign(features.columns, features.rows, state.centres, state.clusters);
    return [
      { name: 'cluster', kind: 'number', values: Float64Array.from(nearest) },
      { name: 'cluster_distance', kind: 'number', values: squares },
    ];
  },

  summary(state) {
    const width = state.features.length;
    const centres = Array.from({ length: state.clusters }, (_, c) => [
      ...state.centres.subarray(c * width, (c + 1) * width),
      c,
      null,
    ]);
    return {
      fields: [...state.features, 'cluster', 'inertia'],
      rows: [...centres, [...state.features.map(() => null), null, state.inertia]],
    };
  },

  toOnnx(state, graph) {
    const width = state.features.length;
    const middle = graph.tensor(BigInt64Array.of(1n), [1]);
    const last = graph.tensor(BigInt64Array.of(2n), [1]);
    const centres = graph.tensor(state.centres, [1, state.clusters, width]);
    const [rows] = graph.node('Unsqueeze', [graph.input, middle], 1);
    const [apart] = graph.node('Sub', [rows, centres], 1);
    const [squared] = graph.node('Mul', [apart, apart], 1);
    const [distances] = graph.node('ReduceSum', [squared, last], 1, { keepdims: 0 });
    const [label] = graph.node('ArgMin', [distances], 1, { axis: 1, keepdims: 0 });
    const [nearest] = graph.node('ReduceMin', [distances], 1, { axes: { ints: [1] }, keepdims: 0 });
    graph.output('label', label, 'int64', null);
    graph.output('distances', nearest, 'double', null);
  },
};

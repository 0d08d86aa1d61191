import type {
  ClassTarget,
  NumericTable,
  OutputColumn,
  Params,
  State,
  Target,
  Template,
} from '../contract/template.ts';
import { calculateClusteringMetrics } from '../helpers/metrics/clustering-report.ts';
import { evaluateClasses } from '../helpers/metrics/evaluate-classes.ts';
import { evaluateNumbers } from '../helpers/metrics/evaluate-numbers.ts';
import type { Measured } from '../helpers/metrics/evaluate-numbers.ts';
import type { Evaluation, MeasuredOn } from '../helpers/metrics/evaluation.ts';
import { gather } from '../helpers/metrics/gather.ts';
import { sampledRows } from '../helpers/metrics/sampled-rows.ts';
import { sumOf } from '../helpers/metrics/sums.ts';
import { featureWeightsOf } from './feature-weights.ts';
import { rowsOf, sameClasses } from './row-subsets.ts';
import type { CaughtScores } from './score-rows.ts';
import { predictedCodes } from './training-metrics.ts';

/** Rows that curves are made of at most, and probabilities that they hold together at most. */
const MOST_CURVE_ROWS = 30_000;
const MOST_PROBABILITIES = 200_000;
/** The silhouette takes time with the square of the rows. */
const SILHOUETTE_ROWS = 1000;

/** The rows that a fit is measured on. */
export interface MeasuredRows {
  readonly on: MeasuredOn;
  /** Their places among all rows; undefined where they are all. */
  readonly places: Uint32Array | undefined;
  readonly features: NumericTable;
  readonly target?: Target;
}

export interface FitEvaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly evaluation: Evaluation;
}

/** The rows whose scores are needed for a classifier's curves; undefined where none are. */
export function rowsToCatch(
  template: Template,
  { places, features, target }: MeasuredRows,
): CaughtScores | undefined {
  if (target?.kind !== 'classes' || !givesProbabilities(template)) return undefined;
  const most = Math.min(MOST_CURVE_ROWS, Math.floor(MOST_PROBABILITIES / target.classes.length));
  const sample = sampledRows(features.rows, most);
  const rows = new Uint32Array(sample?.length ?? features.rows);
  for (let n = 0; n < rows.length; n++) {
    const at = sample ? sample[n] : n;
    rows[n] = places ? places[at] : at;
  }
  return { rows, scores: [] };
}

/**
 * How well a fitted model does on the rows it is measured on.
 * @param outputs Of all rows.
 */
export function evaluateFit(
  template: Template,
  state: State,
  params: Params,
  outputs: readonly OutputColumn[],
  measured: MeasuredRows,
  caught: CaughtScores | undefined,
): FitEvaluation {
  const { metrics, plots } = measure(template, state, params, outputs, measured, caught);
  return {
    metrics,
    evaluation: {
      format: 1,
      measuredOn: measured.on,
      rows: measured.features.rows,
      ...plots,
      ...featureWeightsOf(template, state),
    },
  };
}

function measure(
  template: Template,
  state: State,
  params: Params,
  outputs: readonly OutputColumn[],
  measured: MeasuredRows,
  caught: CaughtScores | undefined,
): Measured {
  const { target, places } = measured;
  const [output] = outputs;
  if (target?.kind === 'number' && output?.kind === 'number') {
    return evaluateNumbers(target.values, places ? gather(output.values, places) : output.values);
  }
  if (target?.kind === 'classes' && output?.kind === 'label') {
    const probabilities = caught && probabilitiesOf(template, state, params, measured, caught);
    return evaluateClasses({
      classes: target.classes,
      actual: target.codes,
      predicted: predictedCodes(target, output, places),
      ...(probabilities && { scored: { probabilities, actual: actualOf(target, measured, caught) } }),
    });
  }
  if (template.kind === 'clusterer') return { metrics: clusterMetrics(outputs, measured), plots: {} };
  return { metrics: {}, plots: {} };
}

function givesProbabilities(template: Template): boolean {
  return (
    template.applyParams !== undefined && Object.hasOwn(template.applyParams.properties, 'probabilities')
  );
}

/** Places of the caught rows among the measured ones. */
function placesOfCaught({ places, features }: MeasuredRows, { rows }: CaughtScores): Uint32Array {
  if (!places || rows.length === features.rows) {
    return places ? Uint32Array.from(rows.keys()) : rows;
  }
  const found = new Uint32Array(rows.length);
  for (let n = 0, at = 0; n < rows.length; n++) {
    while (places[at] !== rows[n]) at++;
    found[n] = at;
  }
  return found;
}

function actualOf(target: ClassTarget, measured: MeasuredRows, caught: CaughtScores): Int32Array {
  if (caught.rows.length === target.codes.length) return target.codes;
  return (sameClasses(target, placesOfCaught(measured, caught)) as ClassTarget).codes;
}

/** A column a class of the model; undefined where the template gives none after all. */
function probabilitiesOf(
  template: Template,
  state: State,
  params: Params,
  measured: MeasuredRows,
  caught: CaughtScores,
): Float64Array[] | undefined {
  const options = { ...params, probabilities: true };
  const { rows, scores } = caught;
  const outputs =
    template.decode && scores.length > 0
      ? template.decode(state, scores, rows.length, options)
      : template.apply(state, rowsOf(measured.features, placesOfCaught(measured, caught)), options);
  const columns = outputs.slice(1).flatMap((one) => (one.kind === 'number' ? [one.values] : []));
  const [label] = outputs;
  return label.kind === 'label' && columns.length === label.labels.length ? columns : undefined;
}

/** Inertia where rows have a squared distance to their centre, and a silhouette of an even sample. */
function clusterMetrics(
  outputs: readonly OutputColumn[],
  { places, features }: MeasuredRows,
): Record<string, number> {
  const [cluster, distance] = outputs;
  if (cluster?.kind !== 'number' || features.rows === 0) return {};
  const rowOf = (n: number): number => (places ? places[n] : n);
  const sample = sampledRows(features.rows, SILHOUETTE_ROWS);
  const some = sample ? rowsOf(features, sample) : features;
  const clusters = Float64Array.from(
    { length: some.rows },
    (_, n) => cluster.values[rowOf(sample ? sample[n] : n)],
  );
  const { values } = calculateClusteringMetrics(clusters, { features: some.columns });
  return {
    ...(values.silhouette !== undefined && { silhouette: values.silhouette }),
    ...(distance?.kind === 'number' &&
      distance.name === 'cluster_distance' && {
        inertia: sumOf(features.rows, (n) => distance.values[rowOf(n)]),
      }),
  };
}

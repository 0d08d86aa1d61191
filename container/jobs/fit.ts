import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { FitSpec, Message } from '../contract/requests.ts';
import type { Table } from '../contract/table.ts';
import type { OutputColumn, Params, State, Template, TemplateContext } from '../contract/template.ts';
import { sixDigits } from '../helpers/metrics/evaluation.ts';
import { mainMetricOf } from '../helpers/metrics/main-metric.ts';
import { countOnes, prepare } from '../table/prepare.ts';
import type { Prepared } from '../table/prepare.ts';
import { prepareLike } from '../table/prepare-like.ts';
import { levelsOfField, prepareRaw, prepareRawLike } from '../table/prepare-raw.ts';
import { nameOutputs } from '../table/scatter.ts';
import { Scorer } from '../table/scorer.ts';
import { isContainerTemplate } from '../templates/dsdl/container-template.ts';
import { checkFit } from './check-fit.ts';
import { fitInContainer } from './container-fit.ts';
import { crossValidate } from './cross-validation.ts';
import { evaluateFit, rowsToCatch } from './evaluate.ts';
import { measurable, withTarget } from './measurable.ts';
import type { MeasuredRows } from './evaluate.ts';
import type { Manifest } from '../registry/types.ts';
import type { FitJob, FitResult } from './fit-job.ts';
import { apartFromBy } from './group-rows.ts';
import { apartFromGroups, assertSameGroups, finishGrouped } from './grouped-fit.ts';
import { holdOut } from './holdout.ts';
import type { LoadedModel } from './model-cache.ts';
import { caughtOf, scoreRows } from './score-rows.ts';
import type { CaughtScores } from './score-rows.ts';
import { storeVersion } from './store-version.ts';

/**
 * Worker: prepares what was collected, trains, scores all rows, and stores the new version.
 * @throws KeplerError of the data, the options, the limits, or the registry; then no version was made
 */
export async function runFit(job: FitJob): Promise<FitResult> {
  const { spec, settings, control, teller } = job;
  const messages: Message[] = [];
  const warn = (text: string) => void messages.push({ level: 'WARN', text });
  const { template, params } = checkFit(spec, job.templates);
  if (isContainerTemplate(template)) return fitInContainer(job, template, params);
  const started = performance.now();
  teller.stage('preparing the rows');
  const before = spec.partialFit ? await previous(job, template) : undefined;
  if (before && Object.keys(spec.options).length > 0) {
    warn(`The model "${spec.into?.name}" goes on with its own options; those of this search are ignored.`);
  }
  const grouped = spec.by.length > 0;
  const { table, fields } = grouped
    ? apartFromBy(job.table, spec.fields, spec.by, warn)
    : { table: job.table, fields: spec.fields };
  const prepared = before
    ? goOnAs(before.manifest, grouped)(table, warn)
    : template.prepare === 'none'
      ? prepareRaw(table, {
          kind: template.kind,
          ...(spec.targets.length > 0 && { target: spec.targets[0] }),
          fields,
          maxClasses: settings.maxClasses,
          guessed: template.guessed,
          sample: sampleOf(spec),
          warn,
        })
      : prepare(table, {
          target: targetOf(template, spec),
          fields,
          maxDistinctValues: settings.maxDistinctValues,
          maxClasses: settings.maxClasses,
          sample: sampleOf(spec),
          warn,
        });
  const preparedAt = performance.now();
  sayWhatWasLeftOut(prepared, job.table.rows, messages);

  const context: TemplateContext = {
    signal: control.signal(),
    threads: settings.fitThreads,
    warn,
    progress: (share, text) => {
      control.check();
      teller.share(text ?? 'training', share);
    },
  };
  teller.stage('training');
  const metrics: Record<string, number> = {
    rows: job.table.rows,
    trained_rows: prepared.features.rows,
    features: prepared.features.columns.length,
    prepare_ms: preparedAt - started,
  };
  if (spec.kfoldCv !== undefined) {
    const known = withTarget(prepared);
    const instead = await crossValidate(
      template,
      params,
      known.features,
      known.target,
      spec.kfoldCv,
      context,
    );
    metrics.train_ms = performance.now() - preparedAt;
    return { messages, metrics, outputs: [], complete: prepared.complete, instead };
  }

  if (grouped) return finishGrouped(job, { template, params, prepared, before, context, messages, metrics });

  const { training, measured } = split(spec, table, prepared, warn);
  const measures = spec.into !== undefined || measured.on === 'holdout';
  if (measured.on === 'holdout') {
    metrics.trained_rows = training.features.rows;
    metrics.heldout_rows = measured.features.rows;
  }
  // Of no use where other rows are scored than were trained on.
  const sameRows = training === prepared && prepared.places === undefined;
  const told: { scores?: readonly Float64Array[] } = {};
  const { state, used } = await train(template, params, training, before, {
    ...context,
    ...(sameRows && { scored: (scores) => void (told.scores = scores) }),
  });
  control.check();
  const trainedAt = performance.now();
  metrics.train_ms = trainedAt - preparedAt;
  teller.stage('predicting all rows');
  const caught = measures ? rowsToCatch(template, measured) : undefined;
  const plain =
    told.scores && template.decode
      ? template.decode(state, caughtOf(told.scores, caught), job.table.rows, used)
      : scoreAll(job, template, state, used, prepared, caught);
  const names = nameOutputs(
    plain.map(({ name }) => name),
    spec.as,
    template.rename,
  );
  const outputs = plain.map((output, k) => ({ ...output, name: names[k] }));
  const known = measurable(measured, plain);
  const probable = known === measured ? caught : rowsToCatch(template, known);
  const evaluated = measures && evaluateFit(template, state, used, plain, known, probable);
  const own = evaluated ? ownMetrics(template, state, used, known, evaluated.metrics, warn) : {};
  if (evaluated && measured.on === 'holdout') messages.push(heldOutScores(evaluated.metrics, measured));
  metrics.score_ms = performance.now() - trainedAt;
  if (spec.into) teller.stage('storing the model');
  const version =
    evaluated && spec.into
      ? storeVersion(job, template, before, {
          state,
          params: used,
          preparation: prepared.preparation,
          target: training.target,
          trainedRows: training.features.rows,
          ...evaluated,
          metrics: { ...evaluated.metrics, ...own },
        })
      : undefined;
  return { messages, metrics, version, outputs, complete: prepared.complete };
}

function scoreAll(
  { memory, control, table }: FitJob,
  template: Template,
  state: State,
  params: Params,
  prepared: Prepared,
  caught: CaughtScores | undefined,
): OutputColumn[] {
  const levelsOf = (i: number) => levelsOfField(prepared, i);
  const scorer = new Scorer(memory, template, state, prepared.preparation, params, false, levelsOf);
  return scoreRows(memory, control, scorer, prepared.fields, table.rows, caught);
}

function sampleOf({ sampleCount, sampleSeed }: FitSpec): { count: number; seed: number } | undefined {
  if (sampleCount === undefined) return undefined;
  return { count: sampleCount, seed: sampleSeed ?? Math.floor(Math.random() * 2 ** 32) };
}

/** Rows for a template that goes on from an earlier fit. */
function goOnAs(
  manifest: Manifest,
  grouped: boolean,
): (table: Table, warn: (text: string) => void) => Prepared {
  const like = { ...manifest, ...(grouped && apartFromGroups(manifest)) };
  return (table, warn) =>
    like.preparation.raw ? prepareRawLike(table, like, warn) : prepareLike(table, like, warn);
}

/** The rows to train on, and those to measure on: the same ones, or rows held out. */
function split(
  spec: FitSpec,
  table: Table,
  prepared: Prepared,
  warn: (text: string) => void,
): { training: Prepared; measured: MeasuredRows } {
  const { holdout } = spec;
  if (holdout === undefined) {
    const { places, features, target } = prepared;
    return { training: prepared, measured: { on: 'training', places, features, ...(target && { target }) } };
  }
  const { prepared: training, heldOut } = holdOut({ ...spec, holdout }, table, prepared, warn);
  return { training, measured: { on: 'holdout', ...heldOut } };
}

/** What a template measures of its own. A name that stands for a usual metric stays that one's. */
function ownMetrics(
  { name, evaluate }: Template,
  state: State,
  params: Params,
  { features, target }: MeasuredRows,
  usual: Readonly<Record<string, number>>,
  warn: (text: string) => void,
): Record<string, number> {
  const own = evaluate?.(state, { features, ...(target && { target }) }, params) ?? {};
  const taken = Object.keys(own).filter((metric) => Object.hasOwn(usual, metric));
  if (taken.length > 0)
    warn(`${name} evaluates ${taken.join(', ')}, which every model of its kind has: its own were left out.`);
  return Object.fromEntries(Object.entries(own).filter(([metric]) => !taken.includes(metric)));
}

function heldOutScores(metrics: Readonly<Record<string, number>>, { features }: MeasuredRows): Message {
  const main = mainMetricOf(metrics);
  const score = main ? `: ${main.name} ${sixDigits(main.value)}` : '';
  return {
    level: 'INFO',
    text: `Measured on ${features.rows} ${plural(features.rows, 'row that was', 'rows that were')} held out of training${score}.`,
  };
}

function targetOf(
  template: Template,
  spec: FitSpec,
): { name: string; kind: 'number' | 'classes' } | undefined {
  if (template.kind === 'regressor') return { name: spec.targets[0], kind: 'number' };
  if (template.kind === 'classifier') return { name: spec.targets[0], kind: 'classes' };
  return undefined;
}

function sayWhatWasLeftOut(prepared: Prepared, rows: number, messages: Message[]): void {
  const left = rows - countOnes(prepared.complete);
  if (left > 0) {
    messages.push({
      level: 'INFO',
      text: `${left} of ${rows} rows ${plural(left, 'was', 'were')} left out of training for a null in one of the fields used; ${plural(left, 'its', 'their')} new fields are empty.`,
    });
  }
}

async function train(
  template: Template,
  params: Params,
  prepared: Prepared,
  before: LoadedModel | undefined,
  context: TemplateContext,
): Promise<{ state: State; used: Params }> {
  const input = { features: prepared.features, target: prepared.target };
  if (before && template.partialFit) {
    const used = before.manifest.params;
    return { state: await template.partialFit(before.state, used, input, context), used };
  }
  const shape = {
    rows: prepared.features.rows,
    features: prepared.features.columns.length,
    ...(prepared.target?.kind === 'classes' && { classes: prepared.target.classes.length }),
  };
  const used = template.init(params, shape);
  return { state: await template.fit(used, input, context), used };
}

/** The version that partial_fit goes on from; undefined where there is none yet. */
async function previous(job: FitJob, template: Template): Promise<LoadedModel | undefined> {
  const { into } = job.spec;
  if (!into) return undefined;
  try {
    const found = await job.registry.resolve({ ...into, explicitNamespace: true }, job.principal);
    const model = await job.models.load(found.id, found.version);
    if (model.manifest.algorithm === template.name) {
      assertSameGroups(model, job.spec.by);
      return model;
    }
    throw new KeplerError(
      'invalid_arguments',
      `partial_fit=t cannot go on with the model "${into.name}": it is a ${model.manifest.algorithm}, not a ${template.name}. Name another model, or leave partial_fit out to make a new version.`,
    );
  } catch (error) {
    if (error instanceof KeplerError && error.code === 'model_not_found') return undefined;
    throw error;
  }
}

/** The columns that a fit asks for. */
export function wantedByFit(spec: FitSpec): string[] {
  const { holdoutBy } = spec;
  return [...spec.targets, ...spec.fields, ...spec.by, ...(holdoutBy === undefined ? [] : [holdoutBy])];
}

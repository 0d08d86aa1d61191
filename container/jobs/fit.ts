import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { FitSpec, Message, ResolvedModel, ResultTable, SearchContext } from '../contract/requests.ts';
import type { Table } from '../contract/table.ts';
import type { OutputColumn, Params, State, Target, Template, TemplateContext } from '../contract/template.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import { writeModelOnnx } from '../onnx/model.ts';
import { assertMayWrite, modelId } from '../registry/access.ts';
import type { Registry } from '../registry/registry.ts';
import { encodeState } from '../registry/state-codec.ts';
import { ONNX_FILE, STATE_FILE } from '../registry/types.ts';
import type { ModelId, Principal } from '../registry/types.ts';
import { prepare } from '../table/prepare.ts';
import type { Prepared } from '../table/prepare.ts';
import { prepareLike } from '../table/prepare-like.ts';
import { renameOutput } from '../table/scatter.ts';
import { Scorer } from '../table/scorer.ts';
import type { TableMemory } from '../table/table-memory.ts';
import { checkFit } from './check-fit.ts';
import type { Control } from './control.ts';
import { crossValidate } from './cross-validation.ts';
import type { LoadedModel, ModelCache } from './model-cache.ts';
import { scoreRows } from './score-rows.ts';
import { trainingMetrics } from './training-metrics.ts';
import type { JobSettings } from './types.ts';

export interface FitJob {
  readonly spec: FitSpec;
  readonly principal: Principal;
  readonly search?: SearchContext;
  readonly table: Table;
  readonly fingerprint: string;
  readonly settings: JobSettings;
  readonly registry: Registry;
  readonly models: ModelCache;
  readonly memory: TableMemory;
  readonly control: Control;
}

export interface FitResult {
  readonly messages: readonly Message[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly version?: ResolvedModel;
  /** New columns of all rows, and which rows have them; or a table in place of the rows. */
  readonly outputs: readonly OutputColumn[];
  readonly complete: Uint8Array;
  readonly instead?: ResultTable;
}

/**
 * Worker: prepares what was collected, trains, scores all rows, and stores the new version.
 * @throws KeplerError of the data, the options, the limits, or the registry; then no version was made
 */
export async function runFit(job: FitJob): Promise<FitResult> {
  const { spec, settings, control, memory } = job;
  const messages: Message[] = [];
  const warn = (text: string) => void messages.push({ level: 'WARN', text });
  const { template, params } = checkFit(spec);
  const started = performance.now();
  const before = spec.partialFit ? await previous(job, template) : undefined;
  if (before && Object.keys(spec.options).length > 0) {
    warn(`The model "${spec.into?.name}" goes on with its own options; those of this search are ignored.`);
  }
  const prepared = before
    ? prepareLike(job.table, before.manifest, warn)
    : prepare(job.table, {
        target: targetOf(template, spec),
        fields: spec.fields,
        maxDistinctValues: settings.maxDistinctValues,
        maxClasses: settings.maxClasses,
        sample:
          spec.sampleCount === undefined
            ? undefined
            : { count: spec.sampleCount, seed: spec.sampleSeed ?? Math.floor(Math.random() * 2 ** 32) },
        warn,
      });
  const preparedAt = performance.now();
  sayWhatWasLeftOut(prepared, job.table.rows, messages);

  const context: TemplateContext = {
    signal: control.signal(),
    threads: settings.fitThreads,
    warn,
    progress: () => control.check(),
  };
  const metrics: Record<string, number> = {
    rows: job.table.rows,
    trained_rows: prepared.features.rows,
    features: prepared.features.columns.length,
    prepare_ms: preparedAt - started,
  };
  if (spec.kfoldCv !== undefined) {
    if (!prepared.target) throw new KeplerError('internal', 'Cross-validation without a target.');
    const instead = await crossValidate(
      template,
      params,
      prepared.features,
      prepared.target,
      spec.kfoldCv,
      context,
    );
    metrics.train_ms = performance.now() - preparedAt;
    return { messages, metrics, outputs: [], complete: prepared.complete, instead };
  }

  const { state, used } = await train(template, params, prepared, before, context);
  control.check();
  const trainedAt = performance.now();
  metrics.train_ms = trainedAt - preparedAt;
  const scorer = new Scorer(memory, template, state, prepared.preparation, used);
  const plain = scoreRows(memory, control, scorer, prepared.fields, job.table.rows);
  const outputs = plain.map((output, k) => ({
    ...output,
    name: renameOutput(output.name, k, spec.as, template.rename),
  }));
  const quality = trainingMetrics(prepared.target, plain, prepared.places);
  metrics.score_ms = performance.now() - trainedAt;
  const version = spec.into ? await store(job, template, state, used, prepared, quality, before) : undefined;
  return { messages, metrics, version, outputs, complete: prepared.complete };
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
  let left = rows;
  for (const one of prepared.complete) left -= one;
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
    if (model.manifest.algorithm === template.name) return model;
    throw new KeplerError(
      'invalid_arguments',
      `partial_fit=t cannot go on with the model "${into.name}": it is a ${model.manifest.algorithm}, not a ${template.name}. Name another model, or leave partial_fit out to make a new version.`,
    );
  } catch (error) {
    if (error instanceof KeplerError && error.code === 'model_not_found') return undefined;
    throw error;
  }
}

async function store(
  job: FitJob,
  template: Template,
  state: State,
  params: Params,
  prepared: Prepared,
  quality: Record<string, number>,
  before: LoadedModel | undefined,
): Promise<ResolvedModel> {
  const { spec, principal, search, settings } = job;
  const into = spec.into as NonNullable<FitSpec['into']>;
  const id: ModelId = modelId(into, principal);
  assertMayWrite(id, principal);
  const preparation = {
    ...prepared.preparation,
    ...(spec.unseenValue && { unseenValue: spec.unseenValue }),
  };
  const onnx = writeModelOnnx(template, state, preparation, onnxTarget(prepared.target));
  const files: Record<string, Uint8Array> = { [STATE_FILE]: encodeState(state) };
  if (onnx) files[ONNX_FILE] = onnx;
  job.control.check();
  const manifest = await job.registry.create(
    id,
    {
      algorithm: template.name,
      kind: template.kind,
      options: before ? before.manifest.options : spec.options,
      params,
      preparation,
      features: preparation.fields.map(({ name }) => name),
      ...(prepared.target && {
        target: {
          name: prepared.target.name,
          kind: prepared.target.kind,
          ...(prepared.target.kind === 'classes' && { classes: prepared.target.classes }),
        },
      }),
      metrics: quality,
      lineage: {
        sid: search?.sid ?? '',
        search: search?.search,
        user: principal.user,
        app: principal.app,
        earliest: search?.earliest,
        latest: search?.latest,
        rows: job.table.rows,
        trainedRows: prepared.features.rows,
        fingerprint: job.fingerprint,
        runtime: KEPLER_VERSION,
      },
    },
    files,
    { promote: spec.promote, alias: spec.alias, maxBytes: settings.maxModelMb * 2 ** 20 },
  );
  return { namespace: id.namespace, name: id.name, version: manifest.version };
}

function onnxTarget(target: Target | undefined) {
  return target && { name: target.name, ...(target.kind === 'classes' && { classes: target.classes }) };
}

/** The columns that a fit asks for. */
export function wantedByFit(spec: FitSpec): string[] {
  return [...spec.targets, ...spec.fields];
}

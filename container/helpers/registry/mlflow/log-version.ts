/**
 * A fit as a run of MLflow, and its version in MLflow's registry: run → figures → artefacts → version → alias → finished. Each step
 * that is done is noted, so that a try that broke goes on where it was and makes nothing twice.
 */
import { MlflowError, artifactFolder } from './client.ts';
import type { MlflowClient } from './client.ts';
import { describedOnly, pyfuncFiles } from './pyfunc.ts';
import type { Signature } from './pyfunc.ts';
import { batchesOf, metricsOf, paramsOf, tagsOf } from './values.ts';

/** What is told of a version that a fit made. */
export interface LoggedVersion extends Signature {
  /** Its name in Kepler's registry. */
  readonly model: {
    readonly namespace: 'user' | 'app';
    readonly owner: string;
    readonly name: string;
    /** Absent where it is no version of Kepler's. */
    readonly version?: number;
  };
  /** Names it among all that were ever logged, where its version does not. */
  readonly mark?: string;
  readonly algorithm: string;
  readonly app: string;
  readonly user: string;
  readonly sid: string;
  readonly search?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Aliases that point at it. */
  readonly aliases: readonly string[];
  readonly tags?: Readonly<Record<string, unknown>>;
}

/** How far it is. */
export interface Progress {
  experiment?: string;
  run?: string;
  artifacts?: string;
  logged?: boolean;
  uploaded?: boolean;
  name?: string;
  version?: string;
  aliased?: boolean;
  finished?: boolean;
}

export interface LogParts {
  readonly client: MlflowClient;
  /** The version's ONNX graph; undefined where it has none. */
  readonly graph: () => Promise<Uint8Array | undefined>;
  /** More artefacts, by their path below the run's. */
  readonly files?: () => Promise<Readonly<Record<string, Uint8Array>>>;
  /** Keeps how far it is. */
  readonly note: (progress: Progress) => Promise<void>;
}

const MARK = 'kepler.version';

/**
 * @param progress is changed
 * @throws MlflowError, KeplerError mlflow_unreachable
 */
export async function logVersion(
  { client, graph, files, note }: LogParts,
  told: LoggedVersion,
  progress: Progress,
): Promise<{ name: string; version: string; run: string }> {
  const done = async (step: Progress) => {
    Object.assign(progress, step);
    await note(progress);
  };
  const mark = markOf(told);
  const tags = tagsOfVersion(told, mark);
  if (progress.experiment === undefined) await done({ experiment: await experimentOf(client) });
  if (progress.run === undefined) {
    const info =
      (await runOf(client, progress.experiment!, mark)) ??
      (await startRun(client, progress.experiment!, told, tags));
    await done({ run: info.run_id, artifacts: info.artifact_uri });
  }
  const run = progress.run!;
  if (!progress.logged) {
    const batch = {
      metrics: metricsOf(told.metrics, told.endedAt),
      params: paramsOf(told.params),
      tags: tagsOf(tags),
    };
    for (const part of batchesOf(batch)) await client.post('runs/log-batch', { run_id: run, ...part });
    await done({ logged: true });
  }
  const folder = artifactFolder(progress.artifacts!);
  if (!progress.uploaded) {
    if (folder !== undefined) await upload(client, folder, told, await graph(), (await files?.()) ?? {});
    await done({ uploaded: true });
  }
  if (progress.name === undefined) await done({ name: await registeredName(client, told) });
  const name = progress.name!;
  if (progress.version === undefined) {
    await done({
      version:
        (await versionOf(client, name, run)) ??
        (await createVersion(client, name, run, progress.artifacts!, tags)),
    });
  }
  const version = progress.version!;
  if (!progress.aliased) {
    for (const alias of told.aliases.filter(isAlias))
      await client.post('registered-models/alias', { name, alias, version });
    await done({ aliased: true });
  }
  if (!progress.finished) {
    await client.post('runs/update', { run_id: run, status: 'FINISHED', end_time: told.endedAt });
    await done({ finished: true });
  }
  return { name, version, run };
}

/** Aliases that MLflow keeps for itself, or cannot hold. */
export function isAlias(alias: string): boolean {
  return /^[\w-]+$/.test(alias) && alias !== 'latest' && !/^v\d+$/i.test(alias);
}

/** Names one version of one model among all that Kepler ever logged. */
function markOf({ model, mark }: LoggedVersion): string {
  if (mark !== undefined) return mark;
  return `${model.namespace}/${model.owner}/${model.name}@${model.version}`;
}

function tagsOfVersion(told: LoggedVersion, mark: string): Record<string, unknown> {
  const { model, app, user, sid, search, algorithm, kind, target } = told;
  return {
    ...told.tags,
    owner: model.owner,
    namespace: model.namespace,
    app,
    user,
    sid,
    search,
    algorithm,
    kind,
    target: target?.name,
    [MARK]: mark,
    'kepler.model': model.name,
    'kepler.model_version': model.version === undefined ? undefined : String(model.version),
  };
}

async function experimentOf(client: MlflowClient): Promise<string> {
  const { experiment: name } = client.settings;
  const find = () =>
    client.get<{ experiment: { experiment_id: string } }>('experiments/get-by-name', {
      experiment_name: name,
    });
  try {
    return (await find()).experiment.experiment_id;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return (await client.post<{ experiment_id: string }>('experiments/create', { name })).experiment_id;
  } catch (error) {
    // Another runtime was quicker.
    if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
    return (await find()).experiment.experiment_id;
  }
}

interface RunInfo {
  readonly run_id: string;
  readonly artifact_uri: string;
}

/** The run that an earlier try made. */
async function runOf(client: MlflowClient, experiment: string, mark: string): Promise<RunInfo | undefined> {
  const { runs = [] } = await client.post<{ runs?: { info: RunInfo }[] }>('runs/search', {
    experiment_ids: [experiment],
    filter: `tags.\`${MARK}\` = '${mark.replaceAll("'", '')}'`,
    max_results: 1,
  });
  return runs[0]?.info;
}

async function startRun(
  client: MlflowClient,
  experiment: string,
  told: LoggedVersion,
  tags: Readonly<Record<string, unknown>>,
): Promise<RunInfo> {
  const { run } = await client.post<{ run: { info: RunInfo } }>('runs/create', {
    experiment_id: experiment,
    run_name: told.model.version === undefined ? told.model.name : `${told.model.name}@${told.model.version}`,
    start_time: told.startedAt,
    tags: tagsOf({
      'mlflow.user': told.user,
      'mlflow.source.name': 'kepler',
      'mlflow.source.type': 'JOB',
      [MARK]: String(tags[MARK]).replaceAll("'", ''),
    }),
  });
  return run.info;
}

async function upload(
  client: MlflowClient,
  folder: string,
  told: LoggedVersion,
  graph: Uint8Array | undefined,
  more: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const { model, algorithm, kind, params, metrics, fields, target } = told;
  const files = graph
    ? pyfuncFiles(told)
    : describedOnly({ model, algorithm, kind, params, metrics, fields, target });
  for (const [path, bytes] of Object.entries(more)) await client.putArtifact(folder, path, bytes);
  if (graph) await client.putArtifact(folder, 'model/model.onnx', graph);
  // MLmodel last: with it the folder is a model.
  const names = Object.keys(files).sort((a, b) => Number(a === 'MLmodel') - Number(b === 'MLmodel'));
  for (const name of names) await client.putArtifact(folder, `model/${name}`, files[name]);
}

interface Tagged {
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

/**
 * The model's name in MLflow: its own, where that is free or was given to this very model before; else its own with whose it is.
 * (Owners' models of one name are models apart; what somebody else registered is not ours to add to.)
 */
async function registeredName(client: MlflowClient, { model, app }: LoggedVersion): Promise<string> {
  const whose = `${model.namespace}/${model.owner}`;
  const plain = nameFor(model.name);
  for (const name of [plain, nameFor(`${model.name}.${model.namespace}.${model.owner}`)]) {
    try {
      await client.post('registered-models/create', {
        name,
        tags: tagsOf({ owner: model.owner, namespace: model.namespace, app, 'kepler.whose': whose }),
      });
      return name;
    } catch (error) {
      if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
    }
    const { registered_model: there } = await client.get<{ registered_model: Tagged }>(
      'registered-models/get',
      { name },
    );
    if (name !== plain || there.tags?.some(({ key, value }) => key === 'kepler.whose' && value === whose))
      return name;
  }
  return plain;
}

/** MLflow's names hold neither `/` nor `:`. */
function nameFor(name: string): string {
  return name.replace(/[/:]/g, '_').slice(0, 250);
}

/** The version that an earlier try made. */
async function versionOf(client: MlflowClient, name: string, run: string): Promise<string | undefined> {
  const { model_versions: found = [] } = await client.get<{
    model_versions?: { version: string; name: string }[];
  }>('model-versions/search', { filter: `run_id = '${run}'` });
  return found.find((version) => version.name === name)?.version;
}

async function createVersion(
  client: MlflowClient,
  name: string,
  run: string,
  artifacts: string,
  tags: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { model_version: made } = await client.post<{ model_version: { version: string } }>(
    'model-versions/create',
    {
      name,
      source: `${artifacts}/model`,
      run_id: run,
      tags: tagsOf(tags),
    },
  );
  return made.version;
}

export function isMissing(error: unknown): boolean {
  if (!(error instanceof MlflowError)) return false;
  // An alias missing on a model that is there is INVALID_PARAMETER_VALUE.
  return (
    error.errorCode === 'RESOURCE_DOES_NOT_EXIST' ||
    (error.errorCode === 'INVALID_PARAMETER_VALUE' && /alias .*not found/i.test(error.message))
  );
}

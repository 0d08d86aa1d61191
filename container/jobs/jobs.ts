import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type {
  ApplyPlan,
  ApplySpec,
  CollectMeta,
  FitSpec,
  ModelName,
  Need,
  SampleSpec,
  ScoreSpec,
} from '../contract/requests.ts';
import { assertMayWrite, modelId } from '../registry/access.ts';
import { checkAliasName } from '../registry/names.ts';
import { Registry } from '../registry/registry.ts';
import { TemplateFinder } from '../templates/finder.ts';
import { TemplateStore } from '../templates/store.ts';
import type { Principal } from '../registry/types.ts';
import { checkScore } from '../score/catalogue.ts';
import { ApplyIntake } from './apply-intake.ts';
import { checkFit } from './check-fit.ts';
import { CollectJob } from './collect-job.ts';
import { stopError } from './control.ts';
import { LanePool } from './lane-pool.ts';
import type { CollectSpec } from './messages.ts';
import { PinnedModels } from './pinned-models.ts';
import { checkStage } from './stage.ts';
import { Turns } from './turns.ts';
import type { ChunkRequest, Intake, JobInfo, Jobs, JobSettings, Listeners } from './types.ts';

/** Fits of users' templates that may compute at the same time, at least. */
const TEMPLATE_FITS = 4;

/** Cancelled searches whose next chunk is still awaited. */
const MOST_CANCELLED = 1000;

/**
 * The jobs of one runtime: workers that apply, workers that collect rows and fit, and the queue of fits.
 *
 * @param worker The worker's program; it lies beside the runtime's own in `dist/runtime`.
 */
export function createJobs(
  settings: JobSettings,
  worker: URL = new URL('./worker.mjs', import.meta.url),
  listeners: Listeners = { told: () => undefined, serve: () => undefined },
): Jobs {
  const registry = new Registry(settings.modelFolder);
  const templates = new TemplateFinder(new TemplateStore(settings.templateFolder), {
    unserved: listeners.unserved,
  });
  // A chunk waits for milliseconds, and its sender waits with it: there is no use in refusing any.
  const applying = new LanePool(
    worker,
    settings,
    settings.applyWorkers,
    settings.applyWorkers,
    Infinity,
    false,
    listeners,
  );
  // A job that collects holds a worker that mostly waits; `fits` says how many may compute.
  const collectors = settings.fitWorkers + settings.maxQueued;
  const collecting = new LanePool(worker, settings, collectors, settings.fitWorkers, 0, true, listeners);
  const fits = new Turns(settings.fitWorkers, settings.maxQueued);
  const others = new Turns(settings.fitWorkers, settings.maxQueued);
  // Templates compute in processes of their own, for as long as they are let: built-ins do not wait for them.
  const templateFits = new Turns(Math.max(settings.fitWorkers, TEMPLATE_FITS), settings.maxQueued);
  const turnsOf = (spec: CollectSpec): Turns => {
    if (spec.kind !== 'fit' || spec.spec.mode === 'stage') return others;
    // Built-ins have no version, and are given prepared rows; a container of DSDL computes elsewhere too.
    const { version, prepare } = templates.find(spec.spec.algorithm);
    return version === undefined && prepare !== 'none' ? fits : templateFits;
  };
  const pinned = new PinnedModels();
  const collectJobs = new Map<string, CollectJob>();
  /** Chunks of apply stand for themselves: that no more are to come is kept here. */
  const cancelled = new Set<string>();
  const applyJobs = new Map<ApplyIntake, { info: () => JobInfo; connection: number }>();
  let closing = false;
  let idle: (() => void) | undefined;

  sweepSpool(settings.spoolFolder);
  applying.warm(1);
  collecting.warm(1);

  const ended = () => {
    if (collectJobs.size === 0 && applyJobs.size === 0) idle?.();
  };

  async function collect<Spec>(
    request: ChunkRequest<CollectMeta<Spec>>,
    kind: CollectSpec['kind'],
    check: (spec: Spec) => Promise<void> | void,
  ): Promise<Intake> {
    const { meta, principal } = request;
    checkBytes(request.bytes, settings);
    const key = JSON.stringify([principal.user, meta.job]);
    let job = collectJobs.get(key);
    if (meta.chunk === 0 && !job) {
      if (closing) throw stopError('shutting_down');
      if (!meta.spec) throw new KeplerError('bad_request', 'The first chunk of a search lacks its "spec".');
      await check(meta.spec);
      const spec = { kind, spec: meta.spec } as unknown as CollectSpec;
      job = await CollectJob.open(collecting, turnsOf(spec), settings, spec, request, () => {
        collectJobs.delete(key);
        ended();
      });
      collectJobs.set(key, job);
    }
    if (!job || job.kind !== kind || job.connection !== request.connection) {
      throw new KeplerError(
        'unknown_job',
        'The runtime does not know this search any more: its connection broke, it was idle too long, or the runtime was started anew. Run the search again.',
      );
    }
    return job.chunk(request);
  }

  const check = async (spec: FitSpec, principal: Principal): Promise<void> => {
    if (spec.mode === 'stage') return void checkStage(spec, templates, principal);
    const { template } = checkFit(spec, templates);
    if (!spec.into) return;
    assertMayWrite(modelId(spec.into, principal), principal);
    if (spec.alias !== undefined) checkAliasName(spec.alias);
    if (spec.partialFit) await checkSameAlgorithm(registry, spec, principal, template.name);
  };

  return {
    async apply(request) {
      if (closing) throw stopError('shutting_down');
      checkBytes(request.bytes, settings);
      const { meta, principal } = request;
      if (cancelled.has(JSON.stringify([principal.user, meta.job]))) throw stopError('cancelled');
      const model = await pinned.find(request.connection, meta.spec.model, principal, (...asked) =>
        registry.resolve(...asked),
      );
      const startedAt = Date.now();
      const intake: ApplyIntake = new ApplyIntake(applying, request, model, () => {
        applyJobs.delete(intake);
        ended();
      });
      const info = (): JobInfo => ({
        job: meta.job,
        kind: 'apply',
        state: intake.replying ? 'replying' : 'running',
        user: principal.user,
        app: principal.app,
        sid: meta.search?.sid ?? '',
        search: meta.search?.search,
        model: nameOf(meta.spec.model),
        rows: intake.rows,
        startedAt,
      });
      applyJobs.set(intake, { info, connection: request.connection });
      return intake;
    },

    fit: (request: ChunkRequest<CollectMeta<FitSpec>>) =>
      collect(request, 'fit', (spec) => check(spec, request.principal)),

    score: (request: ChunkRequest<CollectMeta<ScoreSpec>>) =>
      collect(request, 'score', (spec) => void checkScore(spec)),

    sample: (request: ChunkRequest<CollectMeta<SampleSpec>>) => collect(request, 'sample', () => undefined),

    async plan(spec: ApplySpec, principal: Principal): Promise<ApplyPlan> {
      const { id, version } = await registry.resolve(spec.model, principal);
      const manifest = await registry.manifest(id, version);
      return {
        version: { namespace: id.namespace, name: id.name, version },
        algorithm: manifest.algorithm,
        requiredFields: manifest.preparation.fields.map(({ name }) => name),
        ...needsOf(templates.needs(manifest.algorithm, manifest.template?.version)),
      };
    },

    check,

    disconnected(connection) {
      pinned.forget(connection);
      for (const job of collectJobs.values()) {
        if (job.connection === connection) void job.stop('cancelled');
      }
    },

    list: () => [
      ...[...collectJobs.values()].map((job) => job.info()),
      ...[...applyJobs.values()].map(({ info }) => info()),
    ],

    cancel(user, job) {
      const key = JSON.stringify([user, job]);
      const collecting = collectJobs.get(key);
      if (collecting) {
        void collecting.stop('cancelled');
        return true;
      }
      const isIt = ({ info }: { info: () => JobInfo }) => info().job === job && info().user === user;
      if (![...applyJobs.values()].some(isIt)) return false;
      cancelled.add(key);
      const [oldest] = cancelled;
      if (cancelled.size > MOST_CANCELLED) cancelled.delete(oldest);
      return true;
    },

    settingsChanged() {
      applying.renew();
      collecting.renew();
    },

    ready: () => !closing && applying.ready() && collecting.ready(),

    async close(graceMs) {
      closing = true;
      if (collectJobs.size + applyJobs.size > 0) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          new Promise<void>((resolve) => (idle = resolve)),
          new Promise((resolve) => (timer = setTimeout(resolve, graceMs))),
        ]);
        clearTimeout(timer);
      }
      await Promise.all([...collectJobs.values()].map((job) => job.stop('shutting_down')));
      for (const intake of [...applyJobs.keys()]) intake.abort(stopError('shutting_down'));
      await Promise.all([applying.close(), collecting.close()]);
    },
  };
}

function needsOf(needs: readonly Need[]): Pick<ApplyPlan, 'needs'> {
  return needs.length > 0 ? { needs } : {};
}

function nameOf({ namespace, name }: ModelName): string {
  return namespace === 'app' ? `app:${name}` : name;
}

function checkBytes(bytes: number, settings: JobSettings): void {
  if (bytes <= settings.maxChunkBytes) return;
  throw new KeplerError(
    'limit_body',
    `A chunk of ${bytes} bytes is more than the ${settings.maxChunkBytes} that the runtime takes at once (KEPLER_MAX_CHUNK_BYTES). Keep fewer fields with "fields".`,
  );
}

/** @throws KeplerError invalid_arguments where partial_fit would go on with another algorithm's model. */
async function checkSameAlgorithm(
  registry: Registry,
  spec: FitSpec,
  principal: Principal,
  algorithm: string,
): Promise<void> {
  const into = spec.into as NonNullable<FitSpec['into']>;
  try {
    const { id, version } = await registry.resolve({ ...into, explicitNamespace: true }, principal);
    const manifest = await registry.manifest(id, version);
    if (manifest.algorithm === algorithm) return;
    throw new KeplerError(
      'invalid_arguments',
      `partial_fit=t cannot go on with the model "${into.name}": it is a ${manifest.algorithm}, not a ${algorithm}. Name another model, or leave partial_fit out to make a new version.`,
    );
  } catch (error) {
    if (error instanceof KeplerError && error.code === 'model_not_found') return;
    throw error;
  }
}

/** Spools have no name where the system allows it; what lies there is of a runtime that was killed. */
function sweepSpool(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.rows')) rmSync(join(folder, name), { force: true });
  }
}

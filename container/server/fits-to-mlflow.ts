/** Each fit to MLflow, after it: no search waits for it, and none fails for it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MlflowQueue } from '../helpers/registry/index.ts';
import type { LoggedVersion, MlflowSettings, MlflowState } from '../helpers/registry/index.ts';
import type { Registry } from '../registry/registry.ts';
import { ONNX_FILE } from '../registry/types.ts';
import type { Manifest, ModelId } from '../registry/types.ts';
import type { Log } from './log.ts';
import { aliasesOf } from './own-registry.ts';
import type { Run } from './usage/run.ts';

/** A server that is away is no reason to fill the log. */
const COMPLAIN_MS = 60_000;

const OFF: MlflowState = { state: 'off', queued: 0, logged: 0, failed: 0 };

export class FitsToMlflow {
  readonly #registry: Registry;
  readonly #log: Log;
  readonly #queue: MlflowQueue | undefined;
  /** Fits that are not in the queue yet: what it needs of them takes reading the registry. */
  readonly #ended: string;
  #complainedAt = -Infinity;

  /** @param settings absent: fits are not logged there */
  constructor(home: string, settings: MlflowSettings | undefined, registry: Registry, log: Log) {
    this.#registry = registry;
    this.#log = log;
    this.#ended = join(home, 'mlflow', 'ended');
    this.#queue =
      settings &&
      new MlflowQueue({
        folder: join(home, 'mlflow'),
        settings,
        graph: (model) => this.#graph(model),
        told: ({ logged, failed, retrying }) => {
          if (logged) log.info(logged, 'logged to MLflow');
          if (failed)
            log.error({ code: failed.code, err: failed }, 'a fit was not logged to MLflow, and will not be');
          if (retrying) this.#complain(retrying);
        },
      });
    if (this.#queue) this.#takeUp(this.#queue);
  }

  get state(): MlflowState {
    return this.#queue?.state ?? OFF;
  }

  /** Never throws. The fit is written down when it returns: its answer's last bytes are sent after that. */
  record(run: Run): void {
    if (!this.#queue || run.kind !== 'fit' || run.status !== 'ok' || run.model?.version === undefined) return;
    const file = join(this.#ended, `${Date.now()}-${randomUUID()}.json`);
    try {
      writeFileSync(`${file}.part`, JSON.stringify(run), { mode: 0o600 });
      renameSync(`${file}.part`, file);
    } catch (error) {
      this.#log.error({ err: error }, 'a fit could not be written down for MLflow');
    }
    void this.#queueUp(this.#queue, () => run, file);
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }

  /** What a process has left that was killed. One that was queued already makes nothing twice: MLflow is asked for its mark. */
  #takeUp(queue: MlflowQueue): void {
    mkdirSync(this.#ended, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#ended).sort()) {
      const file = join(this.#ended, name);
      if (name.endsWith('.json')) void this.#queueUp(queue, () => readRun(file), file);
      else rmSync(file);
    }
  }

  async #queueUp(queue: MlflowQueue, read: () => Run, file: string): Promise<void> {
    let model: Run['model'];
    try {
      const run = read();
      model = run.model;
      await this.#put(queue, run);
    } catch (error) {
      this.#log.error({ err: error, model }, 'a fit was not logged to MLflow, and will not be');
    }
    rmSync(file, { force: true });
  }

  async #put(queue: MlflowQueue, run: Run): Promise<void> {
    const { version, ...id } = run.model as ModelId & { readonly version: number };
    const [manifest, aliases] = await Promise.all([
      this.#registry.manifest(id, version),
      this.#registry.aliases(id),
    ]);
    await queue.put(toldOf(run, manifest, aliasesOf(aliases, version)));
  }

  async #graph({ version, ...id }: LoggedVersion['model']): Promise<Uint8Array | undefined> {
    if (version === undefined) return undefined;
    const manifest = await this.#registry.manifest(id, version);
    return ONNX_FILE in manifest.files ? this.#registry.file(id, version, ONNX_FILE) : undefined;
  }

  #complain(error: Error): void {
    const now = performance.now();
    if (now - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.#log.warn({ err: error, ...this.state }, 'fits wait to be logged to MLflow');
  }
}

function readRun(file: string): Run {
  return JSON.parse(readFileSync(file, 'utf8')) as Run;
}

function toldOf(run: Run, manifest: Manifest, aliases: readonly string[]): LoggedVersion {
  const { id, version, algorithm, kind, template, target, preparation, lineage, metrics, params } = manifest;
  const endedAt = run.time * 1000;
  return {
    model: { namespace: id.namespace, owner: id.owner, name: id.name, version },
    algorithm,
    kind,
    app: lineage.app,
    user: lineage.user,
    sid: lineage.sid,
    search: lineage.search,
    startedAt: Math.round(endedAt - run.ms),
    endedAt: Math.round(endedAt),
    params,
    metrics,
    aliases,
    fields: preparation.fields.map(({ name, kind: of }) => ({ name, kind: of })),
    ...(target && { target: { name: target.name, ...(target.classes && { classes: target.classes }) } }),
    tags: {
      template: template && `${algorithm}@${template.version}`,
      measured_on: manifest.measuredOn,
      features: manifest.features.length,
      rows: lineage.rows,
    },
  };
}

import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { makeCertificate } from '../../../../container/contract/certificate.ts';
import { connectionOptions, isLocal, untilReachable } from './connection-options.ts';
import { containerState, endInWords, seconds } from './container-state.ts';
import { containerName, createOptions, specDigest, STOP_SECONDS } from './create-options.ts';
import { engineError, type Attempt } from './docker-errors.ts';
import { ensureImage, listImages } from './docker-images.ts';
import { useStats, type RawStats } from './docker-stats.ts';
import { DockerVolumes } from './docker-volumes.ts';
import { lastEndOf, readEvents } from './engine-events.ts';
import { handoverArchive } from './handover.ts';
import { untilReady } from './health.ts';
import { ownLabels, runtimeLabels } from './labels.ts';
import { logLines } from './log-lines.ts';
import { freePort, guessedPort } from './ports.ts';
import type {
  ContainerEngine,
  ContainerEvent,
  ContainerState,
  ContainerStats,
  EngineInfo,
  EngineSettings,
  Handover,
  ImageState,
  LogLine,
  RuntimeSpec,
} from './types.ts';

/** How long a runtime may take until it serves: with thousands of models it reads them first. */
const READY_MS = 30_000;
/** Tries to find a free port before giving up. */
const PORT_TRIES = 5;
const LAST_LINES = 10;

/** Docker, and whatever speaks its API (from 1.41, Docker 20.10, on). */
export class DockerEngine implements ContainerEngine {
  readonly name = 'docker';
  readonly #settings: EngineSettings;
  readonly #docker: Docker;
  readonly #volumes: DockerVolumes;
  readonly #knock: () => Promise<void>;
  #reached = false;

  private constructor(settings: EngineSettings, docker: Docker, knock: () => Promise<void>) {
    this.#knock = knock;
    this.#settings = settings;
    this.#docker = docker;
    this.#volumes = new DockerVolumes(docker, settings.installation);
  }

  /** Reads the settings; speaks with nobody yet. @throws KeplerError configuration */
  static async open(settings: EngineSettings): Promise<DockerEngine> {
    const options = connectionOptions(settings);
    const { Docker } = await import('./engine-client.ts');
    return new DockerEngine(settings, new Docker(options), () => untilReachable(options));
  }

  async check(): Promise<EngineInfo> {
    const [version, info] = await this.#ask({ doing: 'tell its version' }, () =>
      Promise.all([this.#docker.version(), this.#docker.info()]),
    );
    return {
      name: 'docker',
      host: this.#settings.host,
      version: version.Version,
      api: version.ApiVersion,
      cores: info.NCPU,
      memoryBytes: info.MemTotal,
    };
  }

  list(): Promise<ContainerState[]> {
    return this.#ask({ doing: 'list its containers' }, async () => {
      const found = await this.#find();
      const states = await Promise.all(found.map((id) => this.#state(id)));
      return states.sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  inspect(name: string): Promise<ContainerState | undefined> {
    return this.#ask({ doing: `look at the runtime ${name}`, name }, async () => {
      const [id] = await this.#find(name);
      return id === undefined ? undefined : this.#state(id);
    });
  }

  async create(spec: RuntimeSpec, handover: Handover): Promise<ContainerState> {
    const { name, image } = spec;
    this.#checkReach(spec);
    return this.#ask({ doing: `create the runtime ${name}`, name, image, port: spec.port }, async () => {
      if ((await this.#find(name)).length > 0) {
        throw new KeplerError(
          'container_exists',
          `There is a container of the runtime ${name} already. Start it, or remove it first: its models stay.`,
        );
      }
      const { cores } = await this.check();
      await ensureImage(this.#docker, image, { host: this.#settings.host, doing: '', name, image });
      const models = await this.#volumes.models(spec);
      let id: string | undefined;
      try {
        id = await this.#createAndStart(spec, handover, models.name, cores);
        return await this.#ready(name, id);
      } catch (error) {
        // Nothing half made: the next try begins anew. Models of an earlier container stay.
        if (id !== undefined) await this.#docker.getContainer(id).remove({ force: true });
        await this.#volumes.removeHandover(name);
        if (models.isNew) await this.#volumes.remove(models.name);
        throw error;
      }
    });
  }

  start(name: string): Promise<ContainerState> {
    return this.#ask({ doing: `start the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      await unlessAlready(container.start());
      return this.#ready(name, container.id);
    });
  }

  stop(name: string, graceSeconds = STOP_SECONDS): Promise<ContainerState> {
    return this.#ask({ doing: `stop the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      await unlessAlready(container.stop({ t: graceSeconds }));
      return this.#state(container.id);
    });
  }

  restart(name: string, graceSeconds = STOP_SECONDS): Promise<ContainerState> {
    return this.#ask({ doing: `restart the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      await container.restart({ t: graceSeconds });
      return this.#ready(name, container.id);
    });
  }

  remove(name: string, { volumes = false }: { volumes?: boolean } = {}): Promise<void> {
    return this.#ask({ doing: `remove the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      const { volume } = await this.#state(container.id);
      await unlessAlready(container.stop({ t: STOP_SECONDS }));
      await container.remove({ force: true });
      await this.#volumes.removeHandover(name);
      if (volumes) await this.#volumes.remove(volume);
    });
  }

  logs(name: string, lines: number, until = Infinity): Promise<LogLine[]> {
    return this.#ask({ doing: `read the log of the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      return this.#lastLines(container, lines, until);
    });
  }

  stats(name: string): Promise<ContainerStats> {
    return this.#ask({ doing: `measure the runtime ${name}`, name }, async () => {
      const container = await this.#container(name);
      const { HostConfig: limits } = await container.inspect();
      const look = () => container.stats({ stream: false, 'one-shot': true }) as Promise<RawStats>;
      return useStats(look, limits.PidsLimit ?? 0);
    });
  }

  events(since: number, name?: string): Promise<ContainerEvent[]> {
    return this.#ask({ doing: 'tell what happened', name }, () => this.#events(since, name));
  }

  images(): Promise<ImageState[]> {
    return this.#ask({ doing: 'list its images' }, () => listImages(this.#docker));
  }

  async #ask<T>(attempt: Omit<Attempt, 'host'>, work: () => Promise<T>): Promise<T> {
    try {
      if (!this.#reached) await this.#knock();
      this.#reached = true;
      return await work();
    } catch (error) {
      throw engineError(error, { ...attempt, host: this.#settings.host });
    }
  }

  /** The engine's ids of this installation's containers, of one runtime where it is named. */
  async #find(name?: string): Promise<string[]> {
    const label = ownLabels(this.#settings.installation, name);
    const found = await this.#docker.listContainers({ all: true, filters: { label } });
    return found.filter(({ Labels }) => !DockerVolumes.isCourier(Labels)).map(({ Id }) => Id);
  }

  async #container(name: string): Promise<Docker.Container> {
    const [id] = await this.#find(name);
    if (id !== undefined) return this.#docker.getContainer(id);
    throw new KeplerError(
      'container_not_found',
      `Kepler has no container of a runtime ${name} on the engine at ${this.#settings.host}. Those it has: ${await this.#names()}.`,
    );
  }

  async #names(): Promise<string> {
    const names = (await this.list()).map((state) => state.name);
    return names.length > 0 ? names.join(', ') : 'none';
  }

  async #state(id: string): Promise<ContainerState> {
    const info = await this.#docker.getContainer(id).inspect();
    const state = containerState(info);
    const runsAgain = info.State.Running && seconds(info.State.FinishedAt) !== undefined;
    if (!runsAgain) return state;
    return containerState(info, lastEndOf(await this.#events(state.created, state.name)));
  }

  async #events(since: number, name?: string): Promise<ContainerEvent[]> {
    const stream = (await this.#docker.getEvents({
      since,
      until: Date.now() / 1000,
      filters: { type: ['container'], label: ownLabels(this.#settings.installation, name) },
    })) as AsyncIterable<Buffer>;
    let text = '';
    for await (const piece of stream) text += piece.toString();
    return readEvents(text).filter((event) => event.name !== '');
  }

  async #createAndStart(
    wished: RuntimeSpec,
    handover: Handover,
    models: string,
    cores: number,
  ): Promise<string> {
    const { name } = wished;
    // The engine refuses more cores than it has.
    const spec = { ...wished, cpu: Math.min(wished.cpu, cores) };
    const certificate = makeCertificate(containerName(name));
    const archive = await handoverArchive(handover, certificate);
    const secrets = Object.keys(handover.secrets ?? {});
    const handed = await this.#volumes.handOver(name, spec.image, archive);
    for (let tries = 1; ; tries++) {
      const port = spec.port ?? (await this.#choosePort(spec.bind));
      const labels = runtimeLabels(this.#settings.installation, spec, {
        url: `https://${this.#hostFor(spec)}:${port}`,
        fingerprint: certificate.fingerprint,
        volume: models,
        digest: specDigest(wished),
      });
      const container = await this.#docker.createContainer(
        createOptions(spec, { labels, models, handover: handed, port, secrets }),
      );
      try {
        await container.start();
        return container.id;
      } catch (error) {
        await container.remove({ force: true });
        const failure = engineError(error, {
          host: this.#settings.host,
          doing: `start the runtime ${name}`,
          name,
          port,
        });
        const mayRetry = failure.code === 'port_taken' && spec.port === undefined && tries < PORT_TRIES;
        if (!mayRetry) throw failure;
      }
    }
  }

  #choosePort(bind: string): Promise<number> {
    return isLocal(this.#settings.host) ? freePort(bind) : Promise.resolve(guessedPort());
  }

  /** How the search commands of this machine reach what is published there. */
  #hostFor({ bind }: RuntimeSpec): string {
    if (!isLocal(this.#settings.host)) return new URL(this.#settings.host).hostname;
    return bind === '0.0.0.0' ? '127.0.0.1' : bind;
  }

  /** @throws KeplerError configuration */
  #checkReach({ name, bind }: RuntimeSpec): void {
    if (isLocal(this.#settings.host) || !bind.startsWith('127.')) return;
    throw new KeplerError(
      'configuration',
      `The container engine runs on another machine (${this.#settings.host}), where a port bound to ${bind} cannot be reached from here. Set bind in kepler.conf [runtime:${name}] to an address of that machine, or to 0.0.0.0.`,
    );
  }

  /**
   * Waits until it serves. The engine calls it starting until its own first health test, seconds later.
   * @throws KeplerError container_failed, with exit code and last lines
   */
  async #ready(name: string, id: string): Promise<ContainerState> {
    const container = this.#docker.getContainer(id);
    const { url, fingerprint } = await this.#state(id);
    const runs = async () => (await container.inspect()).State.Running;
    if (await untilReady(url, fingerprint, READY_MS, runs)) {
      const state = await this.#state(id);
      return state.state === 'starting' ? { ...state, state: 'running' } : state;
    }
    throw failedToServe(name, await container.inspect(), await this.#lastLines(container, LAST_LINES));
  }

  /** The engine takes the last lines of all, then those before `until`: so more are asked for. */
  async #lastLines(container: Docker.Container, lines: number, until = Infinity): Promise<LogLine[]> {
    const tail = until === Infinity ? lines : lines + 2000;
    const answer = await container.logs({ stdout: true, stderr: true, timestamps: true, tail });
    return logLines(answer)
      .filter(({ time }) => time <= until)
      .slice(-lines);
  }
}

function failedToServe(name: string, info: ContainerInspectInfo, last: readonly LogLine[]): KeplerError {
  const end = containerState(info).lastExit;
  const what = end
    ? endInWords(end, Math.round((info.HostConfig.Memory ?? 0) / 1024 / 1024))
    : {
        reason: `It has not answered within ${READY_MS / 1000} s.`,
        remedy: 'See its log.',
      };
  const log = last.length > 0 ? ` Its last lines: ${last.map(({ line }) => line).join(' | ')}` : '';
  return new KeplerError(
    'container_failed',
    `The runtime ${name} did not come up. ${what.reason} ${what.remedy}${log}`,
    {
      details: { ...(end && { exitCode: end.code, oom: end.oom }), lastLines: last.map(({ line }) => line) },
    },
  );
}

/** The engine answers 304 where there is nothing to do, which its client takes for a failure. */
async function unlessAlready(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 304) throw error;
  }
}

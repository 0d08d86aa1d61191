/** What Kepler asks of a container engine, and what the engine tells of Kepler's own containers. */

export type RuntimeMode = 'prod' | 'dev';

/** `no`; `on-failure`: after a crash, a few times at once and then by the watcher with growing pauses; `always`: also after an orderly end. */
export type RestartPolicy = 'no' | 'on-failure' | 'always';

/** A runtime in a container as kepler.conf `[runtime:<name>]` describes it. Defaults stand in README/kepler.conf.spec. */
export interface RuntimeSpec {
  /** The stanza's name: lower-case letters, digits, `_` and `-`. */
  readonly name: string;
  readonly image: string;
  readonly mode: RuntimeMode;
  /** Cores that it may use; may be a fraction. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** Processes and threads. */
  readonly pids: number;
  readonly restart: RestartPolicy;
  /** Published port; without it a free one is chosen. */
  readonly port?: number;
  /** Address of this machine that the port is bound to: 127.0.0.1 unless told otherwise. */
  readonly bind: string;
  /** Named volume for the models; without it `kepler-<name>-models`. */
  readonly volume?: string;
  /** Where browsers reach it; without it no links are shown. */
  readonly publicUrl?: string;
}

/** What is put into the container as files, in a volume that it can only read; never shown by `docker inspect`. */
export interface Handover {
  /** PEM of each search head's public key, by file name without ending. */
  readonly trustedKeys: Readonly<Record<string, string>>;
  /** Secrets and settings for telemetry, a file each: `hec_token`, `hec_url`, … */
  readonly secrets?: Readonly<Record<string, string>>;
}

export type RunState = 'running' | 'starting' | 'stopped' | 'failed';

/** How a container's process ended. */
export interface LastExit {
  readonly code: number;
  /** The kernel ended it because it went over its memory limit. */
  readonly oom: boolean;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface ContainerState {
  /** The runtime's name: `main` of `[runtime:main]`. */
  readonly name: string;
  /** The engine's id of the container, 12 digits, and its name there. */
  readonly id: string;
  readonly container: string;
  readonly state: RunState;
  /** Why, and what to do, in a sentence each; empty while all is well. */
  readonly reason: string;
  readonly remedy: string;
  readonly image: string;
  readonly mode: RuntimeMode;
  /** For kepler.conf: where the search commands reach it, and its certificate's SHA-256 as `sha256:<hex>`. */
  readonly url: string;
  readonly fingerprint: string;
  readonly limits: { readonly cpu: number; readonly memoryBytes: number; readonly pids: number };
  /** Volume that holds its models. */
  readonly volume: string;
  /** Seconds since 1970; undefined while it has never started. */
  readonly created: number;
  readonly started?: number;
  /** Of the last end, if it has ended: also after the engine has restarted it, as long as the engine remembers. */
  readonly lastExit?: LastExit;
  /** How often the engine has restarted it by policy. */
  readonly restarts: number;
  /** Of the settings that it was created from; differs from `specDigest(spec)` where they have changed since. */
  readonly specDigest: string;
}

export interface ContainerStats {
  /** Cores in use, over the last fifth of a second. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly pids: number;
  readonly pidsLimit: number;
}

export interface LogLine {
  /** Seconds since 1970. */
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface ContainerEvent {
  /** Seconds since 1970. */
  readonly time: number;
  /** The runtime's name. */
  readonly name: string;
  /** The engine's word: create, start, die, oom, kill, stop, destroy, health_status … */
  readonly event: string;
  /** The same in words, with exit code or health. */
  readonly text: string;
  readonly exitCode?: number;
}

export interface ImageState {
  /** `repository:tag`. */
  readonly image: string;
  readonly tag: string;
  readonly id: string;
  readonly version: string;
  readonly about: string;
  /** What it is built on, what was added, and for what kinds of templates: empty for one that was built by hand. */
  readonly base: string;
  readonly packages: string;
  readonly runtimes: string;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly created: number;
}

export interface EngineInfo {
  readonly name: 'docker';
  readonly host: string;
  readonly version: string;
  readonly api: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** One engine. Only containers, volumes and images that bear this installation's labels are ever touched or told of. */
export interface ContainerEngine {
  readonly name: 'docker';
  /** @throws KeplerError engine_unreachable, with the remedy */
  check(): Promise<EngineInfo>;
  list(): Promise<ContainerState[]>;
  /** Undefined where there is none. */
  inspect(name: string): Promise<ContainerState | undefined>;
  /**
   * Creates and starts it, and waits until it is healthy. A container of the name that is there already is an error.
   * @throws KeplerError engine_unreachable, image_missing, port_taken, disk_full, container_exists, container_failed
   */
  create(spec: RuntimeSpec, handover: Handover): Promise<ContainerState>;
  /** Starts a stopped one and waits until it is healthy. @throws KeplerError container_not_found, container_failed, port_taken */
  start(name: string): Promise<ContainerState>;
  /** Ends it in order within the grace period, else by force. */
  stop(name: string, graceSeconds?: number): Promise<ContainerState>;
  restart(name: string, graceSeconds?: number): Promise<ContainerState>;
  /** Removes the container and what was handed over to it; its models only where `volumes` is true. A running one is stopped first. */
  remove(name: string, options?: { readonly volumes?: boolean }): Promise<void>;
  /** The last lines, oldest first. `until` in seconds since 1970. */
  logs(name: string, lines: number, until?: number): Promise<LogLine[]>;
  stats(name: string): Promise<ContainerStats>;
  /** What happened since (seconds since 1970), oldest first, as far as the engine remembers: its last few hundred events. */
  events(since: number, name?: string): Promise<ContainerEvent[]>;
  /** The images that Kepler's builds have made. */
  images(): Promise<ImageState[]>;
}

/** Where the engine is, and for whom. */
export interface EngineSettings {
  /** `unix:///var/run/docker.sock`, `tcp://host:port` or `https://host:port`; from `[engine] host`, else DOCKER_HOST, else the default socket. */
  readonly host: string;
  /** Folder with ca.pem, cert.pem and key.pem, for an engine behind TLS. */
  readonly certificates?: string;
  /** Names this installation in labels, so that two search heads may share an engine: the search head's key id. */
  readonly installation: string;
}

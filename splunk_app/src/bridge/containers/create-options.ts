import { createHash } from 'node:crypto';
import type { ContainerCreateOptions } from 'dockerode';
import { LAYOUT } from './layout.ts';
import type { Labels } from './labels.ts';
import type { RuntimeSpec } from './types.ts';

const MB = 1024 * 1024;
const SECOND = 1e9;
/** How often the engine restarts a crashed container by itself; from then on the watcher does, with growing pauses. */
export const ENGINE_RETRIES = 5;
/** Longer than the runtime's own grace period for jobs, after which it ends by itself. */
export const STOP_SECONDS = 15;

export interface Wiring {
  readonly labels: Labels;
  /** Names of the volumes for models and for what is handed over. */
  readonly models: string;
  readonly handover: string;
  /** The port of this machine. */
  readonly port: number;
  /** Names of the secrets that are handed over, as files. */
  readonly secrets: readonly string[];
}

export const containerName = (runtime: string): string => `kepler-${runtime}`;

/** Tells one configuration from another: what would have to be created anew to take effect. */
export function specDigest(spec: RuntimeSpec): string {
  const sorted = Object.entries(spec)
    .filter(([field, value]) => value !== undefined && field !== 'publicUrl')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

/**
 * How the runtime's container is made: as a user without rights, with nothing to write but its volume and a small /tmp, within
 * its limits. Nothing in it is secret: the engine shows it to everybody who may ask.
 */
export function createOptions(spec: RuntimeSpec, wiring: Wiring): ContainerCreateOptions {
  const port = `${LAYOUT.port}/tcp`;
  const memory = spec.memoryMb * MB;
  return {
    name: containerName(spec.name),
    Image: spec.image,
    User: `${LAYOUT.uid}:${LAYOUT.gid}`,
    Env: Object.entries({ ...environment(spec), ...secretFiles(wiring.secrets) }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    Labels: { ...wiring.labels },
    ExposedPorts: { [port]: {} },
    // The image's own test: there is no shell to run another.
    Healthcheck: { Interval: 10 * SECOND, Timeout: 5 * SECOND, Retries: 3, StartPeriod: 20 * SECOND },
    StopTimeout: STOP_SECONDS,
    HostConfig: {
      PortBindings: { [port]: [{ HostIp: spec.bind, HostPort: String(wiring.port) }] },
      NanoCpus: Math.round(spec.cpu * 1e9),
      Memory: memory,
      // No swap: a runtime that swaps answers nobody, and one that ends is started again.
      MemorySwap: memory,
      PidsLimit: spec.pids,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=64m,mode=1777' },
      Mounts: [
        { Type: 'volume', Source: wiring.models, Target: LAYOUT.home, ReadOnly: false },
        { Type: 'volume', Source: wiring.handover, Target: LAYOUT.handover, ReadOnly: true },
      ],
      RestartPolicy: restartPolicy(spec),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  };
}

function restartPolicy(spec: RuntimeSpec): { Name: string; MaximumRetryCount?: number } {
  if (spec.restart === 'always') return { Name: 'unless-stopped' };
  if (spec.restart === 'on-failure') return { Name: 'on-failure', MaximumRetryCount: ENGINE_RETRIES };
  return { Name: 'no' };
}

/** Where each secret lies: `hec_token` in KEPLER_HEC_TOKEN_FILE. The engine shows the path, not what is there. */
const secretFiles = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [
      `KEPLER_${name.toUpperCase()}_FILE`,
      `${LAYOUT.handover}/${LAYOUT.secrets}/${name}`,
    ]),
  );

/** The runtime's settings. It sees the machine's cores and memory, not its own share: so it is told. */
function environment(spec: RuntimeSpec): Record<string, string> {
  const cores = Math.max(1, Math.floor(spec.cpu));
  return {
    KEPLER_HOME: LAYOUT.home,
    KEPLER_LISTEN: `https://0.0.0.0:${LAYOUT.port}`,
    KEPLER_TRUSTED_KEYS: `${LAYOUT.handover}/${LAYOUT.trustedKeys}`,
    KEPLER_TLS_CERT: `${LAYOUT.handover}/${LAYOUT.certificate}`,
    KEPLER_TLS_KEY: `${LAYOUT.handover}/${LAYOUT.certificateKey}`,
    KEPLER_MODE: spec.mode,
    KEPLER_LOG_LEVEL: spec.mode === 'dev' ? 'debug' : 'info',
    KEPLER_APPLY_WORKERS: String(Math.min(cores, 8)),
    KEPLER_FIT_WORKERS: String(Math.max(1, Math.floor(cores / 2))),
    KEPLER_FIT_THREADS: String(cores),
    // A job that needs more fails with a message; over the container's limit the kernel would end all of them.
    KEPLER_MAX_MEMORY_MB: String(Math.max(64, Math.floor(spec.memoryMb * 0.6))),
  };
}

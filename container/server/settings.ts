/** Settings come from the environment. Every wrong one is reported, all in one error. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseBoolean } from '../contract/boolean.ts';
import { KeplerError } from '../contract/errors.ts';
import { parseQuotas } from '../jobs/quotas.ts';
import type { Quotas } from '../jobs/quotas.ts';
import { readPipSettings } from '../templates/python/pip-settings.ts';
import type { PipSettings } from '../templates/python/pip-settings.ts';
import type { SplunkSettings } from '../helpers/splunk/index.ts';
import type { TelemetrySettings } from '../helpers/telemetry/telemetry.ts';
import type { JobSettings } from '../jobs/types.ts';
import { withDsdlVariables } from './dsdl/environment.ts';
import { peerVariables, readDsdlSettings } from './dsdl/settings.ts';
import type { DsdlSettings } from './dsdl/settings.ts';
import { parseListen } from './listen-address.ts';
import type { ListenAddress } from './listen-address.ts';
import { ownCertificateFiles } from './own-certificate.ts';
import { readRegistrySettings } from './registry-settings.ts';
import type { RegistrySettings } from './registry-settings.ts';
import { readSplunkSettings } from './splunk-settings.ts';
import { readStoredSettings } from './stored-settings.ts';
import type { StoredSettings } from './stored-settings.ts';
import { readTelemetrySettings } from './telemetry/settings.ts';
import { readTraceSettings } from './telemetry/trace-settings.ts';
import type { TraceSettings } from './telemetry/trace-settings.ts';

export interface ServerSettings {
  /** State folder: models/, spool/, runtime.json. */
  readonly home: string;
  readonly listen: readonly ListenAddress[];
  /** Folder of `*.pub.pem`: the search heads whose tokens count. */
  readonly trustedKeys: string;
  /** Of https addresses. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Whether the runtime makes them itself. */
  readonly ownTls: boolean;
  /** Whether to print an enrolment code also where a search head is trusted already. */
  readonly enrol: boolean;
  readonly logLevel: string;
  /** `dev` serves the workbench. */
  readonly mode: 'prod' | 'dev';
  readonly maxConnections: number;
  /** How long running jobs may go on after SIGTERM. */
  readonly graceSeconds: number;
  readonly jobs: JobSettings;
  /** Where each limit comes from: the environment wins over what `keplerctl set` set, that over the default. */
  readonly sources: Record<LimitName, Source>;
  /** Folder whose files are templates: what is saved in it is published. */
  readonly templateSources: string;
  /** How packages of templates in Python are fetched, as the environment says at the moment of asking. */
  readonly pip: () => PipSettings;
  /** Where telemetry goes, as environment and handed-over secrets said at the start. */
  readonly telemetry: TelemetrySettings;
  /** The same at the moment of asking; a sentence for each setting that has become wrong. */
  readonly telemetryNow: (problems: string[]) => TelemetrySettings;
  /** Where traces go; absent where there are none. */
  readonly traces?: TraceSettings;
  /** Where Splunk is for templates that read it, as the environment says at the moment of asking. */
  readonly splunk: () => SplunkSettings;
  /** Which registry templates ask, and where fits are logged besides. */
  readonly registry: RegistrySettings;
  /** Absent where DSDL's wire contract is not answered. */
  readonly dsdl?: DsdlSettings;
  /** Variables that are set. */
  readonly given: ReadonlySet<string>;
}

type Limit = { readonly default: number; readonly about: string };
export type LimitName = Exclude<
  keyof JobSettings,
  'spoolFolder' | 'modelFolder' | 'templateFolder' | 'datasetFolder' | 'python' | 'dsdlPeers' | 'quotas'
>;
type Limits = Readonly<Record<LimitName, Limit>>;

export type Source = 'default' | 'environment' | 'set';

const cores = availableParallelism();

/** Each limit of jobs; its variable is KEPLER_ and the name in capitals: maxRows is KEPLER_MAX_ROWS. */
export const LIMITS: Limits = {
  applyWorkers: { default: Math.min(cores, 8), about: 'threads that apply' },
  fitWorkers: { default: Math.max(1, Math.floor(cores / 2)), about: 'fits that run at the same time' },
  maxQueued: { default: 100, about: 'jobs that may wait' },
  fitThreads: { default: cores, about: 'threads that one fit may use' },
  maxRows: { default: 100_000_000, about: 'rows of one fit' },
  maxColumns: { default: 4000, about: 'columns of a table' },
  maxChunkBytes: { default: 256 * 1024 * 1024, about: 'bytes of one chunk' },
  maxSpoolBytes: {
    default: 50e9,
    about: 'bytes that the rows of one search may take on the disk until they come back',
  },
  maxMemoryMb: { default: 4000, about: 'megabytes of memory for one job' },
  maxFitSeconds: { default: 600, about: 'seconds that training may take' },
  maxModelMb: { default: 256, about: 'megabytes of one model version' },
  maxDistinctValues: { default: 100, about: 'distinct values of a text feature' },
  maxClasses: { default: 100, about: 'classes of a target' },
  templateMemoryMb: { default: 1000, about: "megabytes of memory for the process of a user's template" },
  templateSeconds: { default: 600, about: "seconds that one call of a user's template may take" },
  datasetDays: { default: 30, about: 'days that a staged data set is kept' },
  idleSeconds: { default: 600, about: 'seconds without a chunk after which a job is dropped' },
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Limits that size what is made at the start. */
export const NEED_RESTART: ReadonlySet<LimitName> = new Set([
  'applyWorkers',
  'fitWorkers',
  'maxQueued',
  'idleSeconds',
]);

/** `maxRows` → `KEPLER_MAX_ROWS`. */
export function variableOf(field: string): string {
  return `KEPLER_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** @throws KeplerError configuration, naming every variable that is missing or wrong */
export function readSettings(given: Readonly<Record<string, string | undefined>>): ServerSettings {
  const problems: string[] = [];
  const environment = withDsdlVariables(given, problems);
  const value = (name: string) => environment[name]?.trim() || undefined;
  const required = (name: string, what: string) => {
    const given = value(name);
    if (given === undefined) problems.push(`${name} is not set: ${what}.`);
    return resolve(given ?? '.');
  };
  const whole = (name: string, otherwise: number, least = 1) => {
    const given = value(name);
    if (given === undefined) return otherwise;
    const number = Number(given);
    if (Number.isSafeInteger(number) && number >= least) return number;
    problems.push(`${name} must be a whole number of at least ${least}, not "${given}".`);
    return otherwise;
  };
  const home = required('KEPLER_HOME', 'it names the folder for models and spools');
  const trustedKeys = required(
    'KEPLER_TRUSTED_KEYS',
    "it names the folder with the search heads' public keys, *.pub.pem",
  );
  const listen: ListenAddress[] = [];
  for (const address of (value('KEPLER_LISTEN') ?? `unix:${join(home, 'runtime.sock')}`).split(',')) {
    try {
      listen.push(parseListen(address.trim()));
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      problems.push(error.message);
    }
  }
  const cert = value('KEPLER_TLS_CERT');
  const key = value('KEPLER_TLS_KEY');
  if (Boolean(cert) !== Boolean(key)) {
    problems.push(
      'KEPLER_TLS_CERT and KEPLER_TLS_KEY belong together: files with a certificate and its key.',
    );
  }
  const secure = listen.some(({ kind }) => kind === 'https');
  const logLevel = value('KEPLER_LOG_LEVEL') ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) {
    problems.push(`KEPLER_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${logLevel}".`);
  }
  const mode = value('KEPLER_MODE') ?? 'prod';
  if (mode !== 'prod' && mode !== 'dev') problems.push(`KEPLER_MODE must be prod or dev, not "${mode}".`);
  const telemetry = readTelemetrySettings(environment, home, problems);
  const traces = readTraceSettings(environment, problems);
  readSplunkSettings(environment, problems);
  const registry = readRegistrySettings(environment, problems);
  const dsdl = readDsdlSettings(environment, home, problems);
  const stored = storedIn(home, problems);
  const names = Object.keys(LIMITS) as LimitName[];
  const sourceOf = (name: LimitName): Source =>
    value(variableOf(name)) !== undefined ? 'environment' : Object.hasOwn(stored, name) ? 'set' : 'default';
  const limits = Object.fromEntries(
    names.map((name) => [name, whole(variableOf(name), stored[name] ?? LIMITS[name].default)]),
  ) as Record<LimitName, number>;
  const settings: ServerSettings = {
    home,
    listen,
    trustedKeys,
    ...(secure && {
      tls: cert && key ? { cert: resolve(cert), key: resolve(key) } : ownCertificateFiles(home),
    }),
    ownTls: secure && !(cert && key),
    enrol: parseBoolean(value('KEPLER_ENROL') ?? 'false') === true,
    logLevel,
    mode: mode === 'dev' ? 'dev' : 'prod',
    maxConnections: whole('KEPLER_MAX_CONNECTIONS', 2000),
    graceSeconds: whole('KEPLER_GRACE_SECONDS', 10, 0),
    sources: Object.fromEntries(names.map((name) => [name, sourceOf(name)])) as Record<LimitName, Source>,
    templateSources: resolve(value('KEPLER_TEMPLATES') ?? join(home, 'templates-src')),
    pip: () => readPipSettings(environment),
    telemetry,
    telemetryNow: (problems) => readTelemetrySettings(environment, home, problems),
    traces,
    splunk: () => readSplunkSettings(environment, []),
    registry,
    ...(dsdl && { dsdl }),
    given: new Set(Object.keys(environment).filter((name) => value(name) !== undefined)),
    jobs: {
      ...limits,
      spoolFolder: join(home, 'spool'),
      modelFolder: join(home, 'models'),
      templateFolder: join(home, 'templates'),
      python: { command: value('KEPLER_PYTHON') ?? 'python3', environments: join(home, 'environments') },
      datasetFolder: join(home, 'datasets'),
      dsdlPeers: { variables: peerVariables(environment), secrets: join(home, 'secrets') },
      quotas: quotasIn(value('KEPLER_QUOTAS'), problems),
    },
  };
  if (problems.length > 0) throw new KeplerError('configuration', problems.join(' '));
  return settings;
}

function storedIn(home: string, problems: string[]): StoredSettings {
  try {
    return readStoredSettings(home);
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    problems.push(error.message);
    return {};
  }
}

function quotasIn(text: string | undefined, problems: string[]): Quotas {
  try {
    return parseQuotas(text ?? '');
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    problems.push(error.message);
    return {};
  }
}

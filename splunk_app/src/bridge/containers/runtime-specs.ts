import { join } from 'node:path';
import { parseBoolean } from '../../../../container/contract/boolean.ts';
import { didYouMean } from '../../../../container/contract/did-you-mean.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { KEPLER_VERSION } from '../../../../container/contract/version.ts';
import { readConf, type Conf } from '../conf-file.ts';
import type { EngineSettings, RestartPolicy, RuntimeMode, RuntimeSpec } from './types.ts';

type Settings = ReadonlyMap<string, string>;

/** A `[runtime:<name>]` of kepler.conf: one that Kepler runs in a container, or one that runs elsewhere. */
export type ConfiguredRuntime =
  | {
      readonly engine: 'docker';
      readonly name: string;
      readonly settings: Settings;
      readonly spec: RuntimeSpec;
      /** Somebody removed its container and has not started it since: nobody but a person makes it again. */
      readonly removed: boolean;
    }
  | { readonly engine: 'none'; readonly name: string; readonly settings: Settings };

export const DEFAULT_IMAGE = `kepler-cpu:${KEPLER_VERSION}`;
const DEFAULT_SOCKET = 'unix:///var/run/docker.sock';
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** kepler.conf of the app: `local` over `default`. */
export function readKeplerConf(splunkHome: string): Conf {
  const app = join(splunkHome, 'etc', 'apps', 'kepler');
  return readConf(join(app, 'default', 'kepler.conf'), join(app, 'local', 'kepler.conf'));
}

/** Where the engine is: `[engine]`, else the environment, else Docker's own socket. */
export function engineSettings(
  conf: Conf,
  env: Readonly<Record<string, string | undefined>>,
  installation: string,
): EngineSettings {
  const engine: Settings = conf.get('engine') ?? new Map();
  const certificates = engine.get('certificates') || env.DOCKER_CERT_PATH || undefined;
  return {
    host: engine.get('host') || env.DOCKER_HOST || DEFAULT_SOCKET,
    ...(certificates && { certificates }),
    installation,
  };
}

/** Every runtime of kepler.conf. @throws KeplerError configuration, naming all that is wrong */
export function configuredRuntimes(conf: Conf): ConfiguredRuntime[] {
  const problems: string[] = [];
  const runtimes = [...conf]
    .filter(([stanza]) => stanza.startsWith('runtime:'))
    .map(([stanza, settings]) => readRuntime(stanza.slice('runtime:'.length), settings, problems));
  if (problems.length > 0) throw new KeplerError('configuration', problems.join(' '));
  return runtimes;
}

/**
 * What `[runtime:<name>]` describes, with `changes` (as `keplerctl runtime start` takes them) over it.
 * @throws KeplerError configuration, naming all that is wrong
 */
export function runtimeSpec(name: string, settings: Settings, changes: Settings = new Map()): RuntimeSpec {
  const problems: string[] = [];
  const spec = readSpec(name, new Map([...settings, ...changes]), problems);
  if (problems.length > 0) throw new KeplerError('configuration', problems.join(' '));
  return spec;
}

function readRuntime(name: string, settings: Settings, problems: string[]): ConfiguredRuntime {
  const engine = settings.get('engine') || 'none';
  if (engine === 'docker') {
    const removed = parseBoolean(settings.get('removed') ?? '') === true;
    return { engine, name, settings, spec: readSpec(name, settings, problems), removed };
  }
  if (engine !== 'none') problems.push(choice(name, 'engine', engine, ['none', 'docker']));
  return { engine: 'none', name, settings };
}

function readSpec(name: string, settings: Settings, problems: string[]): RuntimeSpec {
  const text = (key: string): string | undefined => settings.get(key) || undefined;
  const where = `kepler.conf [runtime:${name}]`;
  const number = (key: string, standard: number, least: number, most: number, whole = true): number => {
    const given = text(key);
    if (given === undefined) return standard;
    const value = Number(given);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    problems.push(
      `${key} = ${given} in ${where} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
    );
    return standard;
  };
  const oneOf = <T extends string>(key: string, standard: T, allowed: readonly T[]): T => {
    const given = text(key);
    if (given === undefined) return standard;
    if (allowed.includes(given as T)) return given as T;
    problems.push(choice(name, key, given, allowed));
    return standard;
  };
  if (!NAME.test(name)) {
    problems.push(
      `[runtime:${name}] in kepler.conf cannot be the name of a container: use up to 32 lower-case letters, digits, _ and -.`,
    );
  }
  const image = text('image') ?? DEFAULT_IMAGE;
  if (!/^[\w][\w.:/@-]{0,254}$/.test(image)) problems.push(`image = ${image} in ${where} names no image.`);
  const bind = text('bind') ?? '127.0.0.1';
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(bind)) {
    problems.push(`bind = ${bind} in ${where} must be an IPv4 address of the engine's machine, or 0.0.0.0.`);
  }
  const volume = text('volume');
  if (volume !== undefined && !/^[A-Za-z0-9][\w.-]{1,63}$/.test(volume)) {
    problems.push(`volume = ${volume} in ${where} must be the name of a volume (not a path).`);
  }
  const mode = oneOf<RuntimeMode>('mode', 'prod', ['prod', 'dev']);
  const port = text('port') === undefined ? undefined : number('port', 0, 1, 65_535);
  const publicUrl = text('public_url');
  return {
    name,
    image,
    mode,
    cpu: number('cpu', 2, 0.1, 1024, false),
    memoryMb: number('memory_mb', 4096, 128, 16_777_216),
    pids: number('pids', 256, 32, 1_000_000),
    // What crashes while it is being worked on is to be looked at, not to be started again.
    restart: oneOf<RestartPolicy>('restart', mode === 'dev' ? 'no' : 'on-failure', [
      'no',
      'on-failure',
      'always',
    ]),
    bind,
    ...(port !== undefined && { port }),
    ...(volume !== undefined && { volume }),
    ...(publicUrl !== undefined && { publicUrl }),
  };
}

function choice(runtime: string, key: string, given: string, allowed: readonly string[]): string {
  const meant = didYouMean(given, allowed);
  return `${key} = ${given} in kepler.conf [runtime:${runtime}] must be ${allowed.join(' or ')}${meant ? ` (did you mean ${meant}?)` : ''}.`;
}

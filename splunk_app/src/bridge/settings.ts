import { join } from 'node:path';
import { clipped } from '../../../container/contract/clipped.ts';
import { didYouMean } from '../../../container/contract/did-you-mean.ts';
import { KeplerError } from '../../../container/contract/errors.ts';
import { parseAddress, type RuntimeAddress } from './address.ts';
import { readConf } from './conf-file.ts';

/** How commands reach the runtime; see README/kepler.conf.spec. */
export interface BridgeSettings {
  readonly splunkHome: string;
  readonly address: RuntimeAddress;
  /** Milliseconds to open a connection. */
  readonly connectMs: number;
  /** Milliseconds without a byte from the runtime while a reply to `apply` or a short question is due. */
  readonly replyMs: number;
  /** The same for the last reply of `fit`, `score` and `sample`, which waits for the queue and the work. */
  readonly workMs: number;
  readonly maxChunkBytes: number;
}

const STANZA = 'runtime:';

/** What somebody is told who names a runtime that kepler.conf does not have. */
export function noSuchRuntime(name: string, known: readonly string[]): string {
  const near = didYouMean(name, known);
  return `kepler.conf has no [runtime:${clipped(name)}].${near ? ` Did you mean ${near}?` : ''} There are: ${known.join(', ') || 'none'}.`;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws KeplerError configuration */
export function splunkHomeOf(env: Environment): string {
  const splunkHome = env.SPLUNK_HOME;
  if (!splunkHome) {
    throw new KeplerError(
      'configuration',
      "SPLUNK_HOME is not set, so the runtime's address and this search head's key cannot be found. splunkd sets it; by hand: export SPLUNK_HOME=<folder>.",
    );
  }
  return splunkHome;
}

/**
 * Reads `kepler.conf` `[runtime:<name>]` and, for `main`, the environment, which wins. Throws `configuration`, saying what to
 * set.
 */
export function readSettings(environment: Environment, name = 'main'): BridgeSettings {
  const splunkHome = splunkHomeOf(environment);
  const env = name === 'main' ? environment : {};
  const app = join(splunkHome, 'etc', 'apps', 'kepler');
  const conf = readConf(join(app, 'default', 'kepler.conf'), join(app, 'local', 'kepler.conf'));
  const runtime = conf.get(`runtime:${name}`) ?? new Map<string, string>();
  if (name !== 'main' && !conf.has(`runtime:${name}`)) {
    const known = [...conf.keys()].filter((stanza) => stanza.startsWith(STANZA));
    throw new KeplerError(
      'configuration',
      noSuchRuntime(
        name,
        known.map((stanza) => stanza.slice(STANZA.length)),
      ),
    );
  }
  const url = env.KEPLER_RUNTIME_URL || runtime.get('url');
  if (!url) {
    if (runtime.get('engine') === 'docker') {
      throw new KeplerError(
        'configuration',
        `The runtime ${name} has no container. An administrator creates and starts it: | keplerctl runtime start ${name}`,
      );
    }
    throw new KeplerError(
      'configuration',
      `No runtime is set. Write url = unix:///<socket> or https://<host>:<port> (with fingerprint) below [runtime:${name}] in ${join(app, 'local', 'kepler.conf')}${name === 'main' ? ', or set KEPLER_RUNTIME_URL' : ''}.`,
    );
  }
  const seconds = (name: string, standard: number): number => 1000 * positive(runtime, name, standard);
  return {
    splunkHome,
    address: parseAddress(url, env.KEPLER_RUNTIME_FINGERPRINT || runtime.get('fingerprint') || undefined),
    connectMs: seconds('connect_timeout', 5),
    replyMs: seconds('reply_timeout', 120),
    workMs: seconds('work_timeout', 3600),
    maxChunkBytes: Math.min(positive(runtime, 'max_chunk_mb', 256), 1024) << 20,
  };
}

function positive(settings: ReadonlyMap<string, string>, name: string, standard: number): number {
  const text = settings.get(name);
  if (text === undefined || text === '') return standard;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new KeplerError(
    'configuration',
    `${name} = ${text} in kepler.conf [runtime:main] must be a number above 0 (default ${standard}).`,
  );
}

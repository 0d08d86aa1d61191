import { createHash } from 'node:crypto';
import { KeplerError } from '../../../container/contract/errors.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { ConfiguredRuntime } from '../bridge/containers/runtime-specs.ts';
import type { Splunkd } from '../bridge/splunkd.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { SystemRuntimes } from './system-runtimes.ts';
import type { WatchEvent } from './watch.ts';

const REALM = 'kepler';
/** What is handed on, by its name in storage/passwords, besides the tokens of DSDL's containers. */
const HEC_TOKEN = 'hec_token';
/** Settings of kepler.conf's [hec] that go with the token, as `hec_<name>`; an empty one takes back what was there. */
const HEC_SETTINGS: readonly string[] = ['url', 'index', 'metrics_index', 'fingerprint', 'ack'];
/** Settings of kepler.conf's [dsdl:<name>] that go with the token, as `dsdl_<name>_<setting>`. */
const DSDL_SETTINGS: readonly string[] = ['url', 'fingerprint', 'verify', 'seconds'];
const DSDL_NAME = /^[a-z][a-z0-9_]{0,31}$/;
/** A runtime whose folder was lost gets its secrets again after so long. */
const REPEAT_S = 3600;

export type Secrets = Readonly<Record<string, string>>;

/**
 * Kepler's secrets in storage/passwords, which only the system user and administrators may read; empty where there is none.
 * @param names the ones that are asked for
 */
export async function readSecrets(splunkd: Splunkd, names: readonly string[]): Promise<Secrets> {
  const path = `/servicesNS/nobody/kepler/storage/passwords?count=0&search=${encodeURIComponent(`realm=${REALM}`)}`;
  const { status, text } = await splunkd.ask('GET', path);
  if (status !== 200) {
    throw new KeplerError('configuration', `splunkd did not give out Kepler's passwords (status ${status}).`);
  }
  const { entry = [] } = JSON.parse(text) as {
    entry?: { content: { realm?: string; username?: string; clear_password?: string } }[];
  };
  const secrets: Record<string, string> = Object.fromEntries(names.map((name) => [name, '']));
  for (const { content } of entry) {
    const { realm, username = '', clear_password: value } = content;
    if (realm === REALM && names.includes(username) && value) secrets[username] = value;
  }
  return secrets;
}

export interface HandingOver {
  readonly splunkd: Splunkd;
  readonly system: SystemRuntimes;
  readonly runtimes: readonly ConfiguredRuntime[];
  /** The stanza [hec] of kepler.conf. */
  readonly hec: ReadonlyMap<string, string> | undefined;
  /** The stanzas [dsdl:<name>], by name. */
  readonly dsdl: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly checkpoint: Checkpoint;
  readonly now: number;
  report(event: WatchEvent): void;
}

/** Hands the secrets to every runtime that has not got them yet. */
export async function handOverSecrets(work: HandingOver): Promise<void> {
  const { splunkd, system, checkpoint, now } = work;
  const reachable = work.runtimes.filter(({ settings }) => settings.get('url'));
  if (reachable.length === 0) return;
  const tokens = [HEC_TOKEN, ...[...work.dsdl.keys()].map((name) => `dsdl_${name}_token`)];
  const stored = await readSecrets(splunkd, tokens);
  const where = HEC_SETTINGS.map((name) => [`hec_${name}`, work.hec?.get(name) ?? '']);
  const current: Secrets = { ...Object.fromEntries(where), ...dsdlSettings(work.dsdl), ...stored };
  const kept = tokens.filter((name) => current[name] !== '');
  for (const { name, settings } of reachable) {
    const before = checkpoint.handed[name];
    // A container whose stanza is gone is forgotten there too.
    const gone = (before?.dsdl ?? []).filter((container) => !work.dsdl.has(container));
    const secrets = { ...emptied(gone), ...current };
    const digest = digestOf(current, settings.get('url') ?? '', settings.get('fingerprint') ?? '');
    if (before?.digest === digest && now - before.at < REPEAT_S) continue;
    // What was handed over once is taken back; where nothing ever was, there is nothing to say.
    if (kept.length === 0 && !before) continue;
    try {
      await system.with(name, (runtime) => runtime.ask('PUT', PATHS.secrets, secrets, { repeatable: true }));
      if (kept.length > 0) checkpoint.handed[name] = { digest, at: now, ...dsdlNames(work.dsdl) };
      else delete checkpoint.handed[name];
      delete checkpoint.reported[`secrets:${name}`];
      // Once an hour it is given the same again, which is no news.
      if (before?.digest === digest) continue;
      const message =
        kept.length > 0
          ? `The runtime ${name} was given ${kept.join(', ')}.`
          : `The secrets of the runtime ${name} were taken back: Splunk keeps none any more.`;
      work.report({ time: now, level: 'INFO', event: 'secrets_handed_over', runtime: name, message });
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      if (checkpoint.reported[`secrets:${name}`] !== error.code) {
        checkpoint.reported[`secrets:${name}`] = error.code;
        work.report({
          time: now,
          level: 'WARN',
          event: 'secrets_not_handed_over',
          runtime: name,
          message: error.message,
          details: { code: error.code },
        });
      }
    }
  }
}

/** The stanzas [dsdl:<name>] of kepler.conf, by name; one whose name no search could write is no container. */
export function dsdlStanzas(
  conf: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    [...conf]
      .filter(([stanza]) => stanza.startsWith('dsdl:') && DSDL_NAME.test(stanza.slice(5)))
      .map(([stanza, settings]) => [stanza.slice(5), settings]),
  );
}

function dsdlSettings(stanzas: HandingOver['dsdl']): Secrets {
  return Object.fromEntries(
    [...stanzas].flatMap(([name, settings]) =>
      DSDL_SETTINGS.map((setting) => [`dsdl_${name}_${setting}`, settings.get(setting) ?? '']),
    ),
  );
}

function emptied(names: readonly string[]): Secrets {
  return Object.fromEntries(
    names.flatMap((name) => ['token', ...DSDL_SETTINGS].map((setting) => [`dsdl_${name}_${setting}`, ''])),
  );
}

function dsdlNames(stanzas: HandingOver['dsdl']): { dsdl?: string[] } {
  return stanzas.size > 0 ? { dsdl: [...stanzas.keys()] } : {};
}

/** Tells whether something changed, without keeping it. */
function digestOf(secrets: Secrets, ...more: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([secrets, ...more]))
    .digest('hex')
    .slice(0, 16);
}

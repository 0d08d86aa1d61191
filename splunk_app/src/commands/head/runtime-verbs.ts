import { parseBoolean } from '../../../../container/contract/boolean.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { KEPLER_VERSION } from '../../../../container/contract/version.ts';
import { imageOfTag } from '../../bridge/containers/docker-images.ts';
import { bringUp, headHandover, mustBeCreatedAnew } from '../../bridge/containers/lifecycle.ts';
import { runtimeSpec } from '../../bridge/containers/runtime-specs.ts';
import type { ContainerEngine, ContainerState } from '../../bridge/containers/types.ts';
import { configured } from './engine.ts';
import { recordsOf } from './head.ts';
import type { Change, Head, Question } from './head.ts';
import { named } from './runtimes.ts';

/** What `runtime start` takes, and what kepler.conf calls it. */
const KEYS: Readonly<Record<string, string>> = {
  image: 'image',
  mode: 'mode',
  cpu: 'cpu',
  memory: 'memory_mb',
  pids: 'pids',
  port: 'port',
};

/** Creates, or starts, a runtime's container; what was said of it is kept in kepler.conf, with its address. */
export async function startRuntime(head: Head, { name = '', options }: Question): Promise<Change[]> {
  const all = configured(head);
  const stanza = all.conf.get(`runtime:${name}`) ?? new Map<string, string>();
  const changes = new Map<string, string>();
  for (const [option, value] of Object.entries(options)) {
    if (Object.hasOwn(KEYS, option))
      changes.set(KEYS[option], option === 'memory' ? megabytes(value) : value);
  }
  // What is wrong with it is said before the engine is asked.
  runtimeSpec(name, stanza, changes);
  const engine = await all.engine();
  const image = changes.get('image');
  if (image !== undefined) changes.set('image', imageOfTag(await engine.images(), image, KEPLER_VERSION));
  const spec = runtimeSpec(name, stanza, changes);
  const before = await engine.inspect(name);
  if (before && isUp(before) && mustBeCreatedAnew(before, spec)) await assertIdle(head, name, options);
  const { done, state } = await bringUp(engine, spec, headHandover(head.splunkHome));
  const settings: Record<string, string> = {
    engine: 'docker',
    ...Object.fromEntries(changes),
    url: state.url,
    fingerprint: state.fingerprint,
    ...(stanza.has('removed') && { removed: 'false' }),
  };
  const differs = Object.entries(settings).filter(([key, value]) => stanza.get(key) !== value);
  if (differs.length > 0) await writeConf(head, name, settings, `The container runs (${done})`);
  return [
    { object: `runtime ${name}`, change: done, before: before?.state ?? null, after: state.state },
    ...differs.map(([key, value]) => ({
      object: `kepler.conf [runtime:${name}]`,
      change: key,
      before: stanza.get(key) ?? null,
      after: value,
    })),
  ];
}

export function stopRuntime(head: Head, question: Question): Promise<Change[]> {
  return changed(head, question, 'stopped', (engine, name) => engine.stop(name));
}

export function restartRuntime(head: Head, question: Question): Promise<Change[]> {
  return changed(head, question, 'restarted', (engine, name) => engine.restart(name));
}

/** Removes the container, and what of kepler.conf was about it alone. */
export async function removeRuntime(head: Head, question: Question): Promise<Change[]> {
  const { name = '' } = question;
  const done = await changed(head, question, 'removed; its models stay', (engine, name) =>
    engine.remove(name),
  );
  // Nothing listens there any more; and the watcher is not to create again what somebody has removed.
  await writeConf(head, name, { url: '', fingerprint: '', removed: 'true' }, 'The container is removed');
  return done;
}

/** Writes into `[runtime:<name>]`. @throws KeplerError with what was done by then, and what is to be written by hand */
async function writeConf(
  head: Head,
  name: string,
  settings: Readonly<Record<string, string>>,
  done: string,
): Promise<void> {
  try {
    await head.splunkd.writeConf(`runtime:${name}`, settings);
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
    throw new KeplerError(
      error.code,
      `${done}, but kepler.conf could not be written. ${error.message} By hand, below [runtime:${name}] in local/kepler.conf: ${lines.join(', ')}.`,
      { cause: error },
    );
  }
}

async function changed(
  head: Head,
  { name = '', options }: Question,
  change: string,
  deed: (engine: ContainerEngine, name: string) => Promise<ContainerState | void>,
): Promise<Change[]> {
  const all = configured(head);
  const runtime = named(all.runtimes, name);
  if (runtime.engine !== 'docker') {
    throw new KeplerError(
      'invalid_arguments',
      `The runtime ${name} was not started by Kepler (engine = none in kepler.conf): stop and start it where it runs.`,
    );
  }
  const engine = await all.engine();
  const before = await engine.inspect(name);
  if (!before)
    throw new KeplerError(
      'container_not_found',
      `The runtime ${name} has no container. | keplerctl runtime start ${name} creates it.`,
    );
  if (isUp(before)) await assertIdle(head, name, options);
  const after = await deed(engine, name);
  return [{ object: `runtime ${name}`, change, before: before.state, after: after ? after.state : null }];
}

/** The engine calls it starting until its first health test, long after it has taken its first job. */
const isUp = ({ state }: ContainerState): boolean => state === 'running' || state === 'starting';

/** @throws KeplerError invalid_arguments where searches would be ended, unless force=true is given */
async function assertIdle(head: Head, name: string, { force = 'f' }: Question['options']): Promise<void> {
  if (parseBoolean(force)) return;
  let jobs: Record<string, unknown>[];
  try {
    jobs = recordsOf(await head.table(head.runtime(name), PATHS.read, { noun: 'jobs', options: {} }, true));
  } catch (error) {
    // One that does not answer has nothing to lose.
    if (error instanceof KeplerError) return;
    throw error;
  }
  if (jobs.length === 0) return;
  const list = jobs
    .slice(0, 5)
    .map(
      ({ kind, user, model }) => `${String(kind)} of ${String(user)}${model ? ` (${String(model)})` : ''}`,
    );
  throw new KeplerError(
    'invalid_arguments',
    `${jobs.length} ${jobs.length === 1 ? 'job runs' : 'jobs run'} in ${name}: ${list.join(', ')}${jobs.length > 5 ? ' …' : ''}. They would end without a result. Wait for them, or say force=true.`,
  );
}

/** `4g`, `512m`, or megabytes, as megabytes. Anything else stays as it is, for the check to name. */
function megabytes(text: string): string {
  const match = /^(\d+(?:\.\d+)?)([gm])b?$/i.exec(text.trim());
  if (!match) return text;
  return String(Math.round(Number(match[1]) * (match[2].toLowerCase() === 'g' ? 1024 : 1)));
}

import { parseBoolean } from '../../../../container/contract/boolean.ts';
import { fieldsOf } from '../../../../container/contract/catalogue/usage.ts';
import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Row } from '../../../../container/contract/catalogue/rows.ts';
import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { noSuchRuntime } from '../../bridge/settings.ts';
import type { ConfiguredRuntime } from '../../bridge/containers/runtime-specs.ts';
import type { ContainerState, ContainerStats } from '../../bridge/containers/types.ts';
import { configured } from './engine.ts';
import type { Configured } from './engine.ts';
import { recordsOf } from './head.ts';
import type { Head, Question } from './head.ts';

/** Events are told of since so long ago: the engine remembers a few hundred anyway. */
const EVENTS_S = 7 * 86_400;

/** The runtimes of kepler.conf: what their containers do, and what they say themselves. */
export async function runtimes(head: Head, noun: Noun, { name, options }: Question): Promise<ResultTable> {
  const all = configured(head);
  if (options.quotas !== undefined && parseBoolean(options.quotas)) {
    const request = { noun: 'runtimes', options: { quotas: options.quotas } };
    return head.table(head.runtime(name), PATHS.read, request, true);
  }
  const chosen = name === undefined ? all.runtimes : [named(all.runtimes, name)];
  if (options.logs !== undefined) return logs(noun, all, one(chosen, 'logs'), options);
  if (options.events !== undefined) return events(noun, all, one(chosen, 'events'), options);
  return tableOf(noun.fields, await Promise.all(chosen.map((runtime) => rowOf(head, all, runtime))));
}

/** @throws KeplerError invalid_arguments */
export function named(runtimes: readonly ConfiguredRuntime[], name: string): ConfiguredRuntime {
  const found = runtimes.find((runtime) => runtime.name === name);
  if (found) return found;
  throw new KeplerError(
    'invalid_arguments',
    noSuchRuntime(
      name,
      runtimes.map((runtime) => runtime.name),
    ),
  );
}

function one(chosen: readonly ConfiguredRuntime[], option: string): ConfiguredRuntime {
  if (chosen.length === 1) {
    if (chosen[0].engine === 'docker') return chosen[0];
    throw new KeplerError(
      'invalid_arguments',
      `${option}= is for runtimes that Kepler starts; ${chosen[0].name} runs elsewhere: look there.`,
    );
  }
  throw new KeplerError(
    'invalid_arguments',
    `${option}= needs the runtime's name: | kepler runtimes <name> ${option}=100`,
  );
}

async function logs(noun: Noun, all: Configured, { name }: ConfiguredRuntime, options: Question['options']) {
  const lines = await (await all.engine()).logs(name, Number(options.logs));
  const rows = lines.map(({ time, stream, line }) => ({ _time: time, stream, line }));
  return tableOf(fieldsOf(noun, { logs: options.logs }), rows);
}

async function events(
  noun: Noun,
  all: Configured,
  { name }: ConfiguredRuntime,
  options: Question['options'],
) {
  const found = await (await all.engine()).events(Date.now() / 1000 - EVENTS_S, name);
  const rows = found
    .slice(-Number(options.events))
    .map(({ time, event, text }) => ({ _time: time, event, text }));
  return tableOf(fieldsOf(noun, { events: options.events }), rows);
}

async function rowOf(head: Head, all: Configured, runtime: ConfiguredRuntime): Promise<Row> {
  const { name, settings } = runtime;
  const url = (name === 'main' && head.env.KEPLER_RUNTIME_URL) || settings.get('url') || '';
  const base: Row = {
    name,
    url,
    engine: runtime.engine,
    public_url: settings.get('public_url'),
    may_change: head.holds('edit_kepler_runtimes'),
  };
  const container = runtime.engine === 'docker' ? await containerOf(all, runtime) : {};
  const stopped =
    runtime.engine === 'docker' && container.state !== 'running' && container.state !== 'starting';
  if (stopped) return { ...base, ...container };
  if (url === '') {
    return {
      ...base,
      ...container,
      state: 'not connected',
      reason: 'kepler.conf does not say where it listens.',
      remedy: `Open Setup, or: | keplerctl enrol ${name} url=https://<host>:<port> code=<one-time code>`,
    };
  }
  return { ...base, ...(await ownWords(head, name, container)) };
}

/** What the runtime says of itself, over what its container is. */
async function ownWords(head: Head, name: string, container: Row): Promise<Row> {
  try {
    const table = await head.table(head.runtime(name), PATHS.read, { noun: 'runtimes', options: {} }, true);
    const [self = {}] = recordsOf(table);
    const said = Object.fromEntries(Object.entries(self).filter(([, value]) => value !== null));
    // Who answers has started, whatever the engine's next health test will find.
    const state = container.state === 'failed' ? 'failed' : 'running';
    return { ...said, ...container, state, ...(container.reason === '' && { reason: null }) };
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    const starting = container.state === 'starting';
    return {
      ...container,
      state: starting ? 'starting' : 'unreachable',
      reason: error.message,
      remedy: remedyOf(error, name),
    };
  }
}

function remedyOf({ code }: KeplerError, name: string): string {
  switch (code) {
    case 'unauthenticated':
      return `Give it this search head's key: | keplerctl enrol ${name} url=… code=<one-time code>`;
    case 'runtime_untrusted':
      return `Enrol it anew, if it was given a new certificate: | keplerctl enrol ${name} url=… code=<one-time code>`;
    case 'contract_mismatch':
    case 'not_found':
      return 'Install the same version of Kepler on search head and runtime.';
    default:
      return `Start it where it runs, or correct url in kepler.conf [runtime:${name}].`;
  }
}

async function containerOf(all: Configured, { name, ...more }: ConfiguredRuntime): Promise<Row> {
  try {
    const engine = await all.engine();
    const state = await engine.inspect(name);
    if (!state) {
      return {
        state: 'stopped',
        reason:
          more.engine === 'docker' && more.removed
            ? 'Its container was removed; its models were kept.'
            : 'It has no container yet.',
        remedy: `Create and start it: | keplerctl runtime start ${name}`,
      };
    }
    const stats = state.state === 'running' ? await engine.stats(name).catch(() => undefined) : undefined;
    return containerRow(state, stats);
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    return { state: 'unreachable', reason: error.message, remedy: 'See | kepler health check=engine.' };
  }
}

function containerRow(state: ContainerState, stats: ContainerStats | undefined): Row {
  return {
    state: state.state,
    reason: state.reason,
    remedy: state.remedy,
    container: state.id,
    image: state.image,
    mode: state.mode,
    cpu: stats?.cpu,
    cpu_limit: state.limits.cpu,
    memory_bytes: stats?.memoryBytes,
    memory_limit_bytes: state.limits.memoryBytes,
    pids: stats?.pids,
    pids_limit: state.limits.pids,
    started: state.started,
    exit_code: state.lastExit?.code,
    oom: state.lastExit?.oom,
    restarts: state.restarts,
  };
}

import { KeplerError } from '../../../container/contract/errors.ts';
import { isCrash } from '../bridge/containers/container-state.ts';
import { specDigest } from '../bridge/containers/create-options.ts';
import type { ConfiguredRuntime } from '../bridge/containers/runtime-specs.ts';
import type { ContainerEngine, ContainerState, Handover, RuntimeSpec } from '../bridge/containers/types.ts';
import type { Checkpoint } from './checkpoint.ts';

/** One thing that is told to Splunk. */
export interface WatchEvent {
  /** Seconds since 1970. */
  readonly time: number;
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly event: string;
  readonly runtime?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Watching {
  readonly engine: ContainerEngine;
  readonly runtimes: readonly ConfiguredRuntime[];
  readonly checkpoint: Checkpoint;
  /** Lines of the log with each crash. */
  readonly lastLines: number;
  /** Seconds since 1970. */
  readonly now: number;
  report(event: WatchEvent): void;
  /** What a container that is created here is handed over. */
  handover(): Handover;
  /** Writes into kepler.conf where a runtime is reached. */
  connect(runtime: string, url: string, fingerprint: string): Promise<void>;
}

/** The pause before the first try to start a crashed runtime again; each further one doubles it. */
const FIRST_PAUSE_S = 10;
const LONGEST_PAUSE_S = 600;
/** The engine's event of an end and the container's own time of it lie this far apart at most. */
const SAME_END_S = 2;
/** A runtime that has lasted so long has recovered: the pauses begin anew. */
const RECOVERED_S = 600;

type Contained = Extract<ConfiguredRuntime, { engine: 'docker' }>;

/** One pass: compares what is configured with what runs, tells what died, and starts it again by policy. */
export async function watchContainers(watching: Watching): Promise<void> {
  const { engine, checkpoint } = watching;
  const configured = watching.runtimes.filter((each): each is Contained => each.engine === 'docker');
  let running: ContainerState[];
  try {
    running = await engine.list();
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    if (configured.length > 0) tell(watching, 'engine', error.code, trouble('engine_failed', error));
    return;
  }
  if (checkpoint.reported.engine !== undefined) {
    delete checkpoint.reported.engine;
    watching.report({
      time: watching.now,
      level: 'INFO',
      event: 'engine_back',
      message: 'The container engine answers again.',
    });
  }
  for (const { name, spec, settings, removed } of configured) {
    const state = running.find((each) => each.name === name);
    if (state) await watchOne(watching, spec, settings, state);
    else if (!removed) await watchMissing(watching, spec);
  }
  for (const { name, container } of running.filter(
    (each) => !configured.some(({ name }) => name === each.name),
  )) {
    tell(watching, `unconfigured:${name}`, container, {
      level: 'WARN',
      event: 'unconfigured',
      runtime: name,
      message: `The container ${container} belongs to a runtime ${name} that kepler.conf does not have.`,
      remedy: `Write [runtime:${name}] with engine = docker into kepler.conf, or remove it: | keplerctl runtime remove ${name}`,
    });
  }
}

async function watchOne(
  watching: Watching,
  spec: RuntimeSpec,
  settings: ReadonlyMap<string, string>,
  state: ContainerState,
): Promise<void> {
  const { checkpoint } = watching;
  const { name } = state;
  delete checkpoint.reported[`missing:${name}`];
  if (settings.get('url') !== state.url || settings.get('fingerprint') !== state.fingerprint) {
    await watching.connect(name, state.url, state.fingerprint);
    tell(watching, `connected:${name}`, state.url, {
      level: 'INFO',
      event: 'connected',
      runtime: name,
      message: `kepler.conf says again where ${name} is: ${state.url}.`,
    });
  }
  if (state.specDigest !== specDigest(spec)) {
    tell(watching, `changed:${name}`, specDigest(spec), {
      level: 'WARN',
      event: 'changed',
      runtime: name,
      message: `kepler.conf [runtime:${name}] has changed since its container was created.`,
      remedy: `| keplerctl runtime start ${name} creates it anew; its models stay.`,
    });
  }
  const crash = state.lastExit && isCrash(state.lastExit) ? state.lastExit : undefined;
  const told = Number(checkpoint.reported[`crash:${name}`] ?? 0);
  if (crash && Math.abs(crash.at - told) > SAME_END_S) {
    checkpoint.reported[`crash:${name}`] = String(crash.at);
    await reportCrash(watching, state);
  }
  if (state.state === 'failed') {
    if (!crash) {
      tell(watching, `failed:${name}`, state.reason, {
        level: 'ERROR',
        event: 'failed',
        runtime: name,
        message: state.reason,
        remedy: state.remedy,
      });
    }
    if (spec.restart !== 'no') await startAgain(watching, state);
    return;
  }
  delete checkpoint.reported[`failed:${name}`];
  const last = checkpoint.restarts[name];
  if (last && watching.now - last.at > RECOVERED_S) delete checkpoint.restarts[name];
}

async function reportCrash({ engine, lastLines, report }: Watching, state: ContainerState): Promise<void> {
  const { name, lastExit } = state;
  if (!lastExit) return;
  // A moment more than the end: the engine may write the last line a little later.
  const lines = lastLines > 0 ? await engine.logs(name, lastLines, lastExit.at + 1) : [];
  report({
    time: lastExit.at,
    level: 'ERROR',
    event: 'crash',
    runtime: name,
    message: state.reason,
    ...(state.remedy && { remedy: state.remedy }),
    details: {
      container: state.id,
      image: state.image,
      exit_code: lastExit.code,
      oom: lastExit.oom,
      restarts: state.restarts,
      state: state.state,
      last_lines: lines.map(({ line }) => line),
    },
  });
}

async function startAgain(watching: Watching, { name, id }: ContainerState): Promise<void> {
  await attempt(
    watching,
    name,
    { done: 'restarted', failed: 'restart_failed', details: { container: id } },
    async (tries) => {
      // Also right for one that still runs but does not answer.
      await watching.engine.restart(name);
      return `The runtime ${name} was started again (try ${tries}).`;
    },
  );
}

/**
 * One that is configured and has no container: told first, and created by the next pass if it is still missing then, for
 * somebody may just be creating it anew.
 */
async function watchMissing(watching: Watching, spec: RuntimeSpec): Promise<void> {
  const { name } = spec;
  const byHand = spec.restart === 'no';
  const toldBefore = watching.checkpoint.reported[`missing:${name}`] !== undefined;
  tell(watching, `missing:${name}`, 'missing', {
    level: 'WARN',
    event: 'missing',
    runtime: name,
    message: `kepler.conf has a runtime ${name} with engine = docker, but the engine has no container of it.`,
    remedy: byHand
      ? `Create and start it: | keplerctl runtime start ${name}`
      : `It is created within a minute; at once by: | keplerctl runtime start ${name}`,
  });
  if (byHand || !toldBefore) return;
  await attempt(watching, name, { done: 'created', failed: 'create_failed', details: {} }, async (tries) => {
    const { url, fingerprint, image } = await watching.engine.create(spec, watching.handover());
    delete watching.checkpoint.reported[`missing:${name}`];
    await watching.connect(name, url, fingerprint);
    return `The container of the runtime ${name} was missing and was created (try ${tries}, image ${image}): it is at ${url}.`;
  });
}

interface Outcome {
  readonly done: string;
  readonly failed: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Does something for a runtime, with growing pauses between the tries, and reports what came of it. */
async function attempt(
  watching: Watching,
  name: string,
  { done, failed, details }: Outcome,
  deed: (tries: number) => Promise<string>,
): Promise<void> {
  const { checkpoint, now } = watching;
  const { tries, at } = checkpoint.restarts[name] ?? { tries: 0, at: 0 };
  const pause = tries === 0 ? 0 : Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (tries - 1));
  if (now - at < pause) return;
  // Noted first: a pass that breaks off here counts as a try.
  checkpoint.restarts[name] = { tries: tries + 1, at: now };
  const next = Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** tries);
  const told = { time: now, runtime: name };
  const more = { ...details, try: tries + 1 };
  try {
    const message = await deed(tries + 1);
    watching.report({ ...told, level: 'INFO', event: done, message, details: more });
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    watching.report({
      ...told,
      level: 'ERROR',
      event: failed,
      message: error.message,
      remedy: `The next try comes in ${next} s.`,
      details: { ...more, code: error.code },
    });
  }
}

/** Reports a thing once, and again when what is said of it changes. */
function tell(watching: Watching, about: string, what: string, event: Omit<WatchEvent, 'time'>): void {
  if (watching.checkpoint.reported[about] === what) return;
  watching.checkpoint.reported[about] = what;
  watching.report({ time: watching.now, ...event });
}

const trouble = (event: string, { message, code }: KeplerError): Omit<WatchEvent, 'time'> => ({
  level: 'ERROR',
  event,
  message,
  details: { code },
});

import { KeplerError } from '../../../container/contract/errors.ts';
import type {
  ApplyMeta,
  ApplyPlan,
  ApplySpec,
  ModelReference,
  ResolvedModel,
} from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { Runtime } from '../bridge/runtime.ts';
import type { Weaver } from '../bridge/weaver.ts';
import type { Command, RunningCommand, Session } from './command.ts';
import { OptionReader, Problems, rawOptions, sortArguments } from './grammar.ts';
import { parseReference } from '../../../container/contract/model-name.ts';
import { lentSession } from './lent-session.ts';
import { fittedBefore } from './pipeline.ts';
import { readTell } from './tell-options.ts';

export const APPLY_USAGE = '| apply [app:]<model>[@<version or alias>] [<option>=<value> …] [as <field>]';

/** getinfo must not wait: without the plan all fields are asked for, which is right, only more. */
const PLAN_MS = 200;

/** Reads the arguments of `apply`. */
export function parseApply(
  rawArgs: string | readonly string[],
  probe: boolean,
  problems: Problems,
): ApplySpec | null {
  const sorted = sortArguments(rawArgs, { command: 'apply', keywords: ['as'], probe }, problems);
  const [name, ...more] = sorted.before;
  if (name === undefined) problems.add('the name of a model is missing.');
  if (more.length > 0) {
    problems.add(
      `apply takes one model; ${more.join(', ')} cannot stand behind it. The fields are those that the model was fitted on.`,
    );
  }
  const model = name === undefined ? undefined : parseReference(name, problems);
  const tell = readTell(new OptionReader(sorted.options, problems));
  if (!model) return null;
  return {
    model,
    options: rawOptions(sorted.options),
    ...(sorted.as !== undefined && { as: sorted.as }),
    ...(tell && { tell }),
  };
}

/** Adds a model's predictions to the rows. */
export const apply: Command = {
  name: 'apply',
  usage: APPLY_USAGE,
  async start(session) {
    const problems = new Problems();
    const spec = parseApply(session.search.rawArgs, session.search.probe, problems);
    if (spec && fittedBefore(session.search.search, spec.model.name)) {
      problems.add(
        `${spec.model.name} is fitted in this same search: its rows come out of fit with the result already. Leave out apply, or apply the model in a search of its own.`,
      );
    }
    if (problems.any || !spec) throw problems.toError('apply', APPLY_USAGE);
    if (session.search.probe) return running(session, spec, null, null);
    let weaver: Promise<Weaver> | null = null;
    const plan = await planOf(session, spec, () => {
      // While the runtime looks the version up, the kernel is made ready. Where that fails, the first chunk says so.
      weaver = makeWeaver();
      weaver.catch(() => {});
    });
    return running(session, spec, plan, weaver);
  },
};

/** The version that will be applied and its fields, or null where it cannot be told in time; the first chunk then says why. */
async function planOf(session: Session, spec: ApplySpec, onSent: () => void): Promise<ApplyPlan | null> {
  let timer: NodeJS.Timeout | undefined;
  let runtime: Runtime | undefined;
  const deadline = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), PLAN_MS)));
  const asking = (async () => {
    runtime = await session.runtime();
    return runtime.ask<ApplyPlan>('POST', PATHS.applyPlan, spec, {
      repeatable: false,
      silenceMs: PLAN_MS,
      onSent,
    });
  })();
  try {
    const plan = await Promise.race([asking, deadline]);
    // An answer that is still under way must not be taken for the first chunk's.
    if (!plan) runtime?.close();
    return plan;
  } catch (error) {
    if (error instanceof KeplerError) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    asking.catch(() => {});
  }
}

/** What the model's template needs of the search. Where the runtime cannot tell, the first chunk says why. */
async function needsOf(runtime: Runtime, spec: ApplySpec): Promise<ApplyPlan['needs']> {
  try {
    return (await runtime.ask<ApplyPlan>('POST', PATHS.applyPlan, spec, { repeatable: true })).needs;
  } catch (error) {
    if (error instanceof KeplerError) return undefined;
    throw error;
  }
}

async function makeWeaver(): Promise<Weaver> {
  const { Weaver } = await import('../bridge/weaver.ts');
  return new Weaver();
}

function running(
  session: Session,
  asked: ApplySpec,
  plan: ApplyPlan | null,
  made: Promise<Weaver> | null,
): RunningCommand {
  let spec = plan ? pinned(asked, plan.version) : asked;
  let next = 0;
  // A chunk stands for itself, so each brings it.
  let lent = lentSession(session.search, plan?.needs);
  return {
    getinfo: {
      type: 'stateful',
      required_fields: plan && plan.requiredFields.length > 0 ? plan.requiredFields : ['*'],
    },
    async execute(chunk, reply) {
      const runtime = await session.runtime();
      const first = next === 0;
      if (first) {
        await session.learnRoles(runtime);
        // The plan came too late for getinfo, or needed the roles.
        if (!plan) lent = lentSession(session.search, await needsOf(runtime, spec));
      }
      const weaver = await (made ??= makeWeaver());
      const meta: ApplyMeta = {
        job: session.job,
        chunk: next++,
        finished: chunk.finished,
        spec,
        ...(first && { search: session.search.context }),
        ...(lent && { session: lent }),
      };
      const said = await runtime.apply(PATHS.apply, meta, chunk.body, weaver, {
        begin(meta, bytes) {
          reply.note(meta.messages, meta.metrics);
          reply.begin(chunk.finished, bytes);
        },
        write: (bytes) => reply.write(bytes),
      });
      // A refit in between changes nothing: what the first chunk was given, the others get.
      if (said.version) spec = pinned(asked, said.version);
    },
  };
}

function pinned(spec: ApplySpec, version: ResolvedModel): ApplySpec {
  const model: ModelReference = { ...version, explicitNamespace: true };
  return { ...spec, model };
}

import { KeplerError } from '../../../container/contract/errors.ts';
import type { FitPlan, FitSpec } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { Runtime } from '../bridge/runtime.ts';
import { collectingCommand } from './collecting.ts';
import type { Command, Session } from './command.ts';
import { FIT_USAGE, NO_TARGET, parseFit } from './fit-arguments.ts';
import { Problems } from './grammar.ts';
import { lentSession } from './lent-session.ts';

/** A wrong search waits so long, and no longer, to hear what else is wrong with it. */
const CHECK_MS = 1000;

/** Trains on the rows of the search, keeps the model, and gives the rows back with the result. */
export const fit: Command = {
  name: 'fit',
  usage: FIT_USAGE,
  async start(session) {
    const problems = new Problems();
    const spec = parseFit(session.search.rawArgs, session.search.probe, problems);
    if (problems.any) {
      if (!session.search.probe) await addRuntimeProblems(session, spec, problems);
      throw problems.toError('fit', FIT_USAGE);
    }
    return collectingCommand(session, {
      path: PATHS.fit,
      spec,
      getinfo: { type: 'events', required_fields: ['*'] },
      needsRoles: spec.into !== undefined,
      rowsPassThrough: !spec.apply,
      async session(runtime) {
        const { needs } = await planOf(runtime, spec);
        return lentSession(session.search, needs);
      },
    });
  },
};

/** What the algorithm needs of the search. Where the runtime cannot tell, the fit says why. */
async function planOf(runtime: Runtime, { algorithm }: FitSpec): Promise<FitPlan> {
  try {
    return await runtime.ask<FitPlan>('POST', PATHS.fitPlan, { algorithm }, { repeatable: true });
  } catch (error) {
    if (error instanceof KeplerError) return { needs: [] };
    throw error;
  }
}

/** The arguments without what was found wrong with them here already, so that the runtime does not report it again. */
function withoutReported(spec: FitSpec, problems: Problems): FitSpec {
  const { algorithm, mode, options, targets, fields, by, apply, promote } = spec;
  return {
    algorithm,
    ...(mode && { mode, into: spec.into ?? { namespace: 'user', name: '_' } }),
    options,
    targets: problems.list.includes(NO_TARGET) ? ['_'] : targets,
    fields: fields.length > 0 ? fields : ['*'],
    by,
    apply,
    partialFit: false,
    promote,
  };
}

/** Asks the runtime what is wrong with algorithm and options, so that all of it stands in one message. */
async function addRuntimeProblems(session: Session, spec: FitSpec, problems: Problems): Promise<void> {
  if (!spec.algorithm) return;
  try {
    const runtime = await session.runtime();
    await runtime.ask('POST', PATHS.fitCheck, withoutReported(spec, problems), {
      repeatable: false,
      silenceMs: CHECK_MS,
    });
  } catch (error) {
    // Not being able to ask is no problem of these arguments; they are reported without it.
    if (!(error instanceof KeplerError)) throw error;
    if (error.code === 'unknown_algorithm' || error.code === 'invalid_arguments') problems.add(error.message);
  }
}

import type { ResultTable } from '../../../container/contract/requests.ts';
import type { Runtime } from '../bridge/runtime.ts';
import { encodeTable } from '../protocol/cells.ts';
import type { RunningCommand, Session } from './command.ts';

/** A command that makes rows of its own: asks the runtime for a table at the first execute. */
export function generatingCommand(
  session: Session,
  ask: (runtime: Runtime) => Promise<ResultTable>,
): RunningCommand {
  return tableCommand(session, async () => {
    const runtime = await session.runtime();
    await session.learnRoles(runtime);
    return ask(runtime);
  });
}

/**
 * A command that makes rows of its own: makes a table at the first execute, and hands it on in as many replies as splunkd's
 * limit of rows makes of it. `stateful` keeps it on the search head: indexers have no runtime.
 */
export function tableCommand(session: Session, make: () => Promise<ResultTable>): RunningCommand {
  let table: ResultTable | null = null;
  let done = 0;
  return {
    getinfo: { type: 'stateful', generating: true },
    async execute(_chunk, reply) {
      if (!table) {
        table = await make();
        reply.note(table.messages ?? []);
      }
      const rows = table.rows.slice(done, done + session.search.maxResultRows);
      done += rows.length;
      const finished = done >= table.rows.length;
      reply.send(finished, encodeTable({ fields: table.fields, rows }));
    },
  };
}

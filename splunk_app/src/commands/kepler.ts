import type { ReadRequest, ResultTable } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import { forRuntime, runtimeOf } from './named-runtime.ts';
import { KEPLER_USAGE, parseKepler } from './catalogue-arguments.ts';
import type { Command } from './command.ts';
import { tableCommand } from './generating.ts';

/** Reads everything that is not data: models, versions, runs, runtimes … as rows. */
export const kepler: Command = {
  name: 'kepler',
  usage: KEPLER_USAGE,
  start(session) {
    const { noun, name, options } = parseKepler(session.search.rawArgs, session.search.probe);
    const request: ReadRequest = { noun: noun.name, name, options };
    const running = tableCommand(session, async () => {
      if (noun.answeredBy !== 'runtime') {
        const { readOnHead } = await import('./head/read.ts');
        return readOnHead(session, noun, request);
      }
      const runtime = await session.runtime(runtimeOf(noun, options));
      await session.learnRoles(runtime);
      await session.learnApps(runtime);
      return runtime.ask<ResultTable>('POST', PATHS.read, forRuntime(request), { repeatable: true });
    });
    return Promise.resolve(running);
  },
};

import type { ChangeRequest, ResultTable } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import { forRuntime, runtimeOf } from './named-runtime.ts';
import { KEPLERCTL_USAGE, parseKeplerctl } from './catalogue-arguments.ts';
import type { Command } from './command.ts';
import { tableCommand } from './generating.ts';

/** Changes what is not data: aliases, models, jobs, runtimes, settings. Answers a row for each thing that changed. */
export const keplerctl: Command = {
  name: 'keplerctl',
  usage: KEPLERCTL_USAGE,
  start(session) {
    const { verb, name, options } = parseKeplerctl(session.search.rawArgs, session.search.probe);
    const request: ChangeRequest = { verb: verb.name, name, options };
    const running = tableCommand(session, async () => {
      if (verb.answeredBy !== 'runtime') {
        const { changeOnHead } = await import('./head/change.ts');
        return changeOnHead(session, verb, request);
      }
      const runtime = await session.runtime(runtimeOf(verb, options));
      await session.learnRoles(runtime);
      await session.learnApps(runtime);
      return runtime.ask<ResultTable>('POST', PATHS.change, forRuntime(request), { repeatable: false });
    });
    return Promise.resolve(running);
  },
};

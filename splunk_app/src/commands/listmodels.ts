import type { ModelsReply, ResultTable } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { Command } from './command.ts';
import { generatingCommand } from './generating.ts';
import { OptionReader, Problems, sortArguments } from './grammar.ts';

export const LISTMODELS_USAGE = '| listmodels';

/** Lists the models that the user may read. */
export const listmodels: Command = {
  name: 'listmodels',
  usage: LISTMODELS_USAGE,
  async start(session) {
    const problems = new Problems();
    const { rawArgs, probe } = session.search;
    const sorted = sortArguments(rawArgs, { command: 'listmodels', keywords: [], probe }, problems);
    new OptionReader(sorted.options, problems).refuseOthers('listmodels', []);
    if (sorted.before.length > 0)
      problems.add(`listmodels takes no arguments; ${sorted.before.join(', ')} was given.`);
    if (problems.any) throw problems.toError('listmodels', LISTMODELS_USAGE);
    return generatingCommand(session, async (runtime) =>
      modelsTable(await runtime.ask<ModelsReply>('GET', PATHS.models, undefined, { repeatable: true })),
    );
  },
};

/** MLTK's columns, then Kepler's. */
function modelsTable({ models, messages }: ModelsReply): ResultTable {
  return {
    fields: ['name', 'type', 'options', 'owner', 'app', 'sharing', 'version', 'versions'],
    rows: models.map((model) => [
      model.name,
      model.type,
      model.options,
      model.owner,
      model.app,
      model.sharing,
      model.version === null ? null : String(model.version),
      model.versions.map(String),
    ]),
    messages,
  };
}

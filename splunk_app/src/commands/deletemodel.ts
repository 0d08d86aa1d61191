import type { DeleteReply, ModelReference, ResultTable } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { Command } from './command.ts';
import { generatingCommand } from './generating.ts';
import { OptionReader, Problems, sortArguments } from './grammar.ts';
import { parseReference } from '../../../container/contract/model-name.ts';

export const DELETEMODEL_USAGE = '| deletemodel [app:]<model>[@<version or alias>]';

/** Reads the arguments of `deletemodel`. */
export function parseDeletemodel(
  rawArgs: string | readonly string[],
  probe: boolean,
  problems: Problems,
): ModelReference | null {
  const sorted = sortArguments(rawArgs, { command: 'deletemodel', keywords: [], probe }, problems);
  new OptionReader(sorted.options, problems).refuseOthers('deletemodel', []);
  const [name, ...more] = sorted.before;
  if (name === undefined) problems.add('the name of a model is missing.');
  if (more.length > 0)
    problems.add(`deletemodel takes one model; ${more.join(', ')} cannot stand behind it.`);
  return (name === undefined ? undefined : parseReference(name, problems)) ?? null;
}

/** Removes a model, or one version of it. */
export const deletemodel: Command = {
  name: 'deletemodel',
  usage: DELETEMODEL_USAGE,
  async start(session) {
    const problems = new Problems();
    const model = parseDeletemodel(session.search.rawArgs, session.search.probe, problems);
    if (problems.any || !model) throw problems.toError('deletemodel', DELETEMODEL_USAGE);
    return generatingCommand(session, async (runtime) =>
      deletedTable(await runtime.ask<DeleteReply>('POST', PATHS.deleteModel, model, { repeatable: false })),
    );
  },
};

/** What is gone, as a row a version: a delete cannot be undone, so the search's result says what it did. */
function deletedTable({ namespace, name, versions }: DeleteReply): ResultTable {
  return {
    fields: ['model', 'version', 'status'],
    rows: versions.map((version) => [`${namespace}:${name}`, String(version), 'deleted']),
    messages: [
      {
        level: 'INFO',
        text: `Deleted ${namespace}:${name}, ${versions.length === 1 ? 'version' : 'versions'} ${versions.join(', ')}.`,
      },
    ],
  };
}

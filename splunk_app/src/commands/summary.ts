import type { ResultTable, SummaryRequest } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { Command } from './command.ts';
import { generatingCommand } from './generating.ts';
import { Problems, rawOptions, sortArguments } from './grammar.ts';
import { parseReference } from '../../../container/contract/model-name.ts';

export const SUMMARY_USAGE = '| summary [app:]<model>[@<version or alias>] [<option>=<value> …]';

/** Reads the arguments of `summary`. */
export function parseSummary(
  rawArgs: string | readonly string[],
  probe: boolean,
  problems: Problems,
): SummaryRequest | null {
  const sorted = sortArguments(rawArgs, { command: 'summary', keywords: [], probe }, problems);
  const [name, ...more] = sorted.before;
  if (name === undefined) problems.add('the name of a model is missing.');
  if (more.length > 0) problems.add(`summary takes one model; ${more.join(', ')} cannot stand behind it.`);
  const model = name === undefined ? undefined : parseReference(name, problems);
  return model ? { model, options: rawOptions(sorted.options) } : null;
}

/** Shows what a model has learnt. */
export const summary: Command = {
  name: 'summary',
  usage: SUMMARY_USAGE,
  async start(session) {
    const problems = new Problems();
    const request = parseSummary(session.search.rawArgs, session.search.probe, problems);
    if (problems.any || !request) throw problems.toError('summary', SUMMARY_USAGE);
    return generatingCommand(session, (runtime) =>
      runtime.ask<ResultTable>('POST', PATHS.summary, request, { repeatable: true }),
    );
  },
};

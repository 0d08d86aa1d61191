import type { ScoreSpec } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import { collectingCommand } from './collecting.ts';
import type { Command } from './command.ts';
import { Problems, rawOptions, sortArguments } from './grammar.ts';

export const SCORE_USAGE =
  '| score <method> [<option>=<value> …] <field or glob> … [against <field or glob> …]';

/** Names that people give to fields as if they were options. */
const FIELD_OPTIONS = new Set([
  'true',
  'pred',
  'y_true',
  'y_pred',
  'actual',
  'predicted',
  'a',
  'b',
  'y',
  'target',
]);

/** Reads the arguments of `score`. */
export function parseScore(
  rawArgs: string | readonly string[],
  probe: boolean,
  problems: Problems,
): ScoreSpec {
  const rules = { command: 'score', keywords: ['against'], tilde: 'against', probe } as const;
  const sorted = sortArguments(rawArgs, rules, problems);
  const [method = '', ...a] = sorted.before;
  const b = sorted.after ?? [];
  if (!method) problems.add('the name of a method is missing, such as accuracy_score or r2_score.');
  const asOptions = [...sorted.options.keys()].filter((name) => FIELD_OPTIONS.has(name.toLowerCase()));
  if (asOptions.length > 0) {
    const values = asOptions.map((name) => sorted.options.get(name));
    problems.add(
      `fields are named without ${asOptions.map((name) => `${name}=`).join(' and ')}: | score ${method || '<method>'} ${values.join(' against ')}.`,
    );
  } else if (method && a.length === 0 && !sorted.options.has('formula')) {
    problems.add(sorted.after ? 'no field stands before against.' : 'no field is named.');
  }
  if (sorted.after && b.length === 0) problems.add('no field stands after against.');
  if ([...a, ...b].includes('')) problems.add('a field name is empty ("").');
  return { method, options: rawOptions(sorted.options), a, b };
}

/** Compares fields of the rows: metrics and tests. */
export const score: Command = {
  name: 'score',
  usage: SCORE_USAGE,
  async start(session) {
    const problems = new Problems();
    const spec = parseScore(session.search.rawArgs, session.search.probe, problems);
    if (problems.any) throw problems.toError('score', SCORE_USAGE);
    return collectingCommand(session, {
      path: PATHS.score,
      spec,
      getinfo: { type: 'events', required_fields: ['*'] },
      needsRoles: false,
      rowsPassThrough: false,
    });
  },
};

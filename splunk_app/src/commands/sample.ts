import type { SampleSpec } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import { collectingCommand } from './collecting.ts';
import type { Command } from './command.ts';
import { OptionReader, Problems, sortArguments } from './grammar.ts';

export const SAMPLE_USAGE =
  '| sample <count or ratio> | ratio=<0…1> | count=<n> | proportional=<field> [inverse] | partitions=<n> [fieldname=<field>], with [seed=<n>] [by <field>]';

const OPTIONS = ['ratio', 'count', 'proportional', 'partitions', 'fieldname', 'seed'];

/** Reads the arguments of `sample`. */
export function parseSample(
  rawArgs: string | readonly string[],
  probe: boolean,
  problems: Problems,
): SampleSpec {
  const sorted = sortArguments(rawArgs, { command: 'sample', keywords: ['by'], probe }, problems);
  const reader = new OptionReader(sorted.options, problems);
  let ratio = reader.number('ratio', (value) => value > 0 && value <= 1, 'above 0 and at most 1');
  let count = reader.integer('count', 1);
  const proportional = reader.text('proportional');
  const partitions = reader.integer('partitions', 1);
  const fieldName = reader.text('fieldname');
  const seed = reader.integer('seed', 0);
  reader.refuseOthers('sample', OPTIONS);

  let inverse = false;
  for (const word of sorted.before) {
    const number = word.trim() === '' ? Number.NaN : Number(word);
    if (word.toLowerCase() === 'inverse') inverse = true;
    else if (Number.isInteger(number) && number >= 1 && count === undefined) count = number;
    else if (number > 0 && number < 1 && ratio === undefined) ratio = number;
    else
      problems.add(
        `${JSON.stringify(word)} is neither a number of rows (1, 2, …), a share (between 0 and 1), nor inverse.`,
      );
  }
  const ways = [ratio, count, proportional, partitions].filter((way) => way !== undefined).length;
  if (ways === 0 && !problems.any)
    problems.add('say how much: a number of rows, or ratio=, count=, proportional= or partitions=.');
  if (ways > 1)
    problems.add(
      'ratio, count, proportional and partitions exclude each other; a bare number is a count or a ratio.',
    );
  if (inverse && proportional === undefined) problems.add('inverse goes with proportional=<field> only.');
  if (fieldName !== undefined && partitions === undefined)
    problems.add('fieldname goes with partitions=<n> only.');
  if (sorted.by.length > 1)
    problems.add(`by takes one field; ${sorted.by.join(', ')} are ${sorted.by.length}.`);
  return {
    ratio,
    count,
    proportional,
    inverse,
    partitions,
    fieldName: fieldName ?? 'partition_number',
    seed,
    by: sorted.by[0],
  };
}

/** Picks rows at random. */
export const sample: Command = {
  name: 'sample',
  usage: SAMPLE_USAGE,
  async start(session) {
    const problems = new Problems();
    const spec = parseSample(session.search.rawArgs, session.search.probe, problems);
    if (problems.any) throw problems.toError('sample', SAMPLE_USAGE);
    return collectingCommand(session, {
      path: PATHS.sample,
      spec,
      getinfo: { type: 'events', required_fields: ['*'] },
      needsRoles: false,
      rowsPassThrough: false,
    });
  },
};

import type { CoreCommand } from './command.ts';
import { evaluate, rex, where } from './eval.ts';
import { fields, fillnull, makemv, rename, table } from './fields.ts';
import { dedup, head, mvexpand, reverse, tail } from './rows.ts';
import { search } from './search.ts';
import { sort } from './sort.ts';
import { inputlookup, makeresults, outputlookup } from './sources.ts';
import { eventstats, stats, streamstats } from './stats.ts';
import { append, format, join, returnCommand } from './subsearches.ts';

/** The core commands of the sandbox, by name. */
export const CORE_COMMANDS: ReadonlyMap<string, CoreCommand> = new Map(
  [
    append,
    dedup,
    evaluate,
    eventstats,
    fields,
    fillnull,
    format,
    head,
    inputlookup,
    join,
    makemv,
    makeresults,
    mvexpand,
    outputlookup,
    rename,
    returnCommand,
    reverse,
    rex,
    search,
    sort,
    stats,
    streamstats,
    table,
    tail,
    where,
  ].map((command) => [command.name, command]),
);

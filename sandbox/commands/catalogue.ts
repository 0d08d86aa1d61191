import { appendpipe } from './appendpipe.ts';
import { bin, bucket, makecontinuous } from './bins.ts';
import { chart, timechart } from './chart.ts';
import type { CoreCommand } from './command.ts';
import { evaluate, rex, where } from './eval.ts';
import { fields, fillnull, makemv, rename, table } from './fields.ts';
import { lookup } from './lookup.ts';
import { dedup, head, mvexpand, reverse, tail } from './rows.ts';
import { search } from './search.ts';
import { sort } from './sort.ts';
import { inputlookup, makeresults, outputlookup } from './sources.ts';
import { eventstats, stats, streamstats } from './stats.ts';
import { append, format, join, returnCommand } from './subsearches.ts';
import { rare, top } from './top.ts';

/** The core commands of the sandbox, by name. */
export const CORE_COMMANDS: ReadonlyMap<string, CoreCommand> = new Map(
  [
    append,
    appendpipe,
    bin,
    bucket,
    chart,
    dedup,
    evaluate,
    eventstats,
    fields,
    fillnull,
    format,
    head,
    inputlookup,
    join,
    lookup,
    makecontinuous,
    makemv,
    makeresults,
    mvexpand,
    outputlookup,
    rare,
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
    timechart,
    top,
    where,
  ].map((command) => [command.name, command]),
);

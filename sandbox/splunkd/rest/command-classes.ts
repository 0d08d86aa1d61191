/**
 * How splunkd's parser classes commands: the stage that they run in, and how they take events. `table`, `sort` and `dedup` as
 * splunkd 10.4 answers; a command that is not named here is an app's own, or is taken to need all events.
 */
const STREAMING = ['streaming', 'SP_STREAM'] as const;
const REPORT = ['report', 'SP_STREAMREPORT'] as const;
const STATEFUL = ['stateful', 'SP_STATEFUL'] as const;
const EVENTS = ['events', 'SP_EVENTS'] as const;

type Class = readonly [pipeline: string, streamType: string];

const CLASSES: Readonly<Record<string, Class>> = {
  ...of(
    STREAMING,
    'search where eval rename fields table regex rex fillnull makemv mvexpand lookup bin bucket',
  ),
  ...of(REPORT, 'stats timechart chart top rare makeresults mstats'),
  ...of(STATEFUL, 'dedup streamstats'),
  ...of(EVENTS, 'sort tail reverse eventstats'),
  head: ['report', 'SP_STATEFUL'],
  inputlookup: ['report', 'SP_REPORT'],
};

function of(kind: Class, names: string): Record<string, Class> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

export function classOf(command: string): Class {
  return CLASSES[command] ?? ['report', 'SP_REPORT'];
}

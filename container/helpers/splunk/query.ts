/** What is asked of Splunk: a search, its range of time, and in whose name space. */
import { KeplerError } from '../../contract/errors.ts';
import type { Namespace, SplunkMessage } from './client.ts';
import type { CellType } from './cells.ts';

export interface QueryOptions {
  /** As Splunk takes it: `-24h@h`, `now`, seconds since 1970, ISO 8601. All time where absent. */
  readonly earliest?: string | number;
  readonly latest?: string | number;
  /** The app whose macros, lookups and saved searches the search finds. */
  readonly app?: string;
  /** Only these fields. */
  readonly fields?: readonly string[];
  /** Fields whose type is not to be guessed from their values. */
  readonly types?: Readonly<Record<string, CellType>>;
  /** Of a transforming search: the most rows that Splunk is to keep. */
  readonly maxRows?: number;
}

export interface Query {
  readonly spl: string;
  readonly earliest?: string;
  readonly latest?: string;
  /** What `now` and `-1h` are counted from, seconds since 1970: the same for each part of a reading. */
  readonly now: number;
  readonly namespace: Namespace;
  readonly fields?: readonly string[];
  readonly types: Readonly<Record<string, CellType>>;
  readonly maxRows: number;
}

/** Results of a transforming search that Splunk keeps, where nobody asks for fewer; Splunk's own default is 500,000. */
const MOST_ROWS = 10_000_000;
const TYPES: readonly CellType[] = ['number', 'text', 'time'];

/**
 * @param place whose search it is, and in which app where the options name none
 * @throws KeplerError invalid_arguments
 */
export function queryOf(spl: unknown, options: QueryOptions, place: Namespace): Query {
  if (typeof spl !== 'string' || spl.trim() === '') throw wrong('a search is missing: give it as text.');
  const { types = {}, fields, maxRows = MOST_ROWS } = options;
  for (const [field, type] of Object.entries(types)) {
    if (!TYPES.includes(type))
      throw wrong(`types.${field} is ${JSON.stringify(type)}; it can be: ${TYPES.join(', ')}.`);
  }
  if (fields !== undefined && !(Array.isArray(fields) && fields.every((field) => typeof field === 'string')))
    throw wrong('fields must be a list of names.');
  if (!Number.isInteger(maxRows) || maxRows < 1) throw wrong('maxRows must be a whole number from 1.');
  return {
    spl: wholeSearch(spl),
    earliest: timeText('earliest', options.earliest),
    latest: timeText('latest', options.latest),
    now: Math.floor(Date.now() / 1000),
    namespace: { owner: place.owner, app: options.app ?? place.app },
    fields,
    types,
    maxRows,
  };
}

/** Over REST a search that does not begin with a command begins with `search`, as the search bar adds it. */
export function wholeSearch(spl: string): string {
  const text = spl.trim();
  return /^(\||search\s)/i.test(text) ? text : `search ${text}`;
}

function timeText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string') return value;
  throw wrong(`${name} must be a time as Splunk takes it, such as "-24h", or seconds since 1970.`);
}

function wrong(why: string): KeplerError {
  return new KeplerError('invalid_arguments', `getData: ${why}`);
}

/** A part of what was found, in the order in which Splunk gave it. */
export interface Page {
  readonly results: readonly Readonly<Record<string, unknown>>[];
  /** What Splunk said meanwhile that did not end the search. */
  readonly messages: readonly SplunkMessage[];
}

/** The search ended in Splunk's own words. */
export function searchFailed(spl: string, messages: readonly SplunkMessage[]): KeplerError {
  const said = messages
    .filter(({ type }) => type === 'FATAL' || type === 'ERROR')
    .map(({ type, text }) => `${type}: ${text}`);
  return new KeplerError(
    'splunk_failed',
    `Splunk could not run the search ${JSON.stringify(spl.slice(0, 200))}. It said: ${said.length > 0 ? said.join(' ') : 'nothing more'}`,
  );
}

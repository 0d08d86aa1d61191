/** The connector's methods, as templates call them over the pipe: arguments and answers are JSON, rows a body of JSON. */
import { KeplerError } from '../../contract/errors.ts';
import type { SplunkSession } from '../../contract/requests.ts';
import { Collector } from '../telemetry/collector.ts';
import type { CollectorSettings } from '../telemetry/collector.ts';
import type { Row } from './cells.ts';
import { SplunkClient } from './client.ts';
import type { Namespace } from './client.ts';
import { targetOf } from './connect.ts';
import type { SplunkSettings } from './connect.ts';
import { getData, typed } from './get-data.ts';
import type { RowPage } from './get-data.ts';
import { writeToIndex } from './index-writer.ts';
import type { IndexDoor } from './index-writer.ts';
import { queryOf } from './query.ts';
import type { QueryOptions } from './query.ts';
import { runSavedSearch, scheduleSavedSearch } from './saved-searches.ts';
import type { RunOptions, ScheduleOptions } from './saved-searches.ts';
import { saveToCollection, writeLookup } from './send-results.ts';
import type { OutRow } from './send-results.ts';
import { validateSplunkd } from './validate.ts';
import type { Expected, Finding } from './validate.ts';

/** What the connector works with in the runtime. */
export interface SplunkParts {
  settings(): SplunkSettings;
  /** The way into indexes; undefined where no collector is set. */
  index(): (IndexDoor & { readonly settings: CollectorSettings }) | undefined;
}

/** For whom it works. */
export interface SplunkCaller {
  readonly principal: { readonly user: string; readonly app: string };
  readonly session?: SplunkSession;
  /** There is no search: the service token may be used. */
  readonly service?: boolean;
}

interface Context {
  readonly caller: SplunkCaller;
  readonly signal: AbortSignal;
  readonly opened: Map<string, { close(): Promise<void> | void }>;
}

interface Call {
  readonly args: Readonly<Record<string, unknown>>;
  readonly body?: Uint8Array;
}

type Method = (call: Call, context: Context) => Promise<{ result?: unknown; body?: Uint8Array }>;

export function splunkMethods(parts: SplunkParts): Readonly<Record<string, Method>> {
  const clientFor = ({ session, service = false }: SplunkCaller) =>
    new SplunkClient(targetOf(parts.settings(), session, service));

  /** Runs something with a client of its own, which ends with it. */
  const withClient = async <T>(
    { caller, signal }: Context,
    work: (client: SplunkClient, place: Namespace, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const client = clientFor(caller);
    try {
      return await work(client, placeOf(caller), signal);
    } finally {
      await client.close();
    }
  };

  /** Keeps a reading open between the calls of one question. */
  const open = (
    { caller, opened }: Context,
    start: (client: SplunkClient, signal: AbortSignal) => AsyncGenerator<RowPage>,
  ) => {
    const cursor = new Cursor(clientFor(caller), start);
    const name = `cursor ${++cursors}`;
    opened.set(name, cursor);
    return { result: { cursor: name } };
  };
  let cursors = 0;

  return {
    /** `{spl, options}` → `{cursor}` */
    async getData({ args }, context) {
      const query = queryOf(args.spl, (args.options ?? {}) as QueryOptions, placeOf(context.caller));
      return open(context, (client, signal) => getData(client, query, signal));
    },

    /** `{name, options}` → `{cursor}` */
    async runSavedSearch({ args }, context) {
      const name = textArgument('runSavedSearch', 'name', args.name);
      const options = (args.options ?? {}) as RunOptions & Pick<QueryOptions, 'types' | 'fields' | 'app'>;
      const place = placeOf(context.caller, options.app);
      return open(context, (client, signal) =>
        typed(runSavedSearch(client, place, name, options, signal), {
          types: options.types ?? {},
          fields: options.fields,
        }),
      );
    },

    /** `{cursor}` → `{done, messages}` and the next rows */
    async read({ args }, { opened, signal }) {
      const name = String(args.cursor);
      const cursor = opened.get(name);
      if (!(cursor instanceof Cursor)) {
        throw new KeplerError(
          'template_failed',
          'The search was read to its end or closed before; a search is read by the fit or apply that opened it.',
        );
      }
      const page = await cursor.next(signal);
      if (!page) {
        opened.delete(name);
        await cursor.close();
        return { result: { done: true, messages: [] } };
      }
      return {
        result: { done: false, messages: page.messages },
        body: Buffer.from(JSON.stringify(page.rows)),
      };
    },

    /** `{cursor}`: nobody reads on */
    async close({ args }, { opened }) {
      const name = String(args.cursor);
      const cursor = opened.get(name);
      opened.delete(name);
      await cursor?.close();
      return {};
    },

    /** `{to: {index | lookup | collection, …}}` and rows → `{written, queued}` */
    async sendResults({ args, body }, context) {
      const rows = rowsOf(body);
      const to = targetOfRows(args.to);
      if ('index' in to) {
        const door = parts.index();
        if (!door) {
          throw new KeplerError(
            'splunk_refused',
            'Rows reach an index by the HTTP Event Collector, and none is set: give KEPLER_HEC_URL and KEPLER_HEC_TOKEN_FILE.',
          );
        }
        const { sent, queued } = await writeToIndex(door, rows, to);
        return { result: { written: sent, queued } };
      }
      const written = await withClient(context, (client, place, signal) => {
        const at = { ...place, app: to.app ?? place.app };
        return 'lookup' in to
          ? writeLookup(client, at, to.lookup, rows, signal)
          : saveToCollection(client, at, to.collection, rows, signal);
      });
      return { result: { written, queued: 0 } };
    },

    /** `{capabilities, indexes}` → findings */
    async validateSplunkConfig({ args }, context) {
      return { result: await validate(parts, context.caller, args as Expected) };
    },

    /** `{name, options}` */
    async scheduleSavedSearch({ args }, context) {
      const name = textArgument('scheduleSavedSearch', 'name', args.name);
      const options = (args.options ?? {}) as ScheduleOptions & { app?: string };
      await withClient(context, (client, place, signal) =>
        scheduleSavedSearch(client, { ...place, app: options.app ?? place.app }, name, options, signal),
      );
      return {};
    },
  };
}

function placeOf({ principal }: SplunkCaller, app = principal.app): Namespace {
  return { owner: principal.user, app };
}

/** A reading that goes on from call to call. */
class Cursor {
  readonly #client: SplunkClient;
  readonly #control = new AbortController();
  readonly #pages: AsyncGenerator<RowPage>;

  constructor(
    client: SplunkClient,
    start: (client: SplunkClient, signal: AbortSignal) => AsyncGenerator<RowPage>,
  ) {
    this.#client = client;
    this.#pages = start(client, this.#control.signal);
  }

  async next(signal: AbortSignal): Promise<RowPage | null> {
    const abort = () => this.#control.abort();
    signal.addEventListener('abort', abort);
    try {
      const { done, value } = await this.#pages.next();
      return done ? null : value;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    this.#control.abort();
    // A job that was started is removed by the generator's end.
    await this.#pages.return(undefined).catch(() => undefined);
    await this.#client.close();
  }
}

type RowTarget = { readonly app?: string } & (
  | { readonly index: string; readonly source?: string; readonly sourcetype?: string; readonly host?: string }
  | { readonly lookup: string }
  | { readonly collection: string }
);

function targetOfRows(to: unknown): RowTarget {
  const given = (to ?? {}) as Record<string, unknown>;
  const kinds = ['index', 'lookup', 'collection'].filter((kind) => typeof given[kind] === 'string');
  if (kinds.length === 1) return given as unknown as RowTarget;
  throw new KeplerError(
    'invalid_arguments',
    'sendResults: name one of { index }, { lookup } and { collection } that the rows go to.',
  );
}

function rowsOf(body: Uint8Array | undefined): readonly OutRow[] {
  const rows: unknown = body ? JSON.parse(Buffer.from(body).toString('utf8')) : [];
  const isRow = (row: unknown): row is Row => row !== null && typeof row === 'object' && !Array.isArray(row);
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw new KeplerError(
    'invalid_arguments',
    'sendResults: rows must be a list of objects, a field a property.',
  );
}

function textArgument(method: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new KeplerError('invalid_arguments', `${method}: ${name} is missing.`);
}

async function validate(parts: SplunkParts, caller: SplunkCaller, expected: Expected): Promise<Finding[]> {
  const client = new SplunkClient(targetOf(parts.settings(), caller.session, caller.service ?? false));
  const names = caller.session
    ? {
        address: 'KEPLER_SPLUNK_URL',
        certificate: 'KEPLER_SPLUNK_FINGERPRINT or KEPLER_SPLUNK_CA_FILE',
        token: 'the search itself: its session has ended',
      }
    : {
        address: 'KEPLER_SPLUNK_URL',
        certificate: 'KEPLER_SPLUNK_FINGERPRINT or KEPLER_SPLUNK_CA_FILE',
        token: 'KEPLER_SPLUNK_TOKEN_FILE',
      };
  try {
    const findings = await validateSplunkd(client, expected, names);
    return [...findings, ...(await validateCollector(parts))];
  } finally {
    await client.close();
  }
}

/** A batch without an event: the collector looks at the token before it says that there is none. */
async function validateCollector(parts: SplunkParts): Promise<Finding[]> {
  const door = parts.index();
  if (!door) return [];
  const collector = new Collector(door.settings);
  try {
    const answer = await collector.send([]);
    const finding = (subject: Finding['subject'], ok: boolean, text: string): Finding => ({
      subject,
      of: 'hec',
      ok,
      text,
    });
    if (answer.kind === 'refused' || answer.kind === 'taken')
      return [
        finding('address', true, 'The collector answers.'),
        finding('token', true, 'It knows the token.'),
      ];
    if (answer.kind === 'misconfigured')
      return [finding('token', false, `${answer.reason}. Give a valid one in KEPLER_HEC_TOKEN_FILE.`)];
    const certificate = /certificate|self.signed|altname/i.test(answer.reason);
    return [
      finding(
        certificate ? 'certificate' : 'address',
        false,
        certificate
          ? `${answer.reason}. Set KEPLER_HEC_FINGERPRINT or KEPLER_HEC_CA_FILE.`
          : `${answer.reason}. Correct KEPLER_HEC_URL.`,
      ),
    ];
  } finally {
    await collector.close();
  }
}

import { KeplerError } from '../../../../container/contract/errors.ts';
import type { Message, RawOptions, ResultTable } from '../../../../container/contract/requests.ts';
import { appAcl, appAcls } from '../../bridge/acl.ts';
import { fetchContext, type UserContext } from '../../bridge/roles.ts';
import { Runtime } from '../../bridge/runtime.ts';
import { readSettings, splunkHomeOf } from '../../bridge/settings.ts';
import { Splunkd } from '../../bridge/splunkd.ts';
import type { Session } from '../command.ts';

/** What is asked of a runtime besides a search's work is answered at once, or the runtime does not answer. */
const SILENCE_MS = 5000;
const CONNECT_MS = 2000;

export interface Question {
  readonly name?: string;
  readonly options: RawOptions;
}

/** One thing that changed. */
export interface Change {
  readonly object: string;
  readonly change: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Of a verb that answers rows of its own. */
export interface Answer {
  readonly changes: readonly Change[];
  readonly table: ResultTable;
}

/** What answers on the search head have at hand: its settings, splunkd as the user, and the runtimes. */
export class Head {
  readonly session: Session;
  readonly splunkHome: string;
  readonly splunkd: Splunkd;
  readonly who: UserContext;
  readonly messages: Message[] = [];
  readonly #opened = new Map<string, Runtime>();

  private constructor(session: Session, splunkHome: string, splunkd: Splunkd, who: UserContext) {
    this.session = session;
    this.splunkHome = splunkHome;
    this.splunkd = splunkd;
    this.who = who;
  }

  static async open(session: Session): Promise<Head> {
    const { splunkdUri, sessionKey, user } = session.search;
    const splunkHome = splunkHomeOf(session.env);
    const messages: Message[] = [];
    let who: UserContext = { roles: [], capabilities: [] };
    try {
      who = await fetchContext(splunkdUri, sessionKey);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      messages.push({
        level: 'WARN',
        text: `The roles and capabilities of ${user} are not known (${error.message}), so nothing can be changed in this search.`,
      });
    }
    const head = new Head(session, splunkHome, new Splunkd(splunkdUri, sessionKey), who);
    head.messages.push(...messages);
    return head;
  }

  get env(): Session['env'] {
    return this.session.env;
  }

  holds(capability: string): boolean {
    return this.who.capabilities.includes(capability);
  }

  /** The runtime of `[runtime:<name>]`. @throws KeplerError configuration */
  runtime(name = 'main', override: { readonly url?: string; readonly fingerprint?: string } = {}): Runtime {
    const key = JSON.stringify([name, override]);
    let runtime = this.#opened.get(key);
    if (!runtime) {
      const env =
        override.url === undefined
          ? this.env
          : {
              ...this.env,
              KEPLER_RUNTIME_URL: override.url,
              KEPLER_RUNTIME_FINGERPRINT: override.fingerprint,
            };
      const settings = readSettings(env, override.url === undefined ? name : 'main');
      const { user, app, sid } = this.session.search;
      runtime = new Runtime(
        { ...settings, connectMs: Math.min(settings.connectMs, CONNECT_MS) },
        {
          sub: user,
          app,
          ...this.who,
          sid,
          acl: appAcl(this.splunkHome, app),
          apps: appAcls(this.splunkHome, app),
        },
      );
      this.#opened.set(key, runtime);
    }
    return runtime;
  }

  /** Asks a runtime for a table. @throws KeplerError */
  table(runtime: Runtime, path: string, request: unknown, repeatable: boolean): Promise<ResultTable> {
    return runtime.ask<ResultTable>('POST', path, request, { repeatable, silenceMs: SILENCE_MS });
  }

  close(): void {
    for (const runtime of this.#opened.values()) runtime.close();
  }
}

/** Rows of a table by field name; a multivalue cell stays a list. */
export function recordsOf({
  fields,
  rows,
}: ResultTable): Record<string, string | readonly string[] | null>[] {
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [fields[i], cell] as const)));
}

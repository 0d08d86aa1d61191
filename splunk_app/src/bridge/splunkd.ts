import { KeplerError } from '../../../container/contract/errors.ts';
import { fetchText, type Fetched, type FetchOptions } from './fetch.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const DEADLINE_MS = 5000;
const MAX_BYTES = 4 << 20;

export type Form = Readonly<Record<string, string>>;

/** splunkd's REST, as the user who searches. */
export class Splunkd {
  readonly #uri: string;
  readonly #sessionKey: string;

  constructor(uri: string, sessionKey: string) {
    this.#uri = uri;
    this.#sessionKey = sessionKey;
  }

  /**
   * One request; any status is an answer. Rejects with `configuration` and a reason for people where splunkd cannot be asked.
   * @param path below `/services` or `/servicesNS`, its parts encoded
   */
  async ask(method: NonNullable<FetchOptions['method']>, path: string, form?: Form): Promise<Fetched> {
    if (!this.#sessionKey || !this.#uri) throw unknown('splunkd gave this search no session key');
    let url: URL;
    try {
      url = new URL(`${path}${path.includes('?') ? '&' : '?'}output_mode=json`, this.#uri);
    } catch {
      throw unknown(`${JSON.stringify(this.#uri)} is no address`);
    }
    // A line end in it would begin another header.
    if (/[^\x21-\x7e]/.test(this.#sessionKey)) throw unknown('the session key is none');
    try {
      return await fetchText(url, {
        method,
        headers: {
          authorization: `Splunk ${this.#sessionKey}`,
          accept: 'application/json',
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form && { body: new URLSearchParams(form).toString() }),
        // splunkd signs its own certificate unless an administrator replaced it. On loopback nobody stands in between who could
        // not read this process's memory as well; elsewhere the certificate must be trusted by the system.
        trustAll: LOOPBACK.has(url.hostname),
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_BYTES,
      });
    } catch (error) {
      throw unknown(`splunkd at ${url.origin} cannot be asked (${(error as Error).message})`);
    }
  }

  /**
   * The first entry's content and ACL; undefined where splunkd knows no such thing.
   * @throws KeplerError forbidden, configuration
   */
  async entry(path: string): Promise<Entry | undefined> {
    const reply = await this.ask('GET', path);
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw refused(reply, `read ${path}`);
    const { entry } = JSON.parse(reply.text) as { entry?: Entry[] };
    return entry?.[0];
  }

  /** @param doing completes "splunkd did not let you …" @throws KeplerError forbidden, configuration */
  async post(path: string, form: Form, doing: string): Promise<void> {
    const reply = await this.ask('POST', path, form);
    if (reply.status < 200 || reply.status > 299) throw refused(reply, doing);
  }

  /** A stanza of one of the app's conf files, with what it ships and what was set. @throws KeplerError as `entry` */
  async conf(file: string, stanza: string): Promise<Entry | undefined> {
    return this.entry(`${confPath(file)}/${encodeURIComponent(stanza)}`);
  }

  /** Writes settings into a stanza of the app's local/kepler.conf (or another), which is made where it does not exist. */
  async writeConf(stanza: string, settings: Form, file = 'kepler'): Promise<void> {
    const path = `${confPath(file)}/${encodeURIComponent(stanza)}`;
    const doing = `write [${stanza}] of ${file}.conf`;
    if (await this.conf(file, stanza)) await this.post(path, settings, doing);
    else await this.post(confPath(file), { name: stanza, ...settings }, doing);
  }
}

const confPath = (file: string): string => `/servicesNS/nobody/kepler/configs/conf-${file}`;

export interface Entry {
  readonly content: Readonly<Record<string, unknown>>;
  readonly acl?: { readonly sharing?: string; readonly perms?: Readonly<Record<string, string[]>> | null };
}

/** What splunkd says in a refusal, in its own words. */
function refused({ status, text }: Fetched, doing: string): KeplerError {
  let said = '';
  try {
    const { messages = [] } = JSON.parse(text) as { messages?: { text?: string }[] };
    said = messages.map((message) => message.text ?? '').join(' ');
  } catch {
    // Not JSON: the status says it.
  }
  const forbidden = status === 401 || status === 403;
  return new KeplerError(
    forbidden ? 'forbidden' : 'configuration',
    `splunkd did not ${doing} (status ${status}${said ? `: ${said}` : ''}).${forbidden ? ' Ask an administrator for the role kepler_admin, or for write permission on the app kepler.' : ''}`,
  );
}

const unknown = (why: string): KeplerError => new KeplerError('configuration', why);

import { join } from 'node:path';
import type { MultivalueColumns } from '../table/csv-writer.ts';
import { SplError } from '../spl/pipeline.ts';
import { IndexStore } from '../indexes/index-store.ts';
import { AppCommands } from '../splunkd/apps.ts';
import { SplunkHome } from '../splunkd/home.ts';
import { appMacros } from './app-macros.ts';
import type { Message } from './job.ts';
import { Job } from './job.ts';
import { Lookups } from './lookups.ts';
import type { ChunkSettings } from './settings.ts';
import { DEFAULT_CHUNKS } from './settings.ts';

export interface SearchOptions {
  readonly search: string;
  /** `admin` where nobody is named. */
  readonly user?: string;
  /** The app that the search runs in, `kepler` by default. */
  readonly app?: string;
  /** The range of time for searches of indexes, such as `-24h` and `now`; all time where they are empty. */
  readonly earliest?: string;
  readonly latest?: string;
  /** Folders whose CSV files are lookups of this search. */
  readonly lookups?: readonly string[];
  readonly chunks?: Partial<ChunkSettings>;
  readonly multivalue?: MultivalueColumns;
  /** A search id of the caller's own. */
  readonly sid?: string;
  /** Events tell where they lie (`_bkt`, `_cd`). */
  readonly addresses?: boolean;
  readonly onProgress?: (command: string, rows: number) => void;
  readonly onMessage?: (message: Message) => void;
}

let searches = 0;

/** An id as splunkd gives: seconds, and a number that no other search of this process has. */
function nextSid(): string {
  return `${Math.floor(Date.now() / 1000)}.${process.pid}${String(++searches).padStart(3, '0')}`;
}

/** The search made ready to run, under a session that is open already. */
export function prepareSearch(
  home: SplunkHome,
  session: { readonly splunkdUri: string; readonly sessionKey: string },
  options: SearchOptions,
): Job {
  const { user = 'admin', app = 'kepler', search } = options;
  const commands = new AppCommands(home.path);
  if (!commands.hasApp(app)) throw new SplError(`There is no app '${app}' in ${home.path}/etc/apps.`);
  const sid = options.sid ?? nextSid();
  return new Job({
    identity: {
      ...session,
      sid,
      app,
      user,
      dispatchDir: join(home.dispatch, sid),
      search,
      earliest: options.earliest ?? '',
      latest: options.latest ?? '',
    },
    commands,
    indexes: new IndexStore(home.path),
    macros: appMacros(home.path, user, app),
    lookups: new Lookups(options.lookups ?? [], [home.lookups(app), home.lookups('search')]),
    chunks: { ...DEFAULT_CHUNKS, ...options.chunks },
    multivalue: options.multivalue ?? 'all',
    addresses: options.addresses ?? false,
    environment: { ...process.env, SPLUNK_HOME: home.path },
    onProgress: options.onProgress,
    onMessage: options.onMessage,
  });
}

/** Opens a session for the user and makes the search ready to run. The session ends with `close`. */
export async function openSearch(
  head: { readonly splunkHome: string; readonly splunkd: string },
  options: SearchOptions,
): Promise<{ job: Job; close: () => Promise<void> }> {
  const { user = 'admin' } = options;
  const home = new SplunkHome(head.splunkHome);
  const sessionKey = await login(head.splunkd, user, home.password);
  const close = () => logout(head.splunkd, sessionKey);
  try {
    return { job: prepareSearch(home, { splunkdUri: head.splunkd, sessionKey }, options), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function login(splunkd: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${splunkd}/services/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username, password, output_mode: 'json' }),
  });
  if (!response.ok)
    throw new Error(
      `The sandbox's splunkd at ${splunkd} refused the session of '${username}' (${response.status}).`,
    );
  return ((await response.json()) as { sessionKey: string }).sessionKey;
}

async function logout(splunkd: string, sessionKey: string): Promise<void> {
  // A sandbox that stopped meanwhile has forgotten its sessions anyway.
  await fetch(`${splunkd}/services/authentication/httpauth-tokens`, {
    method: 'DELETE',
    headers: { authorization: `Splunk ${sessionKey}` },
  }).catch(() => undefined);
}

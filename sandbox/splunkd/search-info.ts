import { splitRaw } from '../spl/arguments.ts';
import { timeOf } from '../spl/time-modifier.ts';
import type { Metadata } from './command-process.ts';

/** What a search tells its commands about itself. */
export interface SearchIdentity {
  readonly sid: string;
  readonly app: string;
  readonly user: string;
  readonly sessionKey: string;
  readonly splunkdUri: string;
  readonly dispatchDir: string;
  /** The whole search as typed. */
  readonly search: string;
  /** The range of time as it was given, such as `-24h` and `now`; empty for all time. */
  readonly earliest: string;
  readonly latest: string;
}

export const SPLUNK_VERSION = '10.0.1';
/** Rows that a generating command may give in one reply. */
export const MAX_RESULT_ROWS = 50_000;

/** Commands are told seconds since 1970, and 0 where the range has no such end. */
function boundary(time: string, { sid }: SearchIdentity): string {
  return time === '' ? '0' : String(timeOf(time, Number(sid.split('.')[0])));
}

/** The request `getinfo`. A parse-only probe knows no search id and no folder. */
export function getInfo(command: string, args: string, search: SearchIdentity, probe: boolean): Metadata {
  const words = splitRaw(args);
  return {
    action: 'getinfo',
    preview: false,
    streaming_command_will_restart: false,
    searchinfo: {
      args: words.map((word) => word.text),
      raw_args: words.map((word) => word.raw),
      dispatch_dir: probe ? '' : search.dispatchDir,
      sid: probe ? '' : search.sid,
      app: search.app,
      owner: search.user,
      username: search.user,
      session_key: search.sessionKey,
      splunkd_uri: search.splunkdUri,
      splunk_version: SPLUNK_VERSION,
      search: encodeURIComponent(search.search),
      command,
      maxresultrows: MAX_RESULT_ROWS,
      earliest_time: boundary(search.earliest, search),
      latest_time: boundary(search.latest, search),
    },
  };
}

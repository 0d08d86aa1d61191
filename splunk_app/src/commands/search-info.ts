import type { SearchContext } from '../../../container/contract/requests.ts';
import { ProtocolError } from '../protocol/frame-reader.ts';

/** What getinfo says about the search; nothing of it is repeated later. */
export interface SearchInfo {
  readonly rawArgs: string | readonly string[];
  readonly sid: string;
  readonly app: string;
  readonly user: string;
  readonly sessionKey: string;
  readonly splunkdUri: string;
  readonly maxResultRows: number;
  /** The whole search, decoded. */
  readonly search: string;
  /** splunkd only wants to know how the command behaves: nothing may be asked of network or disk. */
  readonly probe: boolean;
  readonly context: SearchContext;
}

/** Reads a getinfo request's metadata. Throws `ProtocolError` where it is none. */
export function readSearchInfo(metadata: Readonly<Record<string, unknown>>): SearchInfo {
  const info = metadata.searchinfo;
  if (typeof info !== 'object' || info === null) {
    throw new ProtocolError('The getinfo request has no searchinfo.');
  }
  const fields = info as Record<string, unknown>;
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  };
  const sid = text('sid');
  const search = decode(text('search'));
  return {
    rawArgs: argumentsOf(fields),
    sid,
    app: text('app') || 'search',
    user: text('owner') || text('username') || 'nobody',
    sessionKey: text('session_key'),
    splunkdUri: text('splunkd_uri'),
    maxResultRows: Number(text('maxresultrows')) || 50_000,
    search,
    probe: isProbe(sid),
    context: {
      sid,
      ...(search && { search }),
      ...(text('earliest_time') && { earliest: text('earliest_time') }),
      ...(text('latest_time') && { latest: text('latest_time') }),
      ...(text('splunk_version') && { splunkVersion: text('splunk_version') }),
    },
  };
}

/** A parse-only run has no search id, or one made up for it. */
function isProbe(sid: string): boolean {
  return sid === '' || sid === 'tmp' || sid.startsWith('searchparsetmp') || sid.endsWith('_tmp');
}

/** `raw_args` keeps quotes; where a caller gives only `args`, those that hold blanks were quoted. */
function argumentsOf(fields: Record<string, unknown>): string | string[] {
  if (typeof fields.raw_args === 'string') return fields.raw_args;
  if (Array.isArray(fields.raw_args)) return fields.raw_args.map(String);
  if (!Array.isArray(fields.args)) return [];
  return fields.args.map((arg) => {
    const text = String(arg);
    return /[\s,]/.test(text) && !/^\w+\s*=/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

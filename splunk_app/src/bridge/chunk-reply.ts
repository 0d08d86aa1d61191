import { KeplerError } from '../../../container/contract/errors.ts';
import type { ReplyMeta } from '../../../container/contract/requests.ts';
import { CONTRACT_VERSION } from '../../../container/contract/version.ts';
import { HEADERS, MEDIA } from '../../../container/contract/wire.ts';
import type { ReplyHandler, ReplyHead } from './reply-reader.ts';

/** Where a reply's table goes. */
export interface TableSink {
  /** The metadata is there, and `bytes` bytes of table will follow. */
  begin(meta: ReplyMeta, bytes: number): void;
  write(bytes: Uint8Array): void;
}

/** Takes splice lists; see `weaver.ts`. */
export interface ListSink {
  /** Room for a list of so many bytes. */
  list(bytes: number): Buffer;
  /** The list is whole. Returns the length of the table it makes, or throws `bad_reply`. */
  check(): number;
  weave(write: (bytes: Uint8Array) => void): void;
}

const MAX_META = 16 << 20;
const MAX_JSON = 64 << 20;

/**
 * Takes the reply to a chunk: metadata first, then a table that is passed on as it comes, or a splice list that is gathered,
 * checked and woven. Error replies become the KeplerError they describe.
 */
export class ChunkReply implements ReplyHandler {
  readonly #table: TableSink;
  readonly #lists: ListSink | null;
  #kind: 'csv' | 'splice' | 'error' = 'error';
  #gathered: Buffer = Buffer.alloc(0);
  #filled = 0;
  #metaLength = 0;
  #bodyLength = 0;
  #meta: ReplyMeta | null = null;

  constructor(table: TableSink, lists: ListSink | null) {
    this.#table = table;
    this.#lists = lists;
  }

  /** The metadata of a reply that came whole. */
  get meta(): ReplyMeta {
    if (!this.#meta) throw unreadable('it ended before its metadata');
    return this.#meta;
  }

  head(head: ReplyHead): void {
    checkContract(head);
    const media = mediaType(head);
    if (head.status !== 200) {
      if (head.contentLength > MAX_JSON) throw unreadable('its error is too long');
      this.#kind = 'error';
      this.#gathered = Buffer.alloc(head.contentLength);
      return;
    }
    if (media === MEDIA.csv) this.#kind = 'csv';
    else if (media === MEDIA.splice && this.#lists) this.#kind = 'splice';
    else throw unreadable(`its content-type is ${media || 'missing'}`);
    const length = head.headers.get(HEADERS.metaLength) ?? '';
    this.#metaLength = /^\d{1,9}$/.test(length) ? Number(length) : -1;
    if (this.#metaLength < 0 || this.#metaLength > Math.min(MAX_META, head.contentLength)) {
      throw unreadable(`${HEADERS.metaLength} is ${length || 'missing'}`);
    }
    this.#bodyLength = head.contentLength - this.#metaLength;
    this.#gathered = Buffer.allocUnsafe(this.#metaLength);
    if (this.#metaLength === 0) throw unreadable('it has no metadata');
  }

  body(bytes: Buffer): void {
    let rest = bytes;
    if (!this.#meta && this.#filled < this.#gathered.length) {
      rest = this.#gather(rest);
      if (this.#filled < this.#gathered.length || this.#kind === 'error') return;
      this.#beginTable(parseMeta(this.#gathered));
    }
    if (rest.length === 0) return;
    if (this.#kind === 'splice') this.#gather(rest);
    else this.#table.write(rest);
  }

  end(): void {
    if (this.#kind === 'error') throw parseError(this.#gathered);
    if (this.#kind === 'csv') return;
    const lists = this.#lists!;
    this.#table.begin(this.meta, lists.check());
    lists.weave((bytes) => this.#table.write(bytes));
  }

  #beginTable(meta: ReplyMeta): void {
    this.#meta = meta;
    if (this.#kind === 'csv') {
      this.#table.begin(meta, this.#bodyLength);
      return;
    }
    this.#gathered = this.#lists!.list(this.#bodyLength);
    this.#filled = 0;
  }

  /** Fills what is being gathered; returns the bytes that come after. */
  #gather(bytes: Buffer): Buffer {
    const count = bytes.copy(this.#gathered, this.#filled);
    this.#filled += count;
    return bytes.subarray(count);
  }
}

/** Takes a short JSON reply. */
export class JsonReply implements ReplyHandler {
  #status = 0;
  #gathered: Buffer = Buffer.alloc(0);
  #filled = 0;
  value: unknown = null;

  head(head: ReplyHead): void {
    checkContract(head);
    if (head.contentLength > MAX_JSON) throw unreadable('it is too long');
    this.#status = head.status;
    this.#gathered = Buffer.allocUnsafe(head.contentLength);
  }

  body(bytes: Buffer): void {
    this.#filled += bytes.copy(this.#gathered, this.#filled);
  }

  end(): void {
    if (this.#status < 200 || this.#status > 299) throw parseError(this.#gathered);
    if (this.#gathered.length === 0) return;
    try {
      this.value = JSON.parse(this.#gathered.toString('utf8'));
    } catch {
      throw unreadable('it is not JSON');
    }
  }
}

const mediaType = (head: ReplyHead): string => (head.headers.get('content-type') ?? '').split(';')[0].trim();

function checkContract(head: ReplyHead): void {
  const version = head.headers.get(HEADERS.contract);
  if (version === String(CONTRACT_VERSION)) return;
  // An error page of something in between, or of another program on this port.
  if (version === undefined)
    throw unreadable(
      `status ${head.status}, without a ${HEADERS.contract} header: is this a Kepler runtime?`,
    );
  throw new KeplerError(
    'contract_mismatch',
    `The Kepler runtime speaks version ${version} of the contract, this app version ${CONTRACT_VERSION}. Install app and runtime of the same release.`,
  );
}

function parseMeta(bytes: Buffer): ReplyMeta {
  try {
    const meta = JSON.parse(bytes.toString('utf8')) as ReplyMeta;
    if (meta && Array.isArray(meta.messages)) return meta;
  } catch {
    // Answered below.
  }
  throw unreadable('its metadata cannot be understood');
}

function parseError(bytes: Buffer): KeplerError {
  try {
    return KeplerError.fromBody(JSON.parse(bytes.toString('utf8')));
  } catch {
    return KeplerError.fromBody(null);
  }
}

const unreadable = (why: string): KeplerError =>
  new KeplerError(
    'bad_reply',
    `The reply of the Kepler runtime cannot be read: ${why}. Check the address in kepler.conf [runtime:main], and that app and runtime are of the same release.`,
  );

/**
 * The body of DSDL's calls, `{"data": "<CSV>", "meta": {…}}`, taken apart without making text of the CSV: a million rows are
 * some hundred megabytes, and V8's longest string would end them at five hundred.
 */
import { KeplerError } from '../../contract/errors.ts';

export interface SplitBody {
  /** Where the CSV lies in the bytes that were handed in, decoded; undefined where there is no text `data`. */
  readonly csv: { readonly start: number; readonly end: number } | undefined;
  /** The whole object, `data` empty where it was text. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LETTER_U = 0x75;

/** What stands for itself behind a backslash, or for a control character. */
const SIMPLE: Readonly<Record<number, number>> = {
  0x22: 0x22,
  0x5c: 0x5c,
  0x2f: 0x2f,
  0x62: 0x08,
  0x66: 0x0c,
  0x6e: 0x0a,
  0x72: 0x0d,
  0x74: 0x09,
};

/**
 * @param bytes JSON as UTF-8; the CSV in it is decoded in place, as it never grows by that
 * @throws KeplerError bad_request
 */
export function splitBody(bytes: Buffer): SplitBody {
  const places = findData(bytes);
  const rest = places
    ? Buffer.concat([bytes.subarray(0, places.start), Buffer.from('""'), bytes.subarray(places.end)])
    : bytes;
  let parsed: unknown;
  try {
    parsed = JSON.parse(rest.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw notJson((error as Error).message.replace(/ in JSON at position \d+.*$/s, ''));
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw notJson('it is no object');
  const csv = places && {
    start: places.start + 1,
    end: decodeInPlace(bytes, places.start + 1, places.end - 1),
  };
  return { csv, rest: parsed as Record<string, unknown> };
}

/** Where the text of the last `data` of the outermost object stands, quotes included. */
function findData(bytes: Buffer): { start: number; end: number } | undefined {
  let at = afterBlank(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
  if (bytes[at] !== OPEN_BRACE) throw notJson('it does not begin with {');
  let found: { start: number; end: number } | undefined;
  at = afterBlank(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const keyEnd = stringEnd(bytes, at);
    const isData = bytes.toString('latin1', at + 1, keyEnd - 1) === 'data';
    at = afterBlank(bytes, keyEnd);
    if (bytes[at] !== COLON) break;
    const start = afterBlank(bytes, at + 1);
    const end = valueEnd(bytes, start);
    if (isData) found = bytes[start] === QUOTE ? { start, end } : undefined;
    at = afterBlank(bytes, end);
    if (bytes[at] !== COMMA) break;
    at = afterBlank(bytes, at + 1);
  }
  // Whatever is wrong with the rest is found by the parser that reads it.
  return found;
}

function afterBlank(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** The place behind the closing quote of the string that begins at `start`. */
function stringEnd(bytes: Buffer, start: number): number {
  for (let at = start + 1; ; at++) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) throw notJson('a text in it does not end');
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}

function valueEnd(bytes: Buffer, start: number): number {
  if (bytes[start] === QUOTE) return stringEnd(bytes, start);
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COMMA) && depth === 0) return at;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  throw notJson('it ends too early');
}

/** Turns the escapes between `start` and `end` into what they mean. Returns where the text ends then. */
function decodeInPlace(bytes: Buffer, start: number, end: number): number {
  let read = start;
  let write = start;
  while (read < end) {
    const next = bytes.indexOf(BACKSLASH, read);
    const until = next < 0 || next >= end ? end : next;
    if (write !== read) bytes.copyWithin(write, read, until);
    write += until - read;
    read = until;
    if (read >= end) break;
    const simple = SIMPLE[bytes[read + 1]];
    if (simple !== undefined) {
      bytes[write++] = simple;
      read += 2;
    } else if (bytes[read + 1] === LETTER_U) {
      const [text, length] = unicode(bytes, read);
      write += bytes.write(text, write, 'utf8');
      read += length;
    } else throw notJson('there is a stray backslash in "data"');
  }
  return write;
}

/** The character that an escape `\uXXXX` stands for, or a pair of them, and how long the escape is. */
function unicode(bytes: Buffer, at: number): [string, number] {
  const first = unit(bytes, at);
  if (first >= 0xd800 && first < 0xdc00 && bytes[at + 6] === BACKSLASH && bytes[at + 7] === LETTER_U) {
    const second = unit(bytes, at + 6);
    if (second >= 0xdc00 && second < 0xe000) return [String.fromCharCode(first, second), 12];
  }
  // Half a pair alone becomes the replacement character as it is written.
  return [String.fromCharCode(first), 6];
}

function unit(bytes: Buffer, at: number): number {
  const digits = bytes.toString('latin1', at + 2, at + 6);
  if (!/^[0-9a-f]{4}$/i.test(digits)) throw notJson('there is a wrong \\u in "data"');
  return Number.parseInt(digits, 16);
}

function notJson(why: string): KeplerError {
  return new KeplerError(
    'bad_request',
    `The body cannot be read as JSON (${why}). It must be {"data": "<CSV>", "meta": {…}}.`,
  );
}

import type { IndexedEvent } from '../indexes/index-store.ts';
import { HecError } from './codes.ts';
import type { HecToken } from './tokens.ts';

export interface ReceivedEvent {
  readonly index: string;
  readonly event: IndexedEvent;
}

const EVENT_BYTES = 5 << 20;

/** The end of the JSON object that begins at a position; -1 where it has none. */
function objectEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at += 1;
    } else if (char === '{' || char === '[') depth += 1;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return -1;
}

/**
 * The events of a body: JSON objects one after another, also inside arrays. Those before a wrong one have been given when the
 * error is thrown.
 * @throws HecError
 */
export function* readEvents(
  body: string,
  token: HecToken,
  indexes: readonly string[],
): Generator<ReceivedEvent> {
  let at = 0;
  let count = 0;
  for (;;) {
    while (/\s/.test(body[at] ?? '')) at += 1;
    if (at >= body.length) break;
    const end = objectEnd(body, at);
    if (end < 0 || !/[{[]/.test(body[at])) throw new HecError(6, count);
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.slice(at, end));
    } catch {
      throw new HecError(6, count);
    }
    for (const object of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
      yield readEvent(object, token, indexes, count);
      count += 1;
    }
    at = end;
  }
  if (count === 0) throw new HecError(5);
}

function readEvent(
  object: unknown,
  token: HecToken,
  indexes: readonly string[],
  number: number,
): ReceivedEvent {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw new HecError(6, number);
  const { event, time, host, source, sourcetype, index, fields } = object as Readonly<
    Record<string, unknown>
  >;
  if (event === undefined) throw new HecError(12, number);
  if (event === null || event === '') throw new HecError(13, number);
  const raw = typeof event === 'string' ? event : JSON.stringify(event);
  if (Buffer.byteLength(raw) > EVENT_BYTES) throw new HecError(6, number);
  const text = (value: unknown, fallback: string): string => {
    if (value === undefined || value === null || value === '') return fallback;
    if (typeof value !== 'string') throw new HecError(6, number);
    return value;
  };
  const into = text(index, token.index);
  const allowed = token.indexes.length === 0 || token.indexes.includes(into);
  if (!allowed || !indexes.includes(into)) throw new HecError(7, number);
  return {
    index: into,
    event: {
      time: readTime(time, number),
      host: text(host, token.host),
      source: text(source, token.source),
      sourcetype: text(sourcetype, token.sourcetype),
      raw,
      ...(fields !== undefined && { fields: readFields(fields, number) }),
    },
  };
}

/** Seconds as a number, or as text of one; now where nothing is said. */
function readTime(time: unknown, number: number): number {
  if (time === undefined || time === null) return Date.now() / 1000;
  const seconds = typeof time === 'string' && time.trim() !== '' ? Number(time) : time;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) throw new HecError(6, number);
  return seconds;
}

/** Flat: texts, numbers and truth values, or lists of texts. */
function readFields(fields: unknown, number: number): Record<string, string | string[]> {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw new HecError(15, number);
  const flat = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => {
        if (flat(value)) return [name, String(value)];
        if (!Array.isArray(value) || !value.every(flat)) throw new HecError(15, number);
        return [name, value.map(String)];
      }),
  );
}

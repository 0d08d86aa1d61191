import type { Cell } from '../table/cell.ts';
import { cellFrom } from '../table/cell.ts';
import { numberText } from '../spl/expression/values.ts';
import type { IndexedEvent } from './index-store.ts';

const PAIR = /(?:^|[\s,;|])([A-Za-z_][\w.]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;|"]+))/g;

/** The fields of an event: those that were indexed, and those found in its text, as JSON or as `key=value`. */
export function fieldsOf(event: IndexedEvent, index: string): Map<string, Cell> {
  const fields = new Map<string, Cell>([
    ['_time', numberText(event.time)],
    ['_raw', event.raw],
    ['host', event.host],
    ['source', event.source],
    ['sourcetype', event.sourcetype],
    ['index', index],
  ]);
  const found = new Map<string, string[]>();
  const add = (name: string, value: string) => {
    if (fields.has(name)) return;
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  };
  const parsed = parseObject(event.raw);
  if (parsed) flatten(parsed, '', add);
  else for (const [, name, quoted, plain] of event.raw.matchAll(PAIR)) add(name, quoted ?? plain);
  for (const [name, values] of found) fields.set(name, cellFrom(values));
  for (const [name, value] of Object.entries(event.fields ?? {})) {
    fields.set(name, typeof value === 'string' ? value : cellFrom(value));
  }
  return fields;
}

function parseObject(raw: string): Readonly<Record<string, unknown>> | null {
  if (!/^\s*\{/.test(raw)) return null;
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** `{"a":{"b":1},"c":[1,2]}` gives `a.b` and `c{}`, as Splunk's KV_MODE=json. */
function flatten(value: unknown, path: string, add: (name: string, value: string) => void): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) flatten(item, `${path}{}`, add);
  } else if (typeof value === 'object') {
    for (const [name, inner] of Object.entries(value))
      flatten(inner, path === '' ? name : `${path}.${name}`, add);
  } else {
    add(path, String(value));
  }
}

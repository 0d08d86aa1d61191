/**
 * Writes the pages' languages as Splunk's own catalogues, `locale/<language>/LC_MESSAGES/messages.{po,mo}` of the app, from the
 * very files that the pages are built from: labels of views and navigation are translated by Splunk, not by a page.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labels } from '../ui/i18n/es/labels.ts';
import { es } from '../ui/i18n/es.ts';

export const CATALOGUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  es_ES: { ...es.texts, ...labels },
};

const HEADER =
  'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n';

const quoted = (text: string): string => JSON.stringify(text);

function entriesOf(texts: Readonly<Record<string, string>>): [string, string][] {
  const entries: [string, string][] = [['', HEADER], ...Object.entries(texts)];
  // By bytes, as readers of the compiled form search them.
  return entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export function poOf(texts: Readonly<Record<string, string>>): string {
  return entriesOf(texts)
    .map(([id, text]) => `msgid ${quoted(id)}\nmsgstr ${quoted(text)}\n`)
    .join('\n');
}

/** The compiled form (gettext manual, "The Format of GNU MO Files"): a head, two tables of lengths and places, the texts. */
export function moOf(texts: Readonly<Record<string, string>>): Buffer {
  const entries = entriesOf(texts);
  const HEAD = 28;
  const tables = HEAD + entries.length * 16;
  const head = Buffer.alloc(tables);
  const values = [0x950412de, 0, entries.length, HEAD, HEAD + entries.length * 8, 0, tables];
  values.forEach((value, at) => head.writeUInt32LE(value, at * 4));
  const pieces: Buffer[] = [head];
  let place = tables;
  for (const side of [0, 1] as const) {
    entries.forEach((entry, at) => {
      const bytes = Buffer.from(`${entry[side]}\0`);
      const row = HEAD + side * entries.length * 8 + at * 8;
      head.writeUInt32LE(bytes.length - 1, row);
      head.writeUInt32LE(place, row + 4);
      pieces.push(bytes);
      place += bytes.length;
    });
  }
  return Buffer.concat(pieces);
}

/** @returns the files written, below `app` */
export function writeCatalogues(app: string): string[] {
  return Object.entries(CATALOGUES).flatMap(([language, texts]) => {
    const folder = join(app, 'locale', language, 'LC_MESSAGES');
    mkdirSync(folder, { recursive: true });
    const [po, mo] = [join(folder, 'messages.po'), join(folder, 'messages.mo')];
    writeFileSync(po, poOf(texts));
    writeFileSync(mo, moOf(texts));
    return [po, mo];
  });
}

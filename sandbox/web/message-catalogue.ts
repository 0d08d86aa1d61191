import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAGIC = 0x950412de;

/**
 * The texts of an app in a language, from its `locale/<language>/LC_MESSAGES/messages.mo`; empty where it has none.
 * @param locale as in an address: `es-ES`
 */
export function messagesOf(appFolder: string, locale: string): Readonly<Record<string, string>> {
  const path = join(appFolder, 'locale', locale.replace('-', '_'), 'LC_MESSAGES/messages.mo');
  return existsSync(path) ? readMo(readFileSync(path)) : {};
}

/** Texts by what they translate (gettext manual, "The Format of GNU MO Files"); the head's own entry is left out. */
export function readMo(file: Buffer): Readonly<Record<string, string>> {
  if (file.length < 28 || file.readUInt32LE(0) !== MAGIC)
    throw new Error('It is no compiled message catalogue of this byte order.');
  const [count, ids, texts] = [8, 12, 16].map((at) => file.readUInt32LE(at));
  const text = (table: number, entry: number): string => {
    const [length, from] = [0, 4].map((at) => file.readUInt32LE(table + entry * 8 + at));
    return file.toString('utf8', from, from + length);
  };
  const entries = Array.from(
    { length: count },
    (_, entry) => [text(ids, entry), text(texts, entry)] as const,
  );
  return Object.fromEntries(entries.filter(([id]) => id !== ''));
}

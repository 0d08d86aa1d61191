import { readFileSync } from 'node:fs';

/** Stanzas of a Splunk conf file, each with its settings. Settings before the first stanza belong to `default`. */
export type Conf = Map<string, Map<string, string>>;

/** Reads conf text: `[stanza]`, `key = value`, `#` comments, a backslash at a line's end goes on in the next. */
export function parseConf(text: string): Conf {
  const conf: Conf = new Map();
  let stanza = 'default';
  let unfinished = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (line.endsWith('\\')) {
      unfinished += `${line.slice(0, -1)}\n`;
      continue;
    }
    const whole = (unfinished + line).trim();
    unfinished = '';
    if (whole === '' || whole.startsWith('#')) continue;
    const header = /^\[([^\]]*)\]$/.exec(whole);
    if (header) {
      stanza = header[1];
      if (!conf.has(stanza)) conf.set(stanza, new Map());
      continue;
    }
    const equals = whole.indexOf('=');
    if (equals < 1) continue;
    const settings = conf.get(stanza) ?? new Map<string, string>();
    settings.set(whole.slice(0, equals).trim(), whole.slice(equals + 1).trim());
    conf.set(stanza, settings);
  }
  return conf;
}

/** Reads conf files one over the other; those that do not exist are left out. */
export function readConf(...paths: readonly string[]): Conf {
  const merged: Conf = new Map();
  for (const path of paths) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') continue;
      throw error;
    }
    for (const [stanza, settings] of parseConf(text)) {
      merged.set(stanza, new Map([...(merged.get(stanza) ?? []), ...settings]));
    }
  }
  return merged;
}

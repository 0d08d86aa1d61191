import { existsSync, readFileSync } from 'node:fs';

/** A conf file: stanzas by name, their settings by name. */
export type Conf = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads Splunk's conf format: `[stanza]`, `key = value`, `#` comments, lines continued by a backslash at their end. */
export function parseConf(text: string): Map<string, Map<string, string>> {
  const conf = new Map<string, Map<string, string>>();
  let stanza = 'default';
  const lines = text.replaceAll('\r\n', '\n').replace(/\\\n/g, '\n\u0000').split('\n');
  let last: { settings: Map<string, string>; key: string } | undefined;
  for (const line of lines) {
    if (line.startsWith('\u0000')) {
      if (last) last.settings.set(last.key, `${last.settings.get(last.key)}\n${line.slice(1)}`);
      continue;
    }
    last = undefined;
    const header = /^\s*\[(.*)\]\s*$/.exec(line);
    if (header) {
      stanza = header[1];
      if (!conf.has(stanza)) conf.set(stanza, new Map());
      continue;
    }
    const setting = /^\s*([^#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (!setting) continue;
    const settings = conf.get(stanza) ?? new Map<string, string>();
    conf.set(stanza, settings);
    settings.set(setting[1], setting[2]);
    last = { settings, key: setting[1] };
  }
  return conf;
}

/** The files laid over one another: settings of later ones win. Absent files count as empty. */
export function readConf(...paths: string[]): Conf {
  const merged = new Map<string, Map<string, string>>();
  for (const path of paths) {
    if (!existsSync(path)) continue;
    for (const [stanza, settings] of parseConf(readFileSync(path, 'utf8'))) {
      const into = merged.get(stanza) ?? new Map<string, string>();
      for (const [key, value] of settings) into.set(key, value);
      merged.set(stanza, into);
    }
  }
  return merged;
}

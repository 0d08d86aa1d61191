/** A value as a conf file writes it: further lines behind a backslash. */
function written(value: string): string {
  return value.replace(/\r?\n/g, '\\\n');
}

/** The lines of a stanza, its header among them; null where the text has none of that name. */
function findStanza(lines: readonly string[], stanza: string): { from: number; to: number } | null {
  const isHeader = (line: string) => /^\s*\[.*\]\s*$/.test(line);
  const from = lines.findIndex((line) => isHeader(line) && line.trim() === `[${stanza}]`);
  if (from < 0) return null;
  let to = from + 1;
  while (to < lines.length && !isHeader(lines[to])) to += 1;
  return { from, to };
}

/** The lines that one setting takes, those that a backslash continues among them. */
function findSetting(lines: readonly string[], from: number, to: number, key: string) {
  for (let at = from; at < to; at++) {
    let end = at + 1;
    while (end < to && lines[end - 1].endsWith('\\')) end += 1;
    if (/^\s*([^#=\s][^=]*?)\s*=/.exec(lines[at])?.[1] === key) return { at, end };
    at = end - 1;
  }
  return null;
}

/** The text of a conf file with settings of a stanza set; comments and everything else stay. */
export function setInConf(
  text: string,
  stanza: string,
  settings: Iterable<readonly [string, string]>,
): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  let place = findStanza(lines, stanza);
  if (!place) {
    if (lines.length > 0 && lines.at(-1)!.trim() !== '') lines.push('');
    lines.push(`[${stanza}]`);
    place = { from: lines.length - 1, to: lines.length };
  }
  for (const [key, value] of settings) {
    place = findStanza(lines, stanza)!;
    const line = `${key} = ${written(value)}`;
    const old = findSetting(lines, place.from + 1, place.to, key);
    if (old) {
      lines.splice(old.at, old.end - old.at, line);
      continue;
    }
    let end = place.to;
    while (end > place.from + 1 && lines[end - 1].trim() === '') end -= 1;
    lines.splice(end, 0, line);
  }
  return `${lines.join('\n')}\n`;
}

/** The text without the stanza. */
export function removeFromConf(text: string, stanza: string): string {
  const lines = text.split('\n');
  const place = findStanza(lines, stanza);
  if (place) lines.splice(place.from, place.to - place.from);
  return lines.join('\n');
}

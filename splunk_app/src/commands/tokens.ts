/**
 * The words of a command's arguments, as SPL users write them: `k = v`, quotes, commas, `~`. Works on `raw_args`, where quotes
 * are still there; see docs for the rules.
 */

export type Token =
  | {
      readonly kind: 'word';
      readonly text: string;
      /** Quoted words are never keywords or options. */
      readonly quoted: boolean;
      /** Whether a comma stands between this word and the one before. */
      readonly afterComma: boolean;
    }
  | { readonly kind: 'option'; readonly name: string; readonly value: string }
  /** `[…]` that splunkd has not run: only in a parse-only probe. */
  | { readonly kind: 'subsearch'; readonly text: string };

/** The arguments could not be cut into words. */
export class TokenError extends Error {}

const OPTION = /[_a-zA-Z]\w*\s*=(?!=)/y;
const NUMBER_LIST = /[-+.\deE]+(?:,[-+.\deE]+)+(?=[\s,]|$)/y;

/** Cuts `raw_args` into tokens. Throws `TokenError` at a quote that is never closed. */
export function tokenise(rawArgs: string | readonly string[]): Token[] {
  const text = typeof rawArgs === 'string' ? rawArgs : rawArgs.join(' ');
  const tokens: Token[] = [];
  let at = 0;
  let afterComma = false;
  while (at < text.length) {
    const c = text[at];
    if (c === ',' || /\s/.test(c)) {
      afterComma ||= c === ',';
      at++;
      continue;
    }
    if (c === '[') {
      const end = subsearchEnd(text, at);
      tokens.push({ kind: 'subsearch', text: text.slice(at, end) });
      at = end;
      continue;
    }
    if (c === '~') {
      tokens.push({ kind: 'word', text: '~', quoted: false, afterComma: false });
      at++;
      continue;
    }
    OPTION.lastIndex = at;
    const option = OPTION.exec(text);
    if (option) {
      at = OPTION.lastIndex;
      while (/\s/.test(text[at] ?? '')) at++;
      NUMBER_LIST.lastIndex = at;
      const list = NUMBER_LIST.exec(text);
      const value = list ? { text: list[0], end: NUMBER_LIST.lastIndex } : word(text, at, /[\s,]/);
      tokens.push({ kind: 'option', name: option[0].slice(0, -1).trimEnd(), value: value.text });
      at = value.end;
    } else {
      const found = word(text, at, /[\s,~]/);
      tokens.push({ kind: 'word', text: found.text, quoted: found.quoted, afterComma });
      at = found.end;
    }
    afterComma = false;
  }
  return tokens;
}

/** One word from `at` on, with its quotes taken off; inside quotes, `\"` is a quote and `\\` a backslash. */
function word(text: string, at: number, end: RegExp): { text: string; end: number; quoted: boolean } {
  let out = '';
  let quoted = false;
  while (at < text.length && !end.test(text[at])) {
    if (text[at] !== '"') {
      out += text[at++];
      continue;
    }
    quoted = true;
    const from = at++;
    while (text[at] !== '"') {
      if (at >= text.length) {
        throw new TokenError(`The quote that opens at ${text.slice(from, from + 30)} is never closed.`);
      }
      if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
      out += text[at++];
    }
    at++;
  }
  return { text: out, end: at, quoted };
}

function subsearchEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '"') {
      i = text.indexOf('"', i + 1);
      if (i < 0) break;
    } else if (text[i] === '[') depth++;
    else if (text[i] === ']' && --depth === 0) return i + 1;
  }
  return text.length;
}

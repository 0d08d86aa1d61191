import { SplError } from '../pipeline.ts';

export interface Token {
  readonly kind: 'number' | 'string' | 'field' | 'name' | 'operator' | 'end';
  readonly text: string;
  readonly at: number;
}

const PATTERN =
  /\s+|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w]))|(?<string>"(?:[^"\\]|\\.)*")|(?<field>'[^']*')|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<operator>==|!=|<=|>=|<>|[-+*/%.<>=(),])/gsuy;

/** Tokens of an eval expression. A dot joins texts: a field whose name holds one stands in single quotes. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(text);
    if (!match) throw new SplError(`The expression cannot be read at '${text.slice(at, at + 20)}'.`);
    for (const kind of ['number', 'string', 'field', 'name', 'operator'] as const) {
      const found = match.groups?.[kind];
      if (found !== undefined) tokens.push({ kind, text: found, at });
    }
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

import type { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { cellValues } from '../table/cell.ts';
import { wildcard } from './arguments.ts';
import { isNumeric } from './expression/values.ts';
import { SplError } from './pipeline.ts';

/** A condition of the command `search`: terms, `field=value` with wildcards, AND, OR, NOT, IN. */
export type SearchExpression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SearchExpression[] }
  | { readonly kind: 'not'; readonly part: SearchExpression }
  | { readonly kind: 'term'; readonly text: string }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: string;
      readonly values: readonly string[];
    };

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

const TOKEN =
  /\s+|(?<quoted>"(?:[^"\\]|\\.)*"|'[^']*')|(?<operator>!=|<=|>=|[=<>(),])|(?<word>(?:[^\s"=<>(),!]|!(?!=)|\([^\s()]*\)(?=\s*(?:=|!=|<|>)))+)/gsy;

export function parseSearchExpression(text: string): SearchExpression {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SplError(`Error in 'search' command: '${text.slice(at, at + 20)}' cannot be read.`);
    const { quoted, operator, word } = match.groups!;
    if (quoted !== undefined) {
      tokens.push({ text: quoted.slice(1, -1).replace(/\\(["\\])/g, '$1'), quoted: true });
    } else if (operator !== undefined || word !== undefined) {
      tokens.push({ text: operator ?? word, quoted: false });
    }
  }
  const parser = new Parser(tokens);
  const expression = parser.and();
  parser.end();
  return expression;
}

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  private peek(text: string): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && !token.quoted && token.text.toUpperCase() === text;
  }

  private accept(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at += 1;
    return true;
  }

  end(): void {
    const token = this.tokens[this.at];
    if (token) throw new SplError(`Error in 'search' command: '${token.text}' stands at a wrong place.`);
  }

  /** Terms side by side are joined by AND; OR binds tighter, as in SPL's search. */
  and(): SearchExpression {
    const parts: SearchExpression[] = [];
    while (this.at < this.tokens.length && !this.peek(')')) {
      parts.push(this.or());
      this.accept('AND');
    }
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  }

  private or(): SearchExpression {
    const parts = [this.not()];
    while (this.accept('OR')) parts.push(this.not());
    return parts.length === 1 ? parts[0] : { kind: 'or', parts };
  }

  private not(): SearchExpression {
    if (this.accept('NOT')) return { kind: 'not', part: this.not() };
    if (this.accept('(')) {
      const inner = this.and();
      if (!this.accept(')')) throw new SplError("Error in 'search' command: Unbalanced parentheses.");
      return inner;
    }
    return this.comparison();
  }

  private word(): string {
    const token = this.tokens[this.at];
    if (!token || (!token.quoted && /^[(),]$/.test(token.text))) {
      throw new SplError("Error in 'search' command: a value is expected.");
    }
    this.at += 1;
    return token.text;
  }

  private comparison(): SearchExpression {
    const field = this.word();
    const next = this.tokens[this.at];
    if (next && !next.quoted && COMPARISONS.includes(next.text)) {
      this.at += 1;
      return { kind: 'compare', field, operator: next.text, values: [this.word()] };
    }
    if (this.peek('IN') && this.tokens[this.at + 1]?.text === '(') {
      this.at += 2;
      const values = [this.word()];
      while (this.accept(',')) values.push(this.word());
      if (!this.accept(')')) throw new SplError("Error in 'search' command: Unbalanced parentheses.");
      return { kind: 'compare', field, operator: '=', values };
    }
    return { kind: 'term', text: field };
  }
}

const matcher = (value: string, anywhere: boolean): RegExp =>
  new RegExp(wildcard(anywhere ? `*${value}*` : value).source, 'i');

/** Whether a row of the batch meets the condition. */
export function bindSearch(expression: SearchExpression, batch: Batch): (row: number) => boolean {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map((part) => bindSearch(part, batch));
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = expression.parts.map((part) => bindSearch(part, batch));
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = bindSearch(expression.part, batch);
      return (row) => !part(row);
    }
    case 'term': {
      const test = matcher(expression.text, true);
      const columns = (batch.has('_raw') ? ['_raw'] : batch.fields).map((field) => batch.cells(field));
      return (row) => columns.some((cells) => cellValues(cells[row]).some((value) => test.test(value)));
    }
    case 'compare': {
      const cells = batch.cells(expression.field);
      const tests = expression.values.map((value) => comparison(expression.operator, value));
      return (row) => tests.some((test) => test(cells[row]));
    }
  }
}

/** `field!=value` asks for a row that has the field, as in SPL; `NOT field=value` does not. */
function comparison(operator: string, value: string): (cell: Cell) => boolean {
  if (operator === '=' || operator === '!=') {
    const test = matcher(value, false);
    const number = isNumeric(value) ? Number(value) : null;
    const equal = (text: string) =>
      test.test(text) || (number !== null && isNumeric(text) && Number(text) === number);
    if (operator === '=') return (cell) => cellValues(cell).some(equal);
    return (cell) => cell !== null && !cellValues(cell).some(equal);
  }
  const number = isNumeric(value) ? Number(value) : null;
  const order = (text: string) => {
    if (number !== null && isNumeric(text)) return Number(text) - number;
    return text < value ? -1 : text > value ? 1 : 0;
  };
  const holds: Readonly<Record<string, (o: number) => boolean>> = {
    '<': (o) => o < 0,
    '<=': (o) => o <= 0,
    '>': (o) => o > 0,
    '>=': (o) => o >= 0,
  };
  return (cell) => cellValues(cell).some((text) => holds[operator](order(text)));
}

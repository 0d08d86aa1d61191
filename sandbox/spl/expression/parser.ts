import { SplError } from '../pipeline.ts';
import type { Token } from './tokens.ts';
import { tokenise } from './tokens.ts';

export type Expression =
  | { readonly kind: 'constant'; readonly value: number | string | boolean | null }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'in'; readonly operand: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Reads a whole expression. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokenise(text));
  const expression = parser.or();
  parser.end();
  return expression;
}

/** Reads `name = expression, name = expression …`, as in `eval`. */
export function parseAssignments(text: string): { name: string; expression: Expression }[] {
  const parser = new Parser(tokenise(text));
  const assignments: { name: string; expression: Expression }[] = [];
  do {
    const name = parser.target();
    parser.expect('=');
    assignments.push({ name, expression: parser.or() });
  } while (parser.accept(','));
  parser.end();
  return assignments;
}

/** What a text in double quotes says. */
const unescaped = (text: string): string => text.slice(1, -1).replace(/\\(["\\])/g, '$1');

const PRECEDENCE: readonly (readonly string[])[] = [
  ['=', '==', '!=', '<>', '<', '<=', '>', '>='],
  ['.'],
  ['+', '-'],
  ['*', '/', '%'],
];
const WORDS = ['and', 'or', 'xor', 'not', 'like', 'in'];

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  private get next(): Token {
    return this.tokens[this.at];
  }

  private keyword(word: string): boolean {
    const { kind, text } = this.next;
    if (kind !== 'name' || text.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  accept(operator: string): boolean {
    if (this.next.kind !== 'operator' || this.next.text !== operator) return false;
    this.at += 1;
    return true;
  }

  expect(operator: string): void {
    if (!this.accept(operator)) throw new SplError(`'${operator}' was expected ${this.where()}.`);
  }

  end(): void {
    if (this.next.kind !== 'end') throw new SplError(`The expression is malformed ${this.where()}.`);
  }

  private where(): string {
    return this.next.kind === 'end' ? 'at its end' : `before '${this.next.text}'`;
  }

  target(): string {
    const { kind, text } = this.next;
    if (kind !== 'name' && kind !== 'field' && kind !== 'string') {
      throw new SplError(`A field's name was expected ${this.where()}.`);
    }
    this.at += 1;
    return kind === 'name' ? text : kind === 'string' ? unescaped(text) : text.slice(1, -1);
  }

  or(): Expression {
    let left = this.and();
    for (;;) {
      const operator = this.keyword('or') ? 'or' : this.keyword('xor') ? 'xor' : null;
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: this.and() };
    }
  }

  private and(): Expression {
    let left = this.not();
    while (this.keyword('and')) left = { kind: 'binary', operator: 'and', left, right: this.not() };
    return left;
  }

  private not(): Expression {
    if (this.keyword('not')) return { kind: 'unary', operator: 'not', operand: this.not() };
    return this.binary(0);
  }

  private binary(level: number): Expression {
    if (level === PRECEDENCE.length) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const { kind, text } = this.next;
      if (kind === 'operator' && PRECEDENCE[level].includes(text)) {
        this.at += 1;
        left = { kind: 'binary', operator: text, left, right: this.binary(level + 1) };
      } else if (level === 0 && this.keyword('like')) {
        left = { kind: 'call', name: 'like', args: [left, this.binary(1)] };
      } else if (level === 0 && this.keyword('in')) {
        this.expect('(');
        left = { kind: 'in', operand: left, list: this.list() };
      } else {
        return left;
      }
    }
  }

  private list(): Expression[] {
    const args: Expression[] = [];
    if (this.accept(')')) return args;
    do args.push(this.or());
    while (this.accept(','));
    this.expect(')');
    return args;
  }

  private unary(): Expression {
    if (this.accept('-')) return { kind: 'unary', operator: '-', operand: this.unary() };
    if (this.accept('+')) return this.unary();
    return this.primary();
  }

  private primary(): Expression {
    if (this.accept('(')) {
      const inner = this.or();
      this.expect(')');
      return inner;
    }
    const { kind, text } = this.next;
    const word = text.toLowerCase();
    // `like` and `in` are functions too, where a bracket follows.
    const called = ['like', 'in'].includes(word) && this.tokens[this.at + 1]?.text === '(';
    if (kind === 'end' || kind === 'operator' || (kind === 'name' && WORDS.includes(word) && !called)) {
      throw new SplError(`A value was expected ${this.where()}.`);
    }
    this.at += 1;
    if (kind === 'number') return { kind: 'constant', value: Number(text) };
    if (kind === 'string') {
      return { kind: 'constant', value: unescaped(text) };
    }
    if (kind === 'field') return { kind: 'field', name: text.slice(1, -1) };
    if (this.accept('(')) {
      const args = this.list();
      if (word === 'in') return { kind: 'in', operand: args[0], list: args.slice(1) };
      return { kind: 'call', name: word, args };
    }
    if (word === 'true' || word === 'false') return { kind: 'constant', value: word === 'true' };
    if (word === 'null') return { kind: 'constant', value: null };
    return { kind: 'field', name: text };
  }
}

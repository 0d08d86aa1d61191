import { KeplerError } from '../../contract/errors.ts';

/** A field as a formula names it. */
export interface Factor {
  /** As the tables name it: `shift`, `C(shift)`. */
  readonly text: string;
  readonly field: string;
  /** Values are categories even where they are numbers. */
  readonly categorical: boolean;
}

/** A product of factors; the empty one is the intercept. */
export type Term = readonly Factor[];

export interface Formula {
  readonly target: string;
  /** Without duplicates, the intercept first where there is one. */
  readonly terms: readonly Term[];
  /** The target and all fields of the terms, each once. */
  readonly fields: readonly string[];
}

const TOKEN =
  /\s*(?:(\*\*|[~+\-:*/()])|Q\(\s*(?:"([^"]*)"|'([^']*)')\s*\)|'([^']*)'|([\p{L}_][\p{L}\p{N}_.]*)|(\d+))/uy;

type Token =
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string; readonly field: string }
  | { readonly kind: 'number'; readonly text: string };

function refuse(formula: string, why: string): never {
  throw new KeplerError(
    'invalid_arguments',
    `anova: formula="${formula}" ${why} A formula is a target, ~ and terms of fields, such as "y ~ x + C(group) + x:C(group)": + adds a term, - takes one out, a:b is an interaction, a*b stands for a + b + a:b, a/b for a + a:b, (a + b)**2 for all interactions of two, 0 for no intercept; a field of other characters stands in single quotes.`,
  );
}

function tokensOf(formula: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (formula.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(formula);
    if (!found) refuse(formula, `cannot be read from "${formula.slice(at).trim()}" on.`);
    const [, sign, double, single, quoted, name, number] = found;
    const special = double ?? single;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (special !== undefined) tokens.push({ kind: 'name', text: `Q("${special}")`, field: special });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted, field: quoted });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, field: name });
    else tokens.push({ kind: 'number', text: number as string });
  }
  return tokens;
}

function sameTerm(a: Term, b: Term): boolean {
  return a.length === b.length && a.every(({ text }) => b.some((factor) => factor.text === text));
}

function union(a: readonly Term[], b: readonly Term[]): Term[] {
  return [...a, ...b].filter((term, i, all) => all.findIndex((one) => sameTerm(one, term)) === i);
}

function product(a: readonly Term[], b: readonly Term[]): Term[] {
  const joined = a.flatMap((one) => b.map((other) => [...one, ...other]));
  return union(
    joined.map((term) =>
      term.filter(({ text }, i) => term.findIndex((factor) => factor.text === text) === i),
    ),
    [],
  );
}

/**
 * Reads a formula of R's and patsy's language: its operators, `C(field)` and `Q("field")`, without functions of fields.
 *
 * @throws KeplerError invalid_arguments saying what is wrong, and what a formula is.
 */
export function parseFormula(formula: string): Formula {
  const tokens = tokensOf(formula);
  let at = 0;
  let intercept = true;
  const fail = (why: string): never => refuse(formula, why);
  const sign = (...texts: string[]): string | undefined => {
    const token = tokens[at];
    if (token?.kind !== 'sign' || !texts.includes(token.text)) return undefined;
    at++;
    return token.text;
  };

  /** Terms with signs between them; 0 and 1 speak of the intercept. */
  function sum(): Term[] {
    let terms: Term[] = [];
    let minus = sign('+', '-') === '-';
    for (;;) {
      const token = tokens[at];
      if (token?.kind === 'number') {
        if (token.text !== '0' && token.text !== '1') fail(`holds the number ${token.text} as a term.`);
        at++;
        intercept = (token.text === '1') !== minus;
      } else {
        const more = crossed();
        terms = minus ? terms.filter((term) => !more.some((one) => sameTerm(one, term))) : union(terms, more);
      }
      const next = sign('+', '-');
      if (next === undefined) return terms;
      minus = next === '-';
    }
  }

  function crossed(): Term[] {
    let terms = interaction();
    for (let operator; (operator = sign('*', '/')) !== undefined;) {
      const right = interaction();
      terms =
        operator === '*'
          ? union(union(terms, right), product(terms, right))
          : union(terms, product([terms.flat()], right));
    }
    return terms;
  }

  function interaction(): Term[] {
    let terms = power();
    while (sign(':') !== undefined) terms = product(terms, power());
    return terms;
  }

  function power(): Term[] {
    const terms = atom();
    if (sign('**') === undefined) return terms;
    const token = tokens[at++];
    const exponent = token?.kind === 'number' ? Number(token.text) : 0;
    if (exponent < 1 || exponent > 10) fail('needs a whole number from 1 to 10 after **.');
    let raised = terms;
    for (let i = 1; i < exponent; i++) raised = union(raised, product(raised, terms));
    return raised;
  }

  function atom(): Term[] {
    if (sign('(') !== undefined) {
      const terms = sum();
      if (sign(')') === undefined) fail('lacks a closing bracket.');
      return terms;
    }
    return [[factor()]];
  }

  function factor(): Factor {
    const token = tokens[at++];
    if (token?.kind !== 'name')
      return fail(
        token ? `has "${token.text}" where a field should stand.` : 'ends where a field should stand.',
      );
    if (sign('(') === undefined) return { text: token.text, field: token.field, categorical: false };
    if (token.text !== 'C')
      fail(`holds the function ${token.text}(…): compute it into a field with eval before.`);
    const inner = tokens[at++];
    if (inner?.kind !== 'name' || sign(')') === undefined)
      return fail('has a C(…) that does not hold just one field.');
    return { text: `C(${inner.text})`, field: inner.field, categorical: true };
  }

  const target = factor();
  if (target.categorical) fail('has a category for a target; it must be a number.');
  if (sign('~') === undefined) fail('lacks the ~ after its target.');
  const terms = sum();
  if (at < tokens.length) fail(`has "${tokens[at].text}" where a sign should stand.`);
  if (terms.length === 0) fail('has no term after the ~.');
  const fields = [target.field, ...terms.flat().map(({ field }) => field)];
  if (fields.lastIndexOf(target.field) > 0) fail(`has its target "${target.field}" among the terms.`);
  return {
    target: target.field,
    terms: intercept ? [[], ...terms] : terms,
    fields: [...new Set(fields)],
  };
}

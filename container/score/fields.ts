import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Column } from '../contract/table.ts';
import type { FieldRule, ScoreInput } from './types.ts';

export type Sides = { readonly a: readonly string[]; readonly b: readonly string[] };

/**
 * The columns that names and globs stand for. A glob gives columns in the table's order that are not named already; one
 * after `against` never those before it.
 *
 * @throws KeplerError invalid_arguments naming every field that is missing and every glob that fits nothing.
 */
export function findFields(
  method: string,
  asked: Sides,
  columns: readonly Column[],
  fieldNames: readonly string[] = columns.map(({ name }) => name),
): ScoreInput {
  const missing: string[] = [];
  const a = expand(asked.a, columns, [], missing);
  const b = expand(asked.b, columns, a, missing);
  if (missing.length > 0) {
    const names = fieldNames.filter((name) => !name.startsWith('__mv_'));
    const hints = missing.map((name) => {
      if (name.includes('*')) return `no field fits "${name}"`;
      const meant = didYouMean(name, names);
      return `there is no field "${name}"${meant ? ` (did you mean "${meant}"?)` : ''}`;
    });
    throw new KeplerError(
      'invalid_arguments',
      `${method}: ${hints.join('; ')}. ${names.length > 0 ? `The search has ${listed(names)}.` : 'The search has no fields.'}`,
    );
  }
  return { a, b };
}

function expand(
  asked: readonly string[],
  columns: readonly Column[],
  taken: readonly Column[],
  missing: string[],
): Column[] {
  const found: Column[] = [];
  for (const name of asked) {
    const exact = columns.find((column) => column.name === name);
    if (exact) {
      found.push(exact);
      continue;
    }
    const matches = name.includes('*') ? columns.filter((column) => fits(column.name, name)) : [];
    if (matches.length === 0) missing.push(name);
    found.push(...matches.filter((column) => !found.includes(column) && !taken.includes(column)));
  }
  return found;
}

function fits(name: string, glob: string): boolean {
  if (name.startsWith('__mv_')) return false;
  const pattern = glob.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(name);
}

/** @throws KeplerError invalid_arguments where a method gets too few or too many fields. */
export function checkCounts(method: string, rule: FieldRule, a: number, b: number): void {
  const refuse = (needs: string, example: string): never => {
    throw new KeplerError(
      'invalid_arguments',
      `${method} needs ${needs}; the search gives ${a} before and ${b} after against. Example: score ${method} ${example}.`,
    );
  };
  if (rule.kind === 'named') {
    if (a > 0 || b > 0) refuse('no field beside the formula, which names them', 'formula="y ~ x"');
  } else if (rule.kind === 'fields') {
    if (rule.single && (a !== 1 || b > 0)) refuse('exactly one field and no against', 'x');
    if (a === 0 || b > 0) refuse('one or more fields and no against', 'x y');
  } else if (rule.kind === 'pair') {
    if (a !== 1 || b !== 1) refuse('one field before against (or ~) and one after it', 'a against b');
  } else if (rule.kind === 'pairs') {
    if (a === 0 || b === 0 || (a > 1 && a !== b)) {
      refuse('one field before against (or ~) and one or more after it, or as many of each', 'a against b');
    }
  } else if (rule.single) {
    if (a !== 1 || b === 0)
      refuse('one field before against (or ~) and one or more after it', 'a against x y');
  } else if (a === 0 || b === 0) {
    refuse('one or more fields before against (or ~) and one or more after it', 'a against x y');
  }
}

/** @throws KeplerError not_numeric naming every text column where numbers are needed. */
export function refuseText(method: string, rule: FieldRule, { a, b }: ScoreInput): void {
  const text = new Set<string>();
  const note = (column: Column): void => void (isText(column) && text.add(column.name));
  if (rule.kind === 'named') note(a[0]);
  else {
    if (rule.a === 'numbers') a.forEach(note);
    if ((rule.kind === 'fields' ? rule.a : rule.b) === 'numbers') b.forEach(note);
  }
  if (text.size === 0) return;
  const names = [...text].map((name) => `"${name}"`).join(', ');
  throw new KeplerError(
    'not_numeric',
    `${method} needs numbers, but ${names} ${text.size > 1 ? 'hold' : 'holds'} text. Turn it into numbers with eval, or name other fields.`,
  );
}

/** A column of nothing but nulls has no type of its own. */
function isText(column: Column): boolean {
  return column.kind === 'text' && column.codes.some((code) => code >= 0);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 30).join(', ');
  return names.length > 30 ? `${shown} and ${names.length - 30} more fields` : shown;
}

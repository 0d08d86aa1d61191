import { KeplerError } from '../../contract/errors.ts';
import type { Column } from '../../contract/table.ts';
import { codeLabels } from '../classes.ts';
import { numbers } from '../columns.ts';
import type { Factor, Formula, Term } from './formula.ts';

const MOST_COLUMNS = 1000;

/** The matrix of a linear model, column by column, and which columns each term has. */
export interface Design {
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
  readonly terms: readonly {
    readonly name: string;
    readonly factors: Term;
    readonly from: number;
    readonly to: number;
  }[];
}

/** One of the columns that a factor has in a product. */
interface Part {
  readonly name: string;
  readonly values: Float64Array;
}

/** Factors that are coded with all their levels, and those that lack the first, whose column others give already. */
type Coding = ReadonlyMap<string, 'all' | 'less'>;

/**
 * Makes the matrix as patsy does: text and `C(…)` become indicators of their levels (treatment coding, the first level the
 * reference), in each term only so many as the terms before it leave without redundancy.
 *
 * @throws KeplerError too_many_classes above 100 levels, invalid_data above 1,000 columns.
 */
export function designOf(formula: Formula, table: ReadonlyMap<string, Column>, rows: number): Design {
  const levels = new Map<string, { classes: readonly string[]; codes: Int32Array }>();
  for (const factor of formula.terms.flat()) {
    const column = table.get(factor.field) as Column;
    if (levels.has(factor.text) || (column.kind === 'number' && !factor.categorical)) continue;
    const { classes, codes } = codeLabels([column]);
    levels.set(factor.text, { classes, codes: codes[0] });
  }
  const partsOf = (factor: Factor, coding: Coding): Part[] => {
    const known = levels.get(factor.text);
    if (!known) return [{ name: factor.text, values: numbers(table.get(factor.field) as Column) }];
    const less = coding.get(factor.text) === 'less';
    return known.classes.slice(less ? 1 : 0).map((level, i) => ({
      name: `${factor.text}[${less ? 'T.' : ''}${level}]`,
      values: Float64Array.from(known.codes, (code) => (code === i + (less ? 1 : 0) ? 1 : 0)),
    }));
  };

  const columns: Float64Array[] = [];
  const names: string[] = [];
  const terms: Design['terms'][number][] = [];
  const used = new Map<string, Set<string>>();
  const isNumber = (factor: Factor): boolean => !levels.has(factor.text);
  for (const term of ordered(formula.terms, isNumber)) {
    const from = columns.length;
    const known = seen(used, numericKey(term, isNumber));
    for (const coding of codings(term, isNumber, known)) {
      const factors = term.filter((factor) => isNumber(factor) || coding.has(factor.text));
      let products: Part[] = [{ name: '', values: new Float64Array(rows).fill(1) }];
      for (const factor of factors) {
        // The factors in front vary fastest.
        products = partsOf(factor, coding).flatMap((part) =>
          products.map(({ name, values }) => ({
            name: name === '' ? part.name : `${name}:${part.name}`,
            values: values.map((value, i) => value * part.values[i]),
          })),
        );
        if (columns.length + products.length > MOST_COLUMNS)
          throw new KeplerError(
            'invalid_data',
            `anova: the terms of the formula make more than ${MOST_COLUMNS} columns. Use fewer interactions, or fields with fewer values.`,
          );
      }
      for (const { name, values } of products) {
        columns.push(values);
        names.push(name === '' ? 'Intercept' : name);
      }
    }
    terms.push({ name: nameOf(term), factors: term, from, to: columns.length });
  }
  return { columns, names, terms };
}

function nameOf(term: Term): string {
  return term.length === 0 ? 'Intercept' : term.map(({ text }) => text).join(':');
}

function numericKey(term: Term, isNumber: (factor: Factor) => boolean): string {
  return JSON.stringify(
    term
      .filter(isNumber)
      .map(({ text }) => text)
      .sort(),
  );
}

function seen(used: Map<string, Set<string>>, key: string): Set<string> {
  const known = used.get(key) ?? new Set<string>();
  used.set(key, known);
  return known;
}

/** Terms with the same numbers in them stand together, those without any first; among them the shorter ones first. */
function ordered(terms: readonly Term[], isNumber: (factor: Factor) => boolean): Term[] {
  const groups = new Map<string, Term[]>([['[]', []]]);
  for (const term of terms) {
    const key = numericKey(term, isNumber);
    groups.set(key, [...(groups.get(key) ?? []), term]);
  }
  return [...groups.values()].flatMap((group) => [...group].sort((a, b) => a.length - b.length));
}

/** A set of categories: those marked `all` span the same as with and without them. */
interface Subterm {
  readonly factors: ReadonlyMap<string, 'all' | 'less'>;
}

/**
 * How a term's categories are coded: it is worth all products of its categories (each less its first level), those that an
 * earlier term has are left out, and what is left is put together again where two of them make one with all levels.
 *
 * @param known The products that earlier terms have; these are added.
 */
function codings(term: Term, isNumber: (factor: Factor) => boolean, known: Set<string>): Coding[] {
  const categories = term.filter((factor) => !isNumber(factor)).map(({ text }) => text);
  const subsets: string[][] = [[]];
  for (const text of categories) subsets.push(...subsets.map((subset) => [...subset, text]));
  const order = (subset: string[]): number[] => subset.map((text) => categories.indexOf(text));
  subsets.sort((a, b) => a.length - b.length || compare(order(a), order(b)));
  const subterms: Subterm[] = [];
  for (const subset of subsets) {
    const key = JSON.stringify([...subset].sort());
    if (known.has(key)) continue;
    known.add(key);
    subterms.push({ factors: new Map(subset.map((text) => [text, 'less'])) });
  }
  while (simplify(subterms));
  return subterms.map(({ factors }) => factors);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i < 0 ? 0 : a[i] - b[i];
}

/** Lets one subterm take in another that has all its categories but one, and the same coding: that one is then coded in full. */
function simplify(subterms: Subterm[]): boolean {
  for (let short = 0; short < subterms.length; short++) {
    for (let long = short + 1; long < subterms.length; long++) {
      const [inner, outer] = [subterms[short].factors, subterms[long].factors];
      const more = [...outer].filter(([text, coding]) => inner.get(text) !== coding);
      if (outer.size !== inner.size + 1 || more.length !== 1 || more[0][1] === 'all') continue;
      subterms[long] = {
        factors: new Map([...outer].map(([text, coding]) => [text, text === more[0][0] ? 'all' : coding])),
      };
      subterms.splice(short, 1);
      return true;
    }
  }
  return false;
}

import { wildcard } from '../spl/arguments.ts';
import type { Clause } from './clauses.ts';

export function hasWildcards(clauses: readonly Clause[]): boolean {
  return clauses.some(({ field }) => field?.includes('*'));
}

/** `avg(cpu*) as *_mean` once for each field that it stands for; those that begin with `_` only where that is written. */
export function expandWildcards(
  clauses: readonly Clause[],
  fields: readonly string[],
  by: readonly string[],
): Clause[] {
  return clauses.flatMap((clause): Clause[] => {
    const pattern = clause.field;
    if (!pattern?.includes('*')) return [clause];
    const test = wildcard(pattern);
    return fields.flatMap((field) => {
      const match = test.exec(field);
      if (!match || by.includes(field) || (field.startsWith('_') && !pattern.startsWith('_'))) return [];
      let at = 0;
      // A name that was not given with `as` is the call itself: `avg(cpu*)`.
      return [{ ...clause, field, name: clause.name.replace(/\*/g, () => match[++at] ?? '') }];
    });
  });
}

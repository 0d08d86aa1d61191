import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';
import { globPattern } from '../../contract/glob.ts';
import type { ColumnChoice } from './step.ts';
import type { Working } from './table.ts';

/**
 * The names of the columns that are meant, in the table's order.
 * @throws KeplerError invalid_arguments naming a column that there is none of
 */
export function chooseColumns(
  step: string,
  table: Working,
  choice: ColumnChoice,
  exclude: readonly string[] = [],
): string[] {
  const { columns } = table;
  const left = new Set(exclude.flatMap((name) => matching(step, table, name)));
  if (choice === 'all' || choice === 'number' || choice === 'text') {
    return columns
      .filter(({ name, kind }) => (choice === 'all' || kind === choice) && !left.has(name))
      .map(({ name }) => name);
  }
  if (!Array.isArray(choice)) {
    throw new KeplerError(
      'invalid_arguments',
      `${step}: columns is ${JSON.stringify(choice)}; it is a list of names, or one of number, text, all.`,
    );
  }
  const meant = new Set(choice.flatMap((name) => matching(step, table, name)));
  return columns.filter(({ name }) => meant.has(name) && !left.has(name)).map(({ name }) => name);
}

/** A glob may mean none: which columns a search has differs. A name is meant as it stands. */
function matching(step: string, { columns }: Working, wanted: string): string[] {
  if (columns.some(({ name }) => name === wanted)) return [wanted];
  if (wanted.includes('*')) {
    const pattern = globPattern(wanted);
    return columns.filter(({ name }) => pattern.test(name)).map(({ name }) => name);
  }
  const names = columns.map(({ name }) => name);
  const meant = didYouMean(wanted, names);
  throw new KeplerError(
    'invalid_arguments',
    `${step}: there is no column "${wanted}"${meant ? `; did you mean "${meant}"?` : `. There are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.`}`,
  );
}

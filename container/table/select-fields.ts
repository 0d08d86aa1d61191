import { didYouMean } from '../contract/did-you-mean.ts';
import { globPattern } from '../contract/glob.ts';

/** Fields that no glob means: what splunkd adds of its own, and the parts of multivalue fields. */
export function isInternal(name: string): boolean {
  return name.startsWith('__mv_') || name === '_chunked_idx';
}

/** Whether a field's name is meant by a name or glob of the search. */
export function selects(wanted: readonly string[]): (name: string) => boolean {
  const exact = new Set(wanted);
  const globs = wanted.filter((name) => name.includes('*')).map(globPattern);
  return (name) =>
    !name.startsWith('__mv_') &&
    (exact.has(name) || (!isInternal(name) && globs.some((glob) => glob.test(name))));
}

export interface Selected {
  /** In the order in which the search means them, each once. */
  readonly names: readonly string[];
  /** Names that are no field, and globs that mean none. */
  readonly missing: readonly string[];
}

/** The fields that names and globs mean. */
export function selectFields(wanted: readonly string[], fields: readonly string[]): Selected {
  const names = new Set<string>();
  const missing: string[] = [];
  const there = new Set(fields);
  for (const want of wanted) {
    if (there.has(want) && !want.startsWith('__mv_')) names.add(want);
    else if (want.includes('*')) {
      const pattern = globPattern(want);
      const found = fields.filter((name) => !isInternal(name) && pattern.test(name));
      if (found.length === 0) missing.push(want);
      found.forEach((name) => names.add(name));
    } else missing.push(want);
  }
  return { names: [...names], missing };
}

/** Names in quotes for a message, each with the field that may have been meant. */
export function describeMissing(missing: readonly string[], fields: readonly string[]): string {
  return missing
    .map((name) => {
      const meant = didYouMean(
        name,
        fields.filter((field) => !isInternal(field)),
      );
      return `"${name}"${meant ? ` (did you mean "${meant}"?)` : ''}`;
    })
    .join(', ');
}

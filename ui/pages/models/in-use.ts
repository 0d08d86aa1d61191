import { call } from '../../splunkd/call.ts';
import type { ModelRow } from './model-row.ts';

interface SavedSearches {
  readonly entry: readonly {
    readonly name: string;
    readonly acl?: { readonly app?: string };
    readonly content: { readonly search?: string };
  }[];
}

/** Whether a search applies (or summarises, scores by) a model, with or without its namespace and version. */
export function uses(spl: string, name: string): boolean {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\|\\s*(apply|summary)\\s+"?((app|user):)?${literal}"?(@|[\\s|"\\]]|$)`, 'i').test(spl);
}

/** The names of scheduled searches that use a model: what a deletion would break. */
export async function scheduledUses(
  model: Pick<ModelRow, 'name'>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { entry } = await call<SavedSearches>('saved/searches', {
    namespace: { owner: '-', app: '-' },
    parameters: { count: 0, search: 'is_scheduled=1' },
    ...(signal && { signal }),
  });
  return entry.filter(({ content }) => uses(content.search ?? '', model.name)).map(({ name }) => name);
}

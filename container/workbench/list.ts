import type { TemplateEntry } from '../contract/workbench.ts';
import type { WorkbenchServices } from './services.ts';
import { templateOf } from './sources.ts';
import type { Sources } from './sources.ts';

/** Every template: its file in the folder, the version that is served, and why what was saved last is not. */
export async function listTemplates(
  { store, errors }: WorkbenchServices,
  sources: Sources,
): Promise<TemplateEntry[]> {
  const files = new Map(
    (await sources.list()).map((file) => [templateOf(file)?.name ?? file, file] as const),
  );
  const problems = errors();
  const names = [...new Set([...files.keys(), ...store.names()])].sort((a, b) => a.localeCompare(b, 'en'));
  return names.map((name): TemplateEntry => {
    const file = files.get(name);
    const manifest = store.current(name);
    const error = problems.get(name);
    return {
      name,
      ...(file !== undefined && { file }),
      language: (file !== undefined && templateOf(file)?.language) || manifest?.language || 'typescript',
      ...(manifest && {
        version: manifest.version,
        kind: manifest.kind,
        description: manifest.description,
      }),
      ...(error && { error: error.message }),
    };
  });
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot, stateFolder } from './where.ts';

export interface ImportArguments {
  /** Only tells. */
  readonly check?: boolean;
  /** Writes a requirements file for what is missing. */
  readonly requirements?: boolean;
  /** The folder of templates. */
  readonly to?: string;
}

/** `kepler template import`, by the runtime's own program. @returns 0 where all became templates */
export function importTemplates(places: readonly string[], options: ImportArguments): Promise<number> {
  const root = repositoryRoot();
  const to = options.to ?? process.env.KEPLER_TEMPLATES ?? join(stateFolder(root), 'runtime/templates-src');
  const program = join(root, 'dist/runtime/template-import.mjs');
  const asked = JSON.stringify({ ...options, places, to });
  return Promise.resolve(spawnSync(process.execPath, [program, asked], { stdio: 'inherit' }).status ?? 1);
}

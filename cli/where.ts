import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The repository: two folders above the built program, `dist/cli/kepler.mjs`. */
export function repositoryRoot(): string {
  return resolve(dirname(realpathSync(process.argv[1])), '../..');
}

/** Where the sandbox keeps everything: `.kepler` in the repository, or what KEPLER_STATE names. */
export function stateFolder(root: string): string {
  return resolve(process.env.KEPLER_STATE ?? join(root, '.kepler'));
}

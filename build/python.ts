import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = 'container/templates/python/kepler_host';

/** The program of templates in Python, as it is. @param runtime the folder that the runtime's programs lie in */
export function copyPython(runtime = 'dist/runtime'): string[] {
  const target = join(runtime, 'python/kepler_host');
  mkdirSync(target, { recursive: true });
  return readdirSync(SOURCES)
    .filter((name) => name.endsWith('.py'))
    .map((name) => {
      const file = join(target, name);
      // Appears whole: a template's process may start just now.
      writeFileSync(`${file}.${process.pid}`, readFileSync(join(SOURCES, name)));
      renameSync(`${file}.${process.pid}`, file);
      return file;
    });
}

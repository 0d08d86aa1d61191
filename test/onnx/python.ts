import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The Python that goldens are made with; absent on a machine that only has Node. */
export const PYTHON = path.resolve('.kepler/venv/golden/bin/python');

/** Why tests that need a Python module cannot run here; undefined where they can. */
export function missingPython(module: string): string | undefined {
  if (!existsSync(PYTHON)) return `no Python at ${path.relative('.', PYTHON)}`;
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `Python at ${path.relative('.', PYTHON)} has no module ${module}`;
  }
}

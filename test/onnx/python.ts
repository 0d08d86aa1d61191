import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The Python that goldens are made with; absent on a machine that only has Node. */
export const PYTHON = path.resolve('.kepler/venv/golden/bin/python');

const FINDS = 'import sys; from importlib.util import find_spec; sys.exit(find_spec(sys.argv[1]) is None)';

/** Why tests that need a Python module cannot run here; undefined where they can. */
export function missingPython(module: string): string | undefined {
  if (!existsSync(PYTHON)) return `no Python at ${path.relative('.', PYTHON)}`;
  try {
    // Looked for and not imported, which takes some of them seconds.
    execFileSync(PYTHON, ['-c', FINDS, module], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `Python at ${path.relative('.', PYTHON)} has no module ${module}`;
  }
}

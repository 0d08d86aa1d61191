/** Which Python there is: asked once, since what is called python3 is often a script that finds one. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { KeplerError } from '../../contract/errors.ts';

export interface Interpreter {
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** Folders that its libraries lie in. */
  readonly prefixes: readonly string[];
}

const ASK = `import json, sys
print(json.dumps({"executable": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "prefixes": sorted({sys.prefix, sys.base_prefix})}))`;
const ARGS = ['-I', '-c', ASK];
const OPTIONS = { timeout: 30_000, encoding: 'utf8' } as const;
const OLDEST = [3, 9] as const;

const known = new Map<string, Interpreter>();

/**
 * @param command a path, or a name that PATH finds
 * @throws KeplerError template_invalid, which says what to install
 */
export function findInterpreterSync(command: string): Interpreter {
  const before = known.get(command);
  if (before) return before;
  try {
    return remember(
      command,
      execFileSync(command, ARGS, { ...OPTIONS, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch (error) {
    throw missing(command, error);
  }
}

/** As `findInterpreterSync`, for a thread that others wait for. */
export async function findInterpreter(command: string): Promise<Interpreter> {
  const before = known.get(command);
  if (before) return before;
  try {
    return remember(command, (await promisify(execFile)(command, ARGS, OPTIONS)).stdout);
  } catch (error) {
    throw missing(command, error);
  }
}

function remember(command: string, printed: string): Interpreter {
  const found = JSON.parse(printed) as Interpreter;
  const [major, minor] = found.version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new KeplerError(
      'template_invalid',
      `Templates in Python need Python ${OLDEST.join('.')} or later; "${command}" is ${found.version}. Name another with KEPLER_PYTHON.`,
    );
  }
  known.set(command, found);
  return found;
}

function missing(command: string, cause: unknown): KeplerError {
  if (cause instanceof KeplerError) return cause;
  const why =
    (cause as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no such program'
      : String((cause as Error).message);
  return new KeplerError(
    'template_invalid',
    `Templates in Python need Python, and "${command}" could not be started (${why.split('\n')[0]}). Install Python 3.9 or later with pyarrow and pandas, or name the one to take with KEPLER_PYTHON. Everything that is not written in Python works without it.`,
    { cause },
  );
}

/** How the process of a template in Python is started. */
import { chownSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch, ProcessLimits } from '../process/launch.ts';
import { ownUser } from '../process/launch.ts';
import { openScratch } from '../process/scratch.ts';
import { findInterpreterSync } from './interpreter.ts';

/** What starting Python needs besides the template. */
export interface PythonRuntime {
  /** The interpreter of templates that name no packages: a path, or a name that PATH finds. */
  readonly command: string;
  /** Folder that holds the package `kepler_host`. */
  readonly host: string;
  /** Folder of environments, one by the hash of its lock each. */
  readonly environments: string;
}

/** Files, sockets and pipes that a template may have open. */
const OPEN_FILES = 256;
const BOOT =
  "import os, sys; sys.path += [p for p in os.environ.pop('KEPLER_PATH', '').split(':') if p]; sys.path.insert(0, sys.argv.pop(1)); from kepler_host.host import main; sys.path.pop(0); main()";

/**
 * The process keeps to its limits itself before it runs a line of the template (`kepler_host/fence.py`), and stands in a folder
 * of its own, which is removed with it.
 * @param command the interpreter: the runtime's own, or that of an environment
 * @param scratch a folder that is made, for processes' own folders
 */
export function launchPython(
  { host, command: given }: PythonRuntime,
  command: string,
  scratch: string,
  limits: ProcessLimits,
): Launch {
  openScratch(scratch);
  const { executable, prefixes } = findInterpreterSync(command);
  const user = ownUser([
    realpathSync(executable),
    ...prefixes.map((path) => realpathSync(path)),
    host,
    scratch,
  ]);
  const own = mkdtempSync(join(scratch, 'python-'));
  mkdirSync(join(own, 'tmp'));
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const folder of [own, join(own, 'tmp')]) chownSync(folder, user.uid, user.gid);
  }
  return {
    command: executable,
    args: [
      '-I',
      '-B',
      '-u',
      '-X',
      'utf8',
      '-c',
      BOOT,
      host,
      own,
      ...[limits.memoryMb, limits.seconds, OPEN_FILES].map((limit) => String(Math.ceil(limit))),
    ],
    cwd: own,
    own,
    env: {
      PATH: '/usr/bin:/bin',
      // An image keeps its packages apart from the interpreter.
      ...(command === given && process.env.PYTHONPATH && { KEPLER_PATH: process.env.PYTHONPATH }),
      LANG: 'C.UTF-8',
      HOME: own,
      TMPDIR: join(own, 'tmp'),
      XDG_CACHE_HOME: join(own, 'tmp'),
      MPLCONFIGDIR: join(own, 'tmp'),
      MPLBACKEND: 'Agg',
      NUMBA_CACHE_DIR: join(own, 'tmp'),
      TF_CPP_MIN_LOG_LEVEL: '2',
      // Processes of a library's own would be refused: it works in this one.
      JOBLIB_MULTIPROCESSING: '0',
      LOKY_MAX_CPU_COUNT: '1',
      TOKENIZERS_PARALLELISM: 'false',
    },
    ...user,
    limits,
    whereSignal: 'SIGUSR2',
  };
}

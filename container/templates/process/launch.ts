/** How a template's process is started: what it may read, how much memory it may take, as whom it runs. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openScratch } from './scratch.ts';

export interface ProcessLimits {
  /** Megabytes of memory. */
  readonly memoryMb: number;
  /** Seconds that one call may take. */
  readonly seconds: number;
  /** Bytes that one answer may have. */
  readonly answerBytes: number;
}

/** The limits of template processes, as the runtime's settings give them. */
export function limitsFrom(settings: {
  readonly templateMemoryMb: number;
  readonly templateSeconds: number;
  readonly maxMemoryMb: number;
}): ProcessLimits {
  return {
    memoryMb: settings.templateMemoryMb,
    seconds: settings.templateSeconds,
    // An answer lies in the job's memory.
    answerBytes: settings.maxMemoryMb * 2 ** 20,
  };
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** An empty folder of its own. */
  readonly cwd: string;
  /** Folder that is removed when the process has ended. */
  readonly own?: string;
  readonly env: Readonly<Record<string, string>>;
  /** The operating system's user, where the runtime may choose one. */
  readonly uid?: number;
  readonly gid?: number;
  readonly limits: ProcessLimits;
  /** Makes the process say where it is, in a frame `{at: {line, file}}`. */
  readonly whereSignal?: NodeJS.Signals;
}

/** Of no user's files: nobody on Debian and most others. */
const NOBODY = 65534;

/**
 * A TypeScript template: Node's permission model lets its process read the host program, and nothing else; it can write no file,
 * start no process and no worker, and load no native addon. The template itself comes through the pipe.
 * @param host the host program, `template-host.mjs`
 * @param scratch a folder that is made, for the process to stand in
 */
export function launchNode(host: string, scratch: string, limits: ProcessLimits): Launch {
  openScratch(scratch);
  const [major, minor] = process.versions.node.split('.').map(Number);
  // The model left its trial in 22.13 and 23.5; before, the flag has another name, and it may be absent on later lines.
  const permission =
    major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13)
      ? '--permission'
      : '--experimental-permission';
  return {
    command: process.execPath,
    args: [
      permission,
      `--allow-fs-read=${dirname(host)}/*`,
      '--no-warnings',
      `--max-old-space-size=${limits.memoryMb}`,
      host,
    ],
    cwd: scratch,
    env: { PATH: '/usr/bin:/bin', NODE_ENV: 'production' },
    ...ownUser([host, scratch]),
    limits,
  };
}

/**
 * Root may start processes as somebody who owns nothing, where he can reach the files that are needed; anybody else's processes
 * run as themselves.
 */
export function ownUser(needed: readonly string[]): { uid?: number; gid?: number } {
  const reachable = needed.every((path) => isForEverybody(path));
  return process.getuid?.() === 0 && reachable ? { uid: NOBODY, gid: NOBODY } : {};
}

function isForEverybody(path: string): boolean {
  const { mode } = statSync(path);
  const needed = (mode & 0o40000) !== 0 ? 0o1 : 0o4;
  const parent = dirname(path);
  return (mode & needed) !== 0 && (parent === path || isForEverybody(parent));
}

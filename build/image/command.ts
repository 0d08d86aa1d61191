import { spawn, spawnSync } from 'node:child_process';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether a program can be started at all. */
export const exists = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** Runs a program and keeps what it says. @throws Error where it cannot be started */
export function attempt(program: string, args: readonly string[], cwd = '.'): Outcome {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.error) throw new Error(`${program} cannot be started: ${done.error.message}`);
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Runs a program that must succeed, and returns what it printed. @throws Error with the end of what it said */
export function run(program: string, args: readonly string[], cwd = '.'): string {
  const { status, stdout, stderr } = attempt(program, args, cwd);
  if (status === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n');
  throw new Error(`${program} ${args.slice(0, 3).join(' ')} … ended with ${status}:\n${said}`);
}

/** Runs a long one in the terminal's sight. @throws Error where it fails */
export async function runAloud(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 2, 2], env });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 2).join(' ')} ended with ${String(status)}`);
}

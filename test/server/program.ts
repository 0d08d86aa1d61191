import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { until } from '../eventually.ts';

const PROGRAM = resolve('dist/runtime/main.mjs');
const running = new Set<ChildProcess>();

/** Ends what a failed test left running. */
export function killAll(): void {
  for (const process of running) process.kill('SIGKILL');
}

export interface Program {
  readonly process: ChildProcess;
  readonly lines: () => Record<string, unknown>[];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** The built runtime as a process of its own; its keys lie in `home/keys`, its state in `home/state`. */
export function startProgram(home: string, environment: Record<string, string | undefined> = {}): Program {
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      KEPLER_HOME: join(home, 'state'),
      KEPLER_TRUSTED_KEYS: join(home, 'keys'),
      KEPLER_LISTEN: `unix:${home}/r.sock,http://127.0.0.1:0`,
      ...environment,
    },
  });
  running.add(child);
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    }),
  );
  const lines = () =>
    text
      // A line that has not come whole yet is none.
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { process: child, lines, ended };
}

/** The urls of a program, once it listens. @throws where it ends before */
export async function listening(program: Program): Promise<string[]> {
  const line = () => program.lines().find(({ msg }) => msg === 'listening');
  let over = false;
  void program.ended.then(() => (over = true));
  await until(() => line() !== undefined || over);
  const urls = line()?.urls;
  if (urls === undefined) throw new Error(`it ended: ${JSON.stringify(program.lines())}`);
  return urls as string[];
}

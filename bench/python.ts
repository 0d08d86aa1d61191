import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a peer's script to its end and reads the JSON that it prints last. Rejects with what it says on stderr. */
export async function python<T>(
  interpreter: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  try {
    const { stdout } = await execute(interpreter, [...args], {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 26,
    });
    const last = stdout.trim().split('\n').pop();
    return (last ? JSON.parse(last) : undefined) as T;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`${args[0]}: ${stderr?.trim().split('\n').slice(-4).join(' ') || message}`);
  }
}

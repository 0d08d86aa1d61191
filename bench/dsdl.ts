import { spawn } from 'node:child_process';
import { freePort } from '../splunk_app/src/bridge/containers/ports.ts';
import { PYTHON } from './environment.ts';
import type { CommandLine } from './driver.ts';
import { end } from './stage.ts';

/** The container's half of the DSDL path, running. */
export interface Dsdl {
  readonly pid: number;
  /** The search head's half: an apply of a model to chunks. */
  command(model: string, target: string, features: readonly string[]): CommandLine;
  close(): Promise<void>;
}

export const DSDL_MODULES = ['scikit-learn', 'pandas', 'fastapi', 'uvicorn', 'requests'] as const;

/** @param models A folder with `bench_<model>.joblib` files. */
export async function startDsdl(models: string): Promise<Dsdl> {
  const port = await freePort('127.0.0.1');
  const server = spawn(PYTHON.dsdl, ['bench/peers/dsdl_server.py', models, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    server.stdout.once('data', () => resolve());
    server.once('exit', (code) => reject(new Error(`the DSDL server ended with ${code} at its start`)));
  });
  return {
    pid: server.pid!,
    command: (model, target, features) => ({
      argv: [
        PYTHON.dsdl,
        'bench/peers/dsdl_command.py',
        `http://127.0.0.1:${port}`,
        'bench',
        model,
        target,
        features.join(','),
      ],
    }),
    close: () => end(server),
  };
}

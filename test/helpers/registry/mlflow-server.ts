import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const BIN = resolve('.kepler/venv/mlflow/bin');

/** Why what needs MLflow's server is skipped; undefined where it is not. */
export const MISSING_MLFLOW = existsSync(join(BIN, 'mlflow'))
  ? undefined
  : 'MLflow is not installed in .kepler/venv/mlflow; .ci/run does it';

/** A real MLflow server, on SQLite and a folder. */
export class MlflowServer {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<MlflowServer> {
    const folder = mkdtempSync(join(tmpdir(), 'kepler-mlflow-'));
    // It takes no port 0: one that is free now may be somebody else's when it listens.
    for (let tries = 5; ; tries--) {
      const started = await MlflowServer.#on(await freePort(), folder);
      if (started instanceof MlflowServer) return started;
      if (tries === 1) throw new Error(`mlflow server ended with ${started}`);
    }
  }

  /** @returns the exit code where it ends instead */
  static async #on(port: number, folder: string): Promise<MlflowServer | number> {
    const child = spawn(
      join(BIN, 'mlflow'),
      [
        ...['server', '--host', '127.0.0.1', '--port', String(port), '-w', '1'],
        ...[
          '--backend-store-uri',
          `sqlite:///${folder}/m.db`,
          '--artifacts-destination',
          join(folder, 'art'),
        ],
      ],
      { env: environment(), stdio: 'ignore', detached: true },
    );
    const url = `http://127.0.0.1:${port}`;
    for (;;) {
      const answer = await fetch(`${url}/health`).catch(() => undefined);
      // Another program may answer where it could not listen.
      if (child.exitCode !== null) return child.exitCode;
      if (answer?.ok) return new MlflowServer(folder, child, url);
      await new Promise((next) => setTimeout(next, 100));
    }
  }

  /** What its REST answers. */
  async get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${this.url}/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const answer = await fetch(`${this.url}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Runs a program of Python with MLflow's own client; what it prints last is JSON. */
  python(program: string): unknown {
    const { status, stdout, stderr } = spawnSync(join(BIN, 'python'), ['-c', program], {
      env: { ...environment(), MLFLOW_TRACKING_URI: this.url, MLFLOW_REGISTRY_URI: this.url },
      encoding: 'utf8',
      cwd: this.folder,
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    // Its workers are of its group.
    if (this.child.exitCode === null) {
      process.kill(-this.child.pid!, 'SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

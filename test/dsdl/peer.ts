import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PYTHON } from '../onnx/python.ts';

/** What was asked of a container. */
export interface Asked {
  readonly path: string;
  readonly data: string;
  // As DSDL's side of the wire writes it; tests say what they expect of it.
  readonly meta: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A container that answers DSDL's wire contract: `peer/main.py`, in a process of its own. */
export class DsdlPeer {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepler-peer-'));
  readonly token = 'the token of the container';
  readonly #child: ChildProcess;
  url = '';

  private constructor() {
    this.#child = spawn(PYTHON, [join(__dirname, 'peer/main.py'), this.token, this.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
  }

  static async start(): Promise<DsdlPeer> {
    const peer = new DsdlPeer();
    peer.url = await new Promise<string>((resolve, reject) => {
      peer.#child.stdout!.once('data', (port: Buffer) =>
        resolve(`http://127.0.0.1:${port.toString().trim()}`),
      );
      peer.#child.once('exit', (code) => reject(new Error(`the container ended with ${code} at its start`)));
    });
    return peer;
  }

  /** All calls so far. */
  get asked(): Asked[] {
    const file = join(this.folder, 'calls.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Asked);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

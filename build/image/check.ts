/**
 * Runs while an image is built, on the very base that ships: loads what is native and starts the runtime once.
 * Exit status 0 only where it became ready and ended in order.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 30_000;
const APP = '/app';

function readiness(url: string): Promise<number> {
  return new Promise((resolve) => {
    const call = request(new URL('/readyz', url), { agent: false, timeout: 2000 }, (reply) => {
      reply.resume();
      reply.on('close', () => resolve(reply.statusCode ?? 0));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(0));
    call.end();
  });
}

createRequire(`${APP}/package.json`)('onnxruntime-node');

const home = mkdtempSync(join(tmpdir(), 'check-'));
const runtime = spawn(process.execPath, [`${APP}/dist/runtime/main.mjs`], {
  cwd: APP,
  env: {
    ...process.env,
    KEPLER_HOME: home,
    KEPLER_TRUSTED_KEYS: home,
    KEPLER_LISTEN: 'http://127.0.0.1:0',
    KEPLER_LOG_LEVEL: 'warn',
  },
  stdio: 'inherit',
});
const ended = new Promise<number | null>((resolve) => runtime.on('exit', resolve));
const file = join(home, 'runtime.json');
const started = performance.now();
let status = 0;
while (status !== 200 && performance.now() - started < WITHIN_MS && runtime.exitCode === null) {
  await sleep(20);
  if (!existsSync(file)) continue;
  status = await readiness((JSON.parse(readFileSync(file, 'utf8')) as { urls: string[] }).urls[0]);
}
const ms = Math.round(performance.now() - started);
runtime.kill('SIGTERM');
const code = await ended;
process.stdout.write(
  `Node.js ${process.version}: ready after ${ms} ms (status ${status}), ended with ${code}\n`,
);
process.exit(status === 200 && code === 0 ? 0 : 1);

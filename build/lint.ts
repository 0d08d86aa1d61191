/** Every check of the sources: types, style, form, and the direction of imports. Two at a time, as none needs more than a core. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Longest first. */
const CHECKS = [
  'eslint .',
  'tsc',
  'tsc -p test/ui',
  'prettier --check --log-level warn .',
  'depcruise --config .dependency-cruiser.cjs splunk_app/src container sandbox cli ui',
  'tsc -p ui',
];
const AT_ONCE = 2;

interface Outcome {
  readonly passed: boolean;
  readonly said: string;
}

function run(check: string): Promise<Outcome> {
  const [program, ...args] = check.split(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join('node_modules/.bin', program), ...args]);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ passed: code === 0, said }));
  });
}

const left = [...CHECKS];
const lane = async (): Promise<void> => {
  for (let check = left.shift(); check !== undefined; check = left.shift()) {
    const { passed, said } = await run(check);
    if (passed) continue;
    console.error(`${check}:\n${said}`);
    process.exitCode = 1;
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, lane));

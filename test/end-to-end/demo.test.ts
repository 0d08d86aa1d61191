import { existsSync, readFileSync } from 'node:fs';
import { makePackage } from '../../build/package/make.ts';
import { EXECUTABLE } from '../../build/targets.ts';
import type { SandboxInfo } from '../../sandbox/state-file.ts';
import { Kepler, ended } from './kepler.ts';

const packable = existsSync(EXECUTABLE.output);
const kepler = new Kepler();
afterAll(() => kepler.clean());

/** Goes on the tour, looks at what it leaves standing, and ends it. */
async function tourAndStay(...args: string[]): Promise<void> {
  const child = kepler.spawn(['demo', '--stay', ...args]);
  const over = ended(child);
  let output = '';
  child.stdout!.on('data', (text: string) => (output += text));
  try {
    while (!/Look at it: .*\n/.test(output) && child.exitCode === null)
      await new Promise((next) => setTimeout(next, 100));
    // The address is the last thing said.
    const address = /Look at it: (http:\/\/127\.0\.0\.1:\d+\/en-US\/app\/kepler\/models)\n$/.exec(
      output,
    )?.[1];
    if (address === undefined) throw new Error(`no address at the end of:\n${output.slice(-2000)}`);
    const page = await fetch(address, { redirect: 'manual' });
    expect(page.headers.get('location')).toContain('/en-US/account/login');
    const info = JSON.parse(readFileSync(/passwords: (\S+)/.exec(output)![1], 'utf8')) as SandboxInfo;
    expect(info.web.users.map(({ name }) => name)).toEqual(['admin', 'ana', 'user']);
    expect(address).toContain(info.web.url);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await over).toMatchObject({ status: 0 });
}

test('the tour stays up to be looked at', () => tourAndStay(), 300_000);

(packable ? test : test.skip)(
  `the tour works with the package${packable ? '' : ' (skipped: no executable for this platform to pack)'}`,
  async () => {
    await makePackage();
    await tourAndStay('--package');
  },
  300_000,
);

test('a package that is not there is said so', async () => {
  const { status, stderr } = await kepler.run('demo', '--package', 'nowhere.spl');
  expect(status).toBe(1);
  expect(stderr).toMatch(/There is no package .*nowhere\.spl/);
});

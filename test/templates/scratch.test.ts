import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOrphans, openScratch, scratchOf } from '../../container/templates/process/scratch.ts';

const made: string[] = [];
const folder = () => made[made.push(mkdtempSync(join(tmpdir(), 'kepler-scratch-'))) - 1]!;
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

const onLinux = existsSync('/proc/self/cwd') ? test : test.skip;

onLinux('what loops in the folder is ended, what stands elsewhere is not', async () => {
  const [scratch, elsewhere] = [folder(), folder()];
  const inside = join(scratch, 'python-1');
  mkdirSync(inside);
  const loop = (cwd: string) => spawn(process.execPath, ['-e', 'for (;;);'], { cwd, stdio: 'ignore' });
  const [orphan, other] = [loop(inside), loop(elsewhere)];
  await Promise.all([once(orphan, 'spawn'), once(other, 'spawn')]);
  const ends = once(orphan, 'exit');
  rmSync(inside, { recursive: true });
  expect(endOrphans(scratch)).toBe(1);
  expect(await ends).toEqual([null, 'SIGKILL']);
  expect(other.exitCode).toBeNull();
  expect(endOrphans(`${elsewhere}-beside`)).toBe(0);
  const end = once(other, 'exit');
  other.kill('SIGKILL');
  await end;
});

test('each home has a folder of its own, outside of it', () => {
  expect(scratchOf('/a/templates')).toBe(scratchOf('/a/b/../templates'));
  expect(scratchOf('/a/templates')).not.toBe(scratchOf('/b/templates'));
  expect(scratchOf('/a/templates').startsWith('/a')).toBe(false);
});

test('a folder that others may write into is refused', () => {
  const open = folder();
  const fresh = join(open, 'fresh');
  openScratch(fresh);
  openScratch(fresh);
  expect(lstatSync(fresh).mode & 0o777).toBe(0o755);
  chmodSync(fresh, 0o777);
  expect(() => openScratch(fresh)).toThrow(/others may write into it/);
});

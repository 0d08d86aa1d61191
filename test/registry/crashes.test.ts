import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from '../../container/registry/registry.ts';
import { ANN, DRAFT, FILES, ID, newRoot } from './fixtures.ts';

let root: string;
beforeEach(() => (root = newRoot()));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Creates versions in a process of its own; prints each number once it is stored. */
function child(name: string, count: number, bytes = 1000): ChildProcessWithoutNullStreams {
  const script = join(__dirname, 'child.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, root, name, String(count), String(bytes)]);
}

/** The numbers that a child printed, until its end. */
function numbersOf(process: ChildProcessWithoutNullStreams): Promise<{ numbers: number[]; errors: string }> {
  return new Promise((resolve) => {
    let text = '';
    let errors = '';
    process.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    process.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
    process.on('close', () =>
      resolve({ numbers: text.trim().split('\n').filter(Boolean).map(Number), errors }),
    );
  });
}

it('numbers the versions of several processes at once, each once, none lost', async () => {
  const results = await Promise.all([1, 2, 3, 4].map(() => numbersOf(child('iris', 15))));
  expect(results.map(({ errors }) => errors).join('')).toBe('');
  const numbers = results.flatMap((result) => result.numbers).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  const registry = new Registry(root);
  const { models, damaged } = await registry.list(ANN);
  expect(damaged).toEqual([]);
  expect(models[0].versions).toEqual(numbers);
  expect(await registry.aliases(ID)).toEqual({ champion: 60 });
  expect(readdirSync(join(root, '.aside'))).toEqual([]);
});

it('numbers the versions of several promises at once', async () => {
  const registries = [new Registry(root), new Registry(root)];
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, i) => registries[i % 2].create(ID, DRAFT, FILES, { promote: true })),
  );
  expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  expect((await registries[0].resolve(ID, ANN)).version).toBe(20);
});

it('loses no alias that several set at once', async () => {
  const registry = new Registry(root);
  await registry.create(ID, DRAFT, FILES, { promote: true });
  await Promise.all(Array.from({ length: 12 }, (_, i) => registry.setAlias(ID, `a${i}x`, 1)));
  expect(Object.keys(await registry.aliases(ID))).toHaveLength(13);
});

it('keeps whole what it said to have stored, when it is killed at any moment', async () => {
  const registry = new Registry(root);
  let known = 0;
  for (let round = 0; round < 12; round++) {
    const maker = child('iris', 1000, 200_000);
    const ended = numbersOf(maker);
    // From before the first write to the middle of the dozenth.
    await new Promise((done) => maker.stdout.once('data', done));
    await new Promise((done) => setTimeout(done, (round * 7) % 40));
    maker.kill('SIGKILL');
    const { numbers } = await ended;
    const { models, damaged } = await registry.list(ANN);
    expect(damaged).toEqual([]);
    const { versions } = models[0];
    for (const number of numbers) expect(versions).toContain(number);
    // At most one had appeared without having been told.
    expect(versions.length).toBeLessThanOrEqual(known + numbers.length + 1);
    known = versions.length;
    for (const version of versions.slice(-3)) {
      const bytes = await registry.file(ID, version, 'state.bin');
      expect(new Set(bytes).size).toBe(1);
    }
    const { version } = await registry.resolve(ID, ANN);
    expect(version).toBeGreaterThanOrEqual(Math.max(...numbers));
  }
  await registry.sweep();
  expect(readdirSync(join(root, '.aside'))).toEqual([]);
});

it('sweeps what the dead left, not what somebody is writing', async () => {
  const registry = new Registry(root);
  await registry.create(ID, DRAFT, FILES, { promote: true });
  const aside = join(root, '.aside');
  const writing = await import('../../container/registry/aside.ts').then(({ makeAside }) => makeAside(aside));
  mkdirSync(join(aside, 'elsewhere~12~34~uuid'));
  mkdirSync(join(aside, 'elsewhere~12~35~uuid'));
  utimesSync(join(aside, 'elsewhere~12~35~uuid'), 0, 0);
  expect(await registry.sweep()).toBe(1);
  expect(readdirSync(aside).sort()).toEqual([writing.slice(aside.length + 1), 'elsewhere~12~34~uuid'].sort());
});

it('names a root that cannot be written, and changes nothing', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  const registry = new Registry(join(file, 'models'));
  const made = registry.create(ID, DRAFT, FILES, { promote: true });
  await expect(made).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringContaining(file),
  });
  await expect(registry.checkWritable()).rejects.toMatchObject({ code: 'storage_failed' });
});

it('names a root that is no folder to who reads models', async () => {
  const file = join(root, 'models');
  writeFileSync(file, '');
  const registry = new Registry(file);
  const refusal = { code: 'storage_failed', message: expect.stringContaining(`${file} cannot be read`) };
  await expect(registry.resolve({ namespace: 'user', name: 'iris' }, ANN)).rejects.toMatchObject(refusal);
  await expect(registry.list(ANN)).rejects.toMatchObject(refusal);
});

it('takes a new version back when its aliases cannot be set', async () => {
  const registry = new Registry(root);
  await registry.create(ID, DRAFT, FILES, { promote: true });
  const aliases = join(root, 'user', 'ann', 'iris', 'aliases');
  rmSync(aliases, { recursive: true });
  writeFileSync(aliases, '');
  await expect(registry.create(ID, DRAFT, FILES, { promote: true })).rejects.toMatchObject({
    code: 'storage_failed',
  });
  expect(readdirSync(join(root, 'user', 'ann', 'iris', 'versions'))).toEqual(['1']);
  expect(readdirSync(join(root, '.aside'))).toEqual([]);
});

const full = mountSmall();
(full.mounted ? it : it.skip)(
  `reports a full disk and leaves nothing half-written (${full.why})`,
  async () => {
    const disk = newRoot();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      const registry = new Registry(disk);
      await registry.create(ID, DRAFT, FILES, { promote: true });
      const free = () => statfsSync(disk).bfree;
      const before = free();
      const large = { 'state.bin': new Uint8Array(2_000_000) };
      await expect(registry.create(ID, DRAFT, large, { promote: true })).rejects.toMatchObject({
        code: 'disk_full',
        message: expect.stringContaining(disk),
      });
      expect(free()).toBe(before);
      expect((await registry.resolve(ID, ANN)).version).toBe(1);
      expect((await registry.create(ID, DRAFT, FILES, { promote: true })).version).toBe(2);
      const inodes = registry.create({ ...ID, name: 'b' }, DRAFT, large, { promote: true });
      await expect(inodes).rejects.toMatchObject({ code: 'disk_full' });
      expect(readdirSync(join(disk, 'user', 'ann'))).toEqual(['iris']);
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const refused = registry.create(ID, DRAFT, FILES, { promote: true });
      await expect(refused).rejects.toMatchObject({
        code: 'storage_failed',
        message: expect.stringContaining('EROFS'),
      });
      expect((await registry.resolve(ID, ANN)).version).toBe(2);
      await expect(registry.delete(ID, ANN)).rejects.toMatchObject({ code: 'storage_failed' });
    } finally {
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    }
  },
);

/** Whether a small file system can be mounted here: that takes root and a kernel that allows it. */
function mountSmall(): { mounted: boolean; why: string } {
  const place = newRoot();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'pipe' });
    execFileSync('umount', [place], { stdio: 'pipe' });
    return { mounted: true, why: 'on a tmpfs of 1 MB' };
  } catch {
    return { mounted: false, why: 'skipped: no tmpfs can be mounted here' };
  } finally {
    rmSync(place, { recursive: true });
  }
}

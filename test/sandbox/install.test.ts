import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { InstallError, installPackage } from '../../sandbox/splunkd/install.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kepler-install-'));
  mkdirSync(join(home, 'etc/apps'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | { mode: number; text: string } | { link: string }>>;

/** A package of these files. */
async function made(files: Files): Promise<string> {
  const archive = pack();
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === 'string') archive.entry({ name, mode: 0o644 }, file);
    else if ('link' in file) archive.entry({ name, type: 'symlink', linkname: file.link });
    else archive.entry({ name, mode: file.mode }, file.text);
  }
  archive.finalize();
  const path = join(home, 'x.spl');
  writeFileSync(path, await buffer(archive.pipe(createGzip())));
  return path;
}

const conf = (version: string) => `[package]\nid = kepler\n[launcher]\nversion = ${version}\n`;
const app = (path: string) => join(home, 'etc/apps/kepler', path);

test('files lie where the package has them, with its modes', async () => {
  const file = await made({
    'kepler/default/app.conf': conf('1.0.0'),
    'kepler/linux_x86_64/bin/kepler': { mode: 0o755, text: '#!/bin/sh\n' },
    'kepler/linux_x86_64/bin/kepler_watch': { link: 'kepler' },
  });
  expect(await installPackage(home, file)).toBe('kepler');
  expect(statSync(app('linux_x86_64/bin/kepler')).mode & 0o777).toBe(0o755);
  expect(statSync(app('default/app.conf')).mode & 0o777).toBe(0o644);
  expect(readFileSync(app('linux_x86_64/bin/kepler_watch'), 'utf8')).toBe('#!/bin/sh\n');
});

test('an upgrade replaces what the app ships and keeps what is the search head’s own', async () => {
  await installPackage(
    home,
    await made({
      'kepler/default/app.conf': conf('1.0.0'),
      'kepler/default/gone.conf': '',
      'kepler/lookups/shipped.csv': 'old',
      'kepler/metadata/default.meta': 'old',
    }),
  );
  mkdirSync(app('local'));
  writeFileSync(app('local/kepler.conf'), '[runtime:main]\nurl = https://mine\n');
  writeFileSync(app('metadata/local.meta'), '[commands/fit]\nexport = system\n');
  writeFileSync(app('lookups/mine.csv'), 'mine');
  await installPackage(
    home,
    await made({
      'kepler/default/app.conf': conf('1.1.0'),
      'kepler/lookups/shipped.csv': 'new',
      'kepler/metadata/default.meta': 'new',
    }),
  );
  expect(readFileSync(app('default/app.conf'), 'utf8')).toContain('1.1.0');
  expect(existsSync(app('default/gone.conf'))).toBe(false);
  expect(readFileSync(app('local/kepler.conf'), 'utf8')).toContain('https://mine');
  expect(readFileSync(app('metadata/local.meta'), 'utf8')).toContain('system');
  expect(['shipped', 'mine'].map((name) => readFileSync(app(`lookups/${name}.csv`), 'utf8'))).toEqual([
    'new',
    'mine',
  ]);
  expect(readFileSync(app('metadata/default.meta'), 'utf8')).toBe('new');
});

test.each<[string, Files, RegExp]>([
  ['two folders', { 'a/x': '', 'b/x': '' }, /holds 2 folders/],
  ['a path that leads out', { 'kepler/../../evil': '' }, /leads out of the app/],
  [
    'a link that leads out',
    { 'kepler/default/app.conf': '', 'kepler/bin/x': { link: '../../../../etc/passwd' } },
    /leads out/,
  ],
  ['a folder local', { 'kepler/default/app.conf': conf('1'), 'kepler/local/app.conf': '' }, /search head's/],
  ['another id', { 'other/default/app.conf': conf('1') }, /differ/],
])('a package with %s is refused, and nothing of it stays', async (_, files, problem) => {
  await expect(installPackage(home, await made(files))).rejects.toThrow(problem);
  expect(existsSync(app('default'))).toBe(false);
  expect(existsSync(join(home, 'etc/evil'))).toBe(false);
});

test('what is no package is refused', async () => {
  writeFileSync(join(home, 'y.spl'), 'text');
  await expect(installPackage(home, join(home, 'y.spl'))).rejects.toThrow(InstallError);
  await expect(installPackage(home, join(home, 'nowhere.spl'))).rejects.toThrow(/no package/);
});

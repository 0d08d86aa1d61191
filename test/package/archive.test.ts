import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArchive } from '../../build/package/archive.ts';
import type { Entry } from '../../build/package/archive.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'kepler-archive-'));

function entries(where: string): Entry[] {
  writeFileSync(join(where, 'program'), 'x'.repeat(300_000));
  return [
    { path: 'README.md', content: { text: '# Ünïcode\n' }, executable: false },
    { path: 'bin/kepler', content: { file: join(where, 'program') }, executable: true },
  ];
}

test('the same tree gives the same bytes, whatever the times of its files', async () => {
  const where = folder();
  const files = entries(where);
  const first = await writeArchive(join(where, 'a.spl'), 'kepler', files);
  utimesSync(join(where, 'program'), 5, 5);
  const second = await writeArchive(join(where, 'b.spl'), 'kepler', files);
  expect(second).toBe(first);
  expect(readFileSync(join(where, 'a.spl')).equals(readFileSync(join(where, 'b.spl')))).toBe(true);
});

test('tar unpacks it with the modes that AppInspect asks for', async () => {
  const where = folder();
  await writeArchive(join(where, 'a.spl'), 'kepler', entries(where));
  execFileSync('tar', ['-xzf', 'a.spl'], { cwd: where });
  const mode = (path: string) => statSync(join(where, 'kepler', path)).mode & 0o777;
  expect([mode('.'), mode('bin'), mode('bin/kepler'), mode('README.md')]).toEqual([
    0o755, 0o755, 0o755, 0o644,
  ]);
  expect(readFileSync(join(where, 'kepler/README.md'), 'utf8')).toBe('# Ünïcode\n');
  expect(statSync(join(where, 'kepler/bin/kepler')).size).toBe(300_000);
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackage } from '../../build/package/make.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { getinfo } from '../driver.ts';
import type { Sample } from '../measure.ts';

/** The package's size, and how soon the command inside it answers splunkd's first question. */
export const packageCase: Case = {
  name: 'package',
  title: 'the .spl: its size, and start of the executable inside it to its answer to getinfo',
  rounds: 12,
  open: () =>
    Closing.around(async (closing) => {
      const { path, bytes, files } = await makePackage();
      const folder = mkdtempSync(join(tmpdir(), 'kepler-bench-package-'));
      closing.add(() => rmSync(folder, { recursive: true }));
      execFileSync('tar', ['-xzf', path, '-C', folder]);
      const metadata = JSON.stringify(getinfo('score', 'accuracy_score a against b'));
      const question = `chunked 1.0,${Buffer.byteLength(metadata)},0\n${metadata}`;
      const executable = join(folder, 'kepler/linux_x86_64/bin/kepler');
      return {
        contestants: [
          { name: 'executable in the package', run: () => answer(executable, ['score'], question) },
          {
            name: 'node alone, an empty program',
            run: () => answer(process.execPath, ['-e', 'process.stdout.write("x")'], ''),
          },
        ],
        baseline: 'node alone, an empty program',
        notes: [`${path}: ${(bytes / 1e6).toFixed(1)} MB, ${files} files`],
        close: () => closing.close(),
      };
    }),
};

/** Start of a process to the first byte that it writes. */
async function answer(program: string, args: readonly string[], question: string): Promise<Sample> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(question);
  await once(child.stdout, 'data');
  const seconds = (performance.now() - start) / 1000;
  if (child.exitCode === null) await once(child, 'exit');
  return { seconds };
}

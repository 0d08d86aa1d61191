import { spawn } from 'node:child_process';
import { buildSync } from 'esbuild';

const linux = process.platform === 'linux';
if (!linux) process.stderr.write('output-watch.test.ts: needs /proc, skipped\n');

/** A program that says on stderr, again and again, whether its output is open. */
function watcher(): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `import { outputIsOpen } from './splunk_app/src/protocol/output-watch.ts';
        setInterval(() => process.stderr.write(outputIsOpen(1) ? 'open ' : 'closed '), 20);`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  return outputFiles[0].text;
}

async function until(child: ReturnType<typeof spawn>, word: string): Promise<void> {
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (bytes: Buffer) => {
      if (bytes.toString().includes(word)) resolve();
    });
  });
}

(linux ? describe : describe.skip)('whether the output is read', () => {
  it.each([
    ['a socket', [process.execPath, '-e', watcher()]],
    // The shell's pipe, read by another child than the parent.
    ['a pipe', ['sh', '-c', '"$0" -e "$1" | sleep 1', process.execPath, watcher()]],
  ])('is told of %s', async (_, [program, ...args]) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    try {
      if (program !== 'sh') {
        await until(child, 'open');
        child.stdout!.destroy();
      }
      await until(child, 'closed');
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import type { Chunks } from '../../bench/data.ts';
import { drive, getinfo } from '../../bench/driver.ts';

const python = spawnSync('python3', ['--version']).status === 0 && process.platform === 'linux';
const withPython = python ? test : test.skip;
const folder = mkdtempSync(join(tmpdir(), 'kepler-driver-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bodies = ['a,b\n1,"x ""y"", z"\n', '', 'a,b\n', `a,b\n2,"${'long '.repeat(60_000)}"\n`];

function chunks(): Chunks {
  const file = join(folder, 'in.csv');
  writeFileSync(file, bodies.join(''));
  return { file, lengths: bodies.map((body) => Buffer.byteLength(body)), rows: 2, features: ['a'] };
}

function command(code: string): { argv: string[] } {
  const file = join(folder, `command-${Math.random()}.py`);
  writeFileSync(file, code);
  return { argv: ['python3', file] };
}

const ECHO = { argv: [process.execPath, 'bench/peers/echo.mjs'] };

withPython('driver.py drives an echo: lengths, order and saved bytes agree (needs python3)', async () => {
  const save = join(folder, 'out.csv');
  const run = await drive(ECHO, {
    chunks: chunks(),
    getinfo: getinfo('echo', 'a b'),
    pipe: 65536,
    repeat: 2,
    save,
  });
  expect(run.reply_bytes).toEqual([...chunks().lengths, ...chunks().lengths]);
  expect(readFileSync(save, 'utf8')).toBe(bodies.join('').repeat(2));
  expect(run.bytes_out).toBe(run.bytes_in);
  expect(run.pipe).toBe(65536);
  expect(run.seconds).toBeGreaterThanOrEqual(run.stream_seconds);
});

withPython("driver.py hands on a command's error message (needs python3)", async () => {
  const failing = command(`
import sys
line = sys.stdin.buffer.readline()
sys.stdin.buffer.read(int(line.split(b",")[1]))
reply = b'{"inspector":{"messages":[["ERROR","no model of that name"]]},"finished":true,"error":"no"}'
sys.stdout.buffer.write(b"chunked 1.0,%d,0\\n%b" % (len(reply), reply))
`);
  await expect(drive(failing, { chunks: chunks(), getinfo: getinfo('x', '') })).rejects.toThrow(
    'no model of that name',
  );
});

withPython('driver.py names a reply that is cut short and one that is no reply (needs python3)', async () => {
  const reply = (text: string) =>
    command(`
import sys
line = sys.stdin.buffer.readline()
sys.stdin.buffer.read(int(line.split(b",")[1]))
sys.stdout.buffer.write(${JSON.stringify(text)}.encode())
`);
  const run = (text: string) => drive(reply(text), { chunks: chunks(), getinfo: getinfo('x', '') });
  await expect(run('chunked 1.0,20,0\n{}')).rejects.toThrow('before the reply was whole');
  await expect(run('x'.repeat(100))).rejects.toThrow('no header');
});

withPython('peers compile (needs python3)', () => {
  for (const peer of ['dsdl_server', 'dsdl_command', 'sdk_echo', 'compare', 'models', 'train']) {
    const source = readFileSync(`bench/peers/${peer}.py`, 'utf8');
    execFileSync('python3', ['-c', `import ast, sys; ast.parse(sys.stdin.read())`], { input: source });
  }
});

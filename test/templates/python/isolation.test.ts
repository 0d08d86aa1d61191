import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../eventually.ts';
import { LIMITS, endAll, numbers, publish, start, withPython } from './harness.ts';
import type { Asked, Published } from './harness.ts';

/** What a template must not get away with; one that does any of it, by an option. */
const secret = join(mkdtempSync(join(tmpdir(), 'kepler-secret-')), 'key.pem');
writeFileSync(secret, 'private');

const ODD = `
import ctypes, os, signal, subprocess, sys, threading, time
import numpy as np

kind = 'transformer'
params = {'properties': {'what': {'type': 'string', 'default': ''}}}

def fit(model, df, param):
    return {'a': 1}

def apply(model, df, param):
    what, rows = param['what'], len(df)
    if what == 'sys.exit':
        sys.exit(3)
    if what == 'os._exit':
        os._exit(3)
    if what == 'loop':
        while True: pass
    if what == 'memory':
        kept = []
        while True: kept.append(np.ones(10_000_000))
    if what == 'lists':
        kept = []
        while True: kept.append([0] * 10_000_000)
    if what == 'fork':
        try: os.fork()
        except OSError: pass
    if what == 'program':
        subprocess.run(['/bin/true'])
    if what == 'native program':
        return [float(ctypes.CDLL(None).execl(b'/bin/true', b'true', None)) for _ in range(rows)]
    if what == 'system':
        os.system('true')
    if what == 'read':
        open(${JSON.stringify(secret)}).read()
    if what == 'native read':
        return [float(ctypes.CDLL(None).open(${JSON.stringify(secret)}.encode(), 0)) for _ in range(rows)]
    if what == 'write':
        open('/tmp/kepler-was-here', 'w').write('x')
    if what == 'signal':
        os.kill(os.getppid(), signal.SIGTERM)
    if what == 'thread':
        threading.Thread(target=time.sleep, args=(600,), name='mine').start()
    if what == 'few':
        return np.zeros(rows - 1)
    if what == 'none':
        return None
    if what == 'objects':
        return [{} for _ in range(rows)]
    if what == 'print':
        print('\\x00\\x01binary', 'x' * 100_000)
        os.write(2, b'raw words\\n')
    if what == 'environment':
        return [','.join(sorted(os.environ)) for _ in range(rows)]
    if what == 'own folder':
        with open('mine.txt', 'w') as file: file.write('1')
        return [float(open('mine.txt').read()) for _ in range(rows)]
    return np.zeros(rows)
`;

let published: Published;
const table = numbers({ x: [1, 2, 3] });

async function fitted(...more: unknown[]): Promise<Asked> {
  published ??= await publish('Odd.py', ODD);
  const asked = await start(published, ...(more as []));
  await asked.fit(table);
  return asked;
}

afterEach(endAll);

const FATAL: [what: string, code: string, message: RegExp][] = [
  [
    'sys.exit',
    'template_failed',
    /Odd failed, line 14 of Odd\.py: it called sys\.exit\(3\)\. A template may not end its process/,
  ],
  ['os._exit', 'template_failed', /Odd was ended: its process ended by itself \(exit code 3\)/],
  ['memory', 'limit_memory', /Odd .*needed more than the 500 MB of memory allowed\. Give it fewer rows/],
  ['lists', 'limit_memory', /Odd .*needed more than the 500 MB of memory allowed\. Give it fewer rows/],
  ['fork', 'template_failed', /Odd failed: it forked\. A template may start no process/],
  ['signal', 'template_failed', /Odd failed, line \d+ of Odd\.py: it sent a signal/],
  ['thread', 'template_failed', /Odd failed: it left 1 thread running \(mine\): end what you start/],
];
for (const [what, code, message] of FATAL) {
  withPython(`what does "${what}" fails its own search, and its process is replaced`, async () => {
    const asked = await fitted();
    await expect(asked.apply(table, { what })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(asked.process.alive).toBe(false);
  });
}

withPython('what loops is ended', async () => {
  const asked = await fitted({}, { ...LIMITS, seconds: 5 });
  await expect(asked.apply(table, { what: 'loop' })).rejects.toMatchObject({
    code: 'limit_time',
    message: expect.stringContaining('Odd was ended: it took longer than the 5 seconds'),
  });
  expect(asked.process.alive).toBe(false);
});

withPython('what it may not do fails with line and remedy, and the process goes on', async () => {
  process.env.KEPLER_HEC_TOKEN = 'secret';
  const heard: string[] = [];
  const asked = await fitted({
    log: (level: string, text: string) => heard.push(`${level} ${text.slice(0, 20)}`),
  });
  delete process.env.KEPLER_HEC_TOKEN;
  const failing: [string, RegExp][] = [
    ['program', /line \d+ of Odd\.py: a template may start no program/],
    ['system', /a template may start no program/],
    [
      'read',
      /line \d+ of Odd\.py: PermissionError: .*A template may read and write its own folder only|own folder only/,
    ],
    ['write', /own folder only/],
    ['few', /Odd failed: apply returned 2 values in "output" for 3 rows; each row needs one/],
    ['none', /Odd failed: apply returned NoneType; it must return a DataFrame/],
    ['objects', /Odd failed: apply returned dict in "output", row 1; a cell is a number or a text/],
  ];
  for (const [what, message] of failing) {
    await expect(asked.apply(table, { what })).rejects.toMatchObject({
      code: 'template_failed',
      message: expect.stringMatching(message),
    });
  }
  expect(asked.process.alive).toBe(true);
  await asked.apply(table, { what: 'print' });
  expect(await asked.apply(table, { what: 'own folder' })).toMatchObject([
    { values: Float64Array.of(1, 1, 1) },
  ]);
  const [environment] = await asked.apply(table, { what: 'environment' });
  expect(String((environment as { values: readonly unknown[] }).values[0])).not.toMatch(/KEPLER|HEC/);
  // Not through the interpreter either, where the kernel has Landlock.
  const { fence } = (await asked.process.ask({ op: 'about' })).header;
  if (fence === 'landlock') {
    for (const what of ['native program', 'native read']) {
      expect(await asked.apply(table, { what })).toMatchObject([{ values: Float64Array.of(-1, -1, -1) }]);
    }
  }
  // What it prints comes by other pipes than its answers.
  await until(() => heard.includes('warn raw words') && heard.some((line) => line.includes('binary')));
});

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchNode } from '../../container/templates/process/launch.ts';
import { TemplateProcess } from '../../container/templates/process/template-process.ts';
import type { ProcessEvents } from '../../container/templates/process/template-process.ts';
import { publishTemplate } from '../../container/templates/publish.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { decodeOutputs, encodeTable } from '../../container/templates/tables.ts';
import { until } from '../eventually.ts';

const LIMITS = { memoryMb: 200, seconds: 40, answerBytes: 100e6 };
const HOST = resolve('dist/runtime/template-host.mjs');
const SDK = resolve('dist/runtime/template-sdk.mjs');
const secret = join(mkdtempSync(join(tmpdir(), 'kepler-secret-')), 'key.pem');
writeFileSync(secret, 'private');

const open: TemplateProcess[] = [];
afterEach(() => open.splice(0).forEach((process) => process.kill(new Error('over') as never)));

function store(): TemplateStore {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-templates-'));
  return new TemplateStore(folder);
}

/** A published template's process. `apply` is the body of its function. */
async function start(
  apply: string,
  events: Partial<ProcessEvents> = {},
  limits = LIMITS,
): Promise<TemplateProcess> {
  const folder = store();
  const text = `import { defineTemplate, log, logMetrics } from 'kepler';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
let first = true;
export default defineTemplate<{ a: number }>({
  name: 'Odd', kind: 'transformer',
  fit: () => ({ a: 1 }),
  apply(state, { rows, columns }) {
    if (columns[0][0] === -2) return new Float64Array(rows); // while it is tried out
${apply}
  },
});
`;
  const manifest = await publishTemplate(join(tmpdir(), 'Odd.ts'), text, {
    store: folder,
    host: HOST,
    sdk: SDK,
    limits: LIMITS,
    taken: new Set(),
  });
  const path = folder.path('Odd', manifest.version);
  const launch = launchNode(HOST, join(path, '..', 'cwd'), limits);
  const silent = {
    log: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    telemetry: () => undefined,
  };
  const made = new TemplateProcess('Odd', launch, { ...silent, ...events });
  open.push(made);
  await made.ask({ op: 'load' }, readFileSync(join(path, 'bundle.cjs')));
  await made.ask({ op: 'fit', params: {}, key: 'k' }, encodeTable(table([0])));
  return made;
}

const table = (values: number[]) => ({
  rows: values.length,
  names: ['x'],
  columns: [Float64Array.from(values)],
});
const apply = (process: TemplateProcess, values = [1, 2, 3]) =>
  process.ask({ op: 'apply', key: 'k', options: {} }, encodeTable(table(values)));

test('rows that were sent ahead are those that are asked about; who lacks them says so', async () => {
  const process = await start('return columns[0].map((x) => 2 * x);');
  const ask = { op: 'apply', key: 'k', options: {}, ahead: 'chunk', rows: 3, names: ['x'] };
  process.tell(
    { rowsAhead: 'chunk', first: true, rows: 3, columns: 1 },
    new Uint8Array(Float64Array.of(1, 2, 3).buffer),
  );
  const { body } = await process.ask(ask);
  expect(decodeOutputs(body).outputs[0]).toMatchObject({ values: Float64Array.of(2, 4, 6) });
  expect((await process.ask(ask)).header).toMatchObject({ needRows: true });
  const { body: whole } = await apply(process);
  expect(decodeOutputs(whole).outputs[0]).toMatchObject({ values: Float64Array.of(2, 4, 6) });
});

test('answers with columns of numbers and texts', async () => {
  const process = await start(
    `return { twice: columns[0].map((x) => 2 * x), word: Array.from(columns[0], (x) => x > 1 ? 'ü"\\n' : null) };`,
  );
  const { body } = await apply(process);
  const { rows, outputs } = decodeOutputs(body);
  expect(rows).toBe(3);
  expect(outputs).toEqual([
    { name: 'twice', kind: 'number', values: Float64Array.of(2, 4, 6) },
    { name: 'word', kind: 'text', values: [null, 'ü"\n', 'ü"\n'] },
  ]);
});

test('an empty table is answered by an empty column', async () => {
  const process = await start('return columns[0];');
  const { rows, outputs } = decodeOutputs((await apply(process, [])).body);
  expect([rows, outputs[0].name]).toEqual([0, 'output']);
});

test('what it throws names the template and the line, and the process goes on', async () => {
  const process = await start(`if (columns[0][0] === 1) {
      throw new Error('no luck');
    }
    return columns[0];`);
  await expect(apply(process)).rejects.toMatchObject({
    code: 'template_failed',
    message: 'The template Odd failed, line 11: no luck',
  });
  expect(process.alive).toBe(true);
  await apply(process, [7]);
});

test.each<[string, string, string, RegExp]>([
  [
    'fills its heap',
    'const all: unknown[] = []; for (;;) all.push({ a: [1, 2, 3], b: String(all.length) });',
    'limit_memory',
    /Odd was ended: it needed more than the 200 MB/,
  ],
  [
    'fills memory outside of the heap',
    'const all: Uint8Array[] = []; for (;;) { all.push(new Uint8Array(5e6).fill(1)); const until = Date.now() + 5; while (Date.now() < until); }',
    'limit_memory',
    /Odd was ended: it needed more than the 200 MB/,
  ],
])('one that %s is ended with a message', async (_what, body, code, message) => {
  const process = await start(body);
  await expect(apply(process)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(process.alive).toBe(false);
});

test('one that loops is ended with a message', async () => {
  const process = await start('for (;;) {}', {}, { ...LIMITS, seconds: 2 });
  await expect(apply(process)).rejects.toMatchObject({
    code: 'limit_time',
    message: expect.stringContaining('Odd was ended: it took longer than the 2 seconds'),
  });
  expect(process.alive).toBe(false);
});

test.each<[string, string, RegExp]>([
  [
    'starts a program',
    "spawnSync('/bin/true'); return columns[0];",
    /line 10: a template may not start programs\. It gets its rows by fit and apply/,
  ],
  [
    'reads a file that is not its own',
    `readFileSync(${JSON.stringify(secret)}); return columns[0];`,
    /line 10: a template may not read or write files \(.*key\.pem\)/,
  ],
  ['exits', 'process.exit(3);', /failed, line 10: a template may not end its process/],
  ['returns rows too few', 'return columns[0].subarray(1);', /returned 2 values in "output" for 3 rows/],
  ['returns nothing', 'return undefined as never;', /returned undefined/],
  ['returns objects as cells', 'return { a: [{}, {}, {}] as never };', /returned object in "a", row 1/],
])('one that %s fails its own search', async (_what, body, message) => {
  const process = await start(body);
  await expect(apply(process)).rejects.toMatchObject({
    code: 'template_failed',
    message: expect.stringMatching(message),
  });
});

test('what fails in a timer, or in a promise that nobody waits for, ends the process with a message', async () => {
  const process = await start(
    "setTimeout(() => { throw new Error('too late'); }); return new Promise(() => undefined);",
  );
  await expect(apply(process)).rejects.toThrow('The template Odd failed, line 10: too late');
  expect(process.alive).toBe(false);
});

test('one that floods its log is cut off, and goes on', async () => {
  const heard: string[] = [];
  const process = await start('for (let i = 0; i < 5000; i++) log.info(`line ${i}`); return columns[0];', {
    log: (_level, text) => heard.push(text),
  });
  await apply(process);
  expect(heard).toHaveLength(1001);
  expect(heard.at(-1)).toMatch(/writes more than 1000 lines; the rest is left out/);
  await apply(process);
  expect(heard).toHaveLength(2002);
});

test('what it prints and logs is heard, and disturbs nothing', async () => {
  const heard: string[] = [];
  const told: unknown[] = [];
  const process = await start(
    `console.log('\\u0000\\u0001binary', 'x'.repeat(100000)); log.info('hello', { n: 1 }); logMetrics({ saved: 2 }); return columns[0];`,
    {
      log: (level, text) => heard.push(`${level} ${text.slice(0, 20)}`),
      telemetry: (event) => told.push(event),
    },
  );
  await apply(process);
  await apply(process);
  expect(heard).toContain('info hello');
  // What it prints comes by another pipe than its answers.
  await until(() => heard.some((line) => line.includes('binary')));
  expect(told[0]).toEqual({ kind: 'metrics', values: { saved: 2 }, dimensions: {} });
});

test('sees no secret of the runtime in its environment', async () => {
  process.env.KEPLER_HEC_TOKEN = 'secret';
  const child = await start(
    "return { env: Array.from(columns[0], () => Object.keys(process.env).sort().join(',')) };",
  );
  delete process.env.KEPLER_HEC_TOKEN;
  const { outputs } = decodeOutputs((await apply(child, [1])).body);
  expect(outputs[0]).toMatchObject({ values: ['NODE_ENV,PATH'] });
  expect(existsSync(secret)).toBe(true);
});

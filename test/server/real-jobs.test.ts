/** The built runtime with its real jobs: a model from its first row to its deletion, and the ways in which that can end early. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../eventually.ts';
import { FIT_SPEC, SearchHead, ask, authorized, chunk, split } from './harness.ts';
import type { Reply } from './harness.ts';
import { killAll, listening, startProgram } from './program.ts';
import type { Program } from './program.ts';

let home: string;
let head: SearchHead;
let program: Program;
let url: string;
let token: string;

async function start(): Promise<void> {
  program = startProgram(home);
  url = (await listening(program))[0];
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kepler-real-'));
  head = new SearchHead();
  head.trustIn(join(home, 'keys'));
  token = await head.token();
  await start();
});
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

const MODEL = { namespace: 'user', name: 'line' };
const LINE = {
  ...FIT_SPEC,
  algorithm: 'LinearRegression',
  options: {},
  targets: ['y'],
  fields: ['x'],
  into: MODEL,
};
const rows = (slope: number) => {
  const lines = Array.from({ length: 500 }, (_, i) => `${i},"t ${i}",${slope * i + 1}`);
  return `x,text,y\n${lines.join('\n')}\n`;
};
const chunkTo = (path: string, csv: string, meta: object, agent?: Agent) =>
  ask(url, path, { ...chunk(token, csv, meta), agent });
const post = (path: string, body: object): Promise<Reply> =>
  ask(url, path, { headers: authorized(token), body: JSON.stringify(body) });
const predictions = (reply: Reply) =>
  split(reply)
    .body.toString()
    .trim()
    .split('\n')
    .map((line) => line.split(',').pop());
const spool = () => readdirSync(join(home, 'state', 'spool'));
const asides = () => readdirSync(join(home, 'state', 'models', '.aside'));

it('fits, applies, refits, summarises, lists and deletes', async () => {
  for (const slope of [2, 3]) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const job = randomUUID();
    const all = rows(slope);
    const first = await chunkTo('/v1/fit', all, { job, finished: false, spec: LINE }, agent);
    expect(first.status).toBe(200);
    const last = await chunkTo('/v1/fit', '', { job, chunk: 1, spec: undefined }, agent);
    expect(split(last).meta).toMatchObject({ version: { ...MODEL, version: slope - 1 } });
    const back = split(last).body.toString().trim().split('\n');
    expect(back[0]).toBe('x,text,y,predicted(y)');
    expect(back.map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual(all.trim().split('\n'));
    agent.destroy();
  }
  const plan = await post('/v1/apply/plan', { model: MODEL, options: {} });
  expect(plan.json).toMatchObject({ version: { ...MODEL, version: 2 }, requiredFields: ['x'] });
  for (const [reference, expected] of [
    [MODEL, 31],
    [{ ...MODEL, version: 1 }, 21],
  ] as const) {
    const reply = await chunkTo('/v1/apply', 'x\n10\n\n', { spec: { model: reference, options: {} } });
    const [name, value] = predictions(reply);
    expect(name).toBe('predicted(y)');
    expect(Number(value)).toBeCloseTo(expected, 8);
  }
  const summary = await post('/v1/summary', { model: MODEL, options: {} });
  expect(summary.json.rows.map(([feature]: string[]) => feature)).toEqual(['x', '_intercept']);
  const models = await ask(url, '/v1/models', { headers: authorized(token) });
  expect(models.json.models).toMatchObject([{ name: 'line', version: 2, versions: [1, 2] }]);
  expect((await post('/v1/models/delete', MODEL)).json.versions).toEqual([1, 2]);
  const gone = await chunkTo('/v1/apply', 'x\n1\n', { spec: { model: MODEL, options: {} } });
  expect(gone.json.error.code).toBe('model_not_found');
});

it("keeps a user from another's model of the same name", async () => {
  const other = await head.token({ sub: 'bob' });
  const mine = await chunkTo('/v1/fit', rows(2), { spec: LINE });
  expect(mine.status).toBe(200);
  const theirs = await ask(url, '/v1/fit', chunk(other, rows(5), { spec: LINE }));
  expect(split(theirs).meta).toMatchObject({ version: { version: 1 } });
  const spec = { model: MODEL, options: {} };
  expect(Number(predictions(await chunkTo('/v1/apply', 'x\n10\n', { spec }))[1])).toBeCloseTo(21, 8);
  const reply = await ask(url, '/v1/apply', chunk(other, 'x\n10\n', { spec }));
  expect(Number(predictions(reply)[1])).toBeCloseTo(51, 8);
});

it('refuses to write a model of the app without the role', async () => {
  const spec = { ...LINE, into: { namespace: 'app', name: 'shared' } };
  const reply = await chunkTo('/v1/fit', rows(2), { spec });
  expect(reply.status).toBe(403);
  expect(reply.json.error.message).toContain('admin');
});

it('lets go of everything when a search ends in mid-fit', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await chunkTo('/v1/fit', rows(2), { finished: false, spec: { ...LINE, into: undefined } }, agent);
  const busy = async () => (await ask(url, '/v1/status', { headers: authorized(token) })).json.jobs.length;
  expect(await busy()).toBe(1);
  agent.destroy();
  await until(async () => (await busy()) === 0);
  await until(() => spool().length === 0 && asides().length === 0);
});

it('knows its models again after it was killed in mid-fit, and nothing else', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await chunkTo('/v1/fit', rows(2), { finished: false, spec: LINE }, agent);
  program.process.kill('SIGKILL');
  await program.ended;
  await start();
  const models = await ask(url, '/v1/models', { headers: authorized(token) });
  expect(models.json).toMatchObject({ models: [{ name: 'line', version: 3, versions: [3] }], messages: [] });
  expect(spool()).toEqual([]);
  expect(asides()).toEqual([]);
  const lost = await chunkTo('/v1/fit', '', { job: randomUUID(), chunk: 1, spec: undefined });
  expect(lost.json.error.code).toBe('unknown_job');
  agent.destroy();
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../sandbox/lock.ts';
import { RestClient } from './rest-client.ts';
import { SearchHead } from './search-head.ts';

let head: SearchHead;
let admin: RestClient;
let user: RestClient;
beforeAll(async () => {
  head = await SearchHead.start();
  admin = new RestClient(head, 'admin');
  user = new RestClient(head, 'user');
});
afterAll(() => head.stop());

const JOBS = '/servicesNS/user/kepler/search/jobs';

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((next) => setTimeout(next, 20));
}

async function done(client: RestClient, sid: string) {
  for (;;) {
    const { body } = await client.get(`/services/search/jobs?output_mode=json&id=${sid}`);
    const { content } = body.entry[0];
    if (content.isDone) return content;
    await new Promise((next) => setTimeout(next, 20));
  }
}

test('a search is created, polled and read: cells without a value are left out, times are ISO, lists are arrays', async () => {
  const search =
    '| makeresults count=2 | streamstats count as n | eval l=mvappend("a","b"), e=if(n=1,"x",null()), _time=1700000000';
  const created = await user.post(JOBS, { search });
  expect(created).toEqual({ status: 201, body: { sid: expect.stringMatching(/^\d+\.\d+$/) } });
  const { sid } = created.body;
  expect(await done(user, sid)).toMatchObject({
    sid,
    dispatchState: 'DONE',
    doneProgress: 1,
    isFailed: false,
    isFinalized: false,
    resultCount: 2,
    resultPreviewCount: 2,
    ttl: 600,
    request: { search },
    messages: [],
  });
  const { body } = await user.get(`/services/search/v2/jobs/${sid}/results?output_mode=json&count=0`);
  expect(body).toMatchObject({ preview: false, init_offset: 0, messages: [] });
  expect(body.fields.map((field: { name: string }) => field.name)).toEqual(['_time', 'n', 'l', 'e']);
  expect(body.results).toEqual([
    { _time: '2023-11-14T22:13:20.000+00:00', n: '1', l: ['a', 'b'], e: 'x' },
    { _time: '2023-11-14T22:13:20.000+00:00', n: '2', l: ['a', 'b'] },
  ]);
  const page = await user.get(`/services/search/jobs/${sid}/results?output_mode=json&count=1&offset=1&f=n`);
  expect(page.body).toMatchObject({ init_offset: 1, results: [{ n: '2' }] });
  expect((await user.get(`/services/search/jobs/${sid}/results?output_mode=csv&f=n`)).body).toBe('n\n1\n2\n');
});

test('a search that cannot be read is refused at once; one that fails on its way is a failed job', async () => {
  expect(await user.post(JOBS, { search: '| nonsense' })).toMatchObject({
    status: 400,
    body: {
      messages: [{ type: 'FATAL', text: expect.stringContaining("Unknown search command 'nonsense'") }],
    },
  });
  const { body } = await user.post(JOBS, { search: '| inputlookup nowhere.csv' });
  expect(await done(user, body.sid)).toMatchObject({
    dispatchState: 'FAILED',
    isFailed: true,
    messages: [{ type: 'FATAL', text: expect.stringContaining('nowhere.csv') }],
  });
});

/** A search whose second chunk is never answered, once it is waiting there. */
async function hanging(name: string): Promise<{ sid: string; pids: number[] }> {
  const log = join(head.folder, name);
  const { body } = await user.post(JOBS, { search: `| makeresults count=5000 | echo hang=2 log=${log}` });
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  await until(() => lines().includes('"hangs"'));
  const pids = [...lines().matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid));
  return { sid: body.sid, pids };
}

test('before a search is done only its previews are there; cancelling ends its processes', async () => {
  const { sid, pids } = await hanging('cancel.log');
  const results = `/services/search/v2/jobs/${sid}/results?output_mode=json`;
  expect((await user.get(results)).status).toBe(204);
  const preview = await user.get(`/services/search/v2/jobs/${sid}/results_preview?output_mode=json&count=1`);
  expect(preview.body).toMatchObject({ preview: true, results: [{ _time: expect.any(String) }] });
  expect(await user.post(`/services/search/jobs/${sid}/control`, { action: 'cancel' })).toEqual({
    status: 200,
    body: { messages: [{ type: 'INFO', text: 'Search job cancelled.' }] },
  });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await user.get(results)).toEqual({
    status: 404,
    body: { messages: [{ type: 'FATAL', text: 'Unknown sid.' }] },
  });
  expect((await user.get(`/services/search/jobs?output_mode=json&id=${sid}`)).body.entry).toEqual([]);
});

test('a finalized search keeps what it has found', async () => {
  const { sid, pids } = await hanging('finalize.log');
  await user.post(`/services/search/jobs/${sid}/control`, { action: 'finalize' });
  expect(await done(user, sid)).toMatchObject({ isFinalized: true, isFailed: false, resultCount: 2500 });
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a search that nobody asks for ends by auto_cancel', async () => {
  const { body } = await user.post(JOBS, { search: '| makeresults | echo hang=1', auto_cancel: '1' });
  await until(async () =>
    (await admin.get('/services/search/jobs?count=0')).body.entry.every(
      (entry: { content: { sid: string } }) => entry.content.sid !== body.sid,
    ),
  );
});

test('a one-shot search answers with its results, a blocking one when it is done', async () => {
  const search = '| makeresults | eval a=1 | table a';
  expect(
    await user.post('/servicesNS/user/kepler/search/v2/jobs', { search, exec_mode: 'oneshot' }),
  ).toMatchObject({
    status: 200,
    body: { results: [{ a: '1' }] },
  });
  const { body } = await user.post(JOBS, { search, exec_mode: 'blocking' });
  expect(
    (await user.get(`/services/search/jobs/${body.sid}?output_mode=json`)).body.entry[0].content.isDone,
  ).toBe(true);
});

test('a job is its owner’s; who may see everything may see it', async () => {
  const { body } = await user.post(JOBS, { search: '| makeresults' });
  const ana = new RestClient(head, 'ana');
  expect((await ana.get(`/services/search/jobs/${body.sid}`)).status).toBe(404);
  expect((await admin.get(`/services/search/jobs/${body.sid}`)).status).toBe(200);
});

test('the parser says what is wrong, or which commands there are', async () => {
  expect(
    await user.post('/services/search/v2/parser', { q: '| makeresults "', parse_only: 'true' }),
  ).toMatchObject({
    status: 400,
    body: { messages: [{ type: 'FATAL', text: expect.stringContaining('quotation mark') }] },
  });
  expect(
    await user.post('/services/search/v2/parser', { q: '| makeresults | head 3', parse_only: 'true' }),
  ).toMatchObject({
    status: 200,
    body: { commands: [{ command: 'makeresults' }, { command: 'head' }] },
  });
});

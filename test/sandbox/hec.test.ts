import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Acknowledgements } from '../../sandbox/hec/acknowledgements.ts';
import { HecReceiver } from '../../sandbox/hec/receiver.ts';
import { HecTokens } from '../../sandbox/hec/tokens.ts';
import { IndexStore } from '../../sandbox/indexes/index-store.ts';
import { SearchHead } from './search-head.ts';

const CHANNEL = '0a0b0c0d-1111-4222-8333-444455556666';
let head: SearchHead;
let hec: HecReceiver;
let tokens: HecTokens;
beforeAll(async () => {
  head = await SearchHead.start();
  tokens = new HecTokens(head.home.path);
  tokens.prepare();
  hec = await HecReceiver.listen({
    tokens,
    indexes: new IndexStore(head.home.path),
    maxContentLength: 8 << 20,
  });
});
afterAll(async () => {
  await hec.close();
  await head.stop();
});
afterEach(() => hec.beInTrouble());

const tokenOf = (name: string) => tokens.all().find((token) => token.name === name)!.token;

async function send(
  body: string | Buffer,
  headers: Record<string, string> = {},
  path = '/services/collector/event',
): Promise<{ status: number; type: string | null; retryAfter: string | null; body: unknown }> {
  const response = await fetch(hec.url + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { authorization: `Splunk ${tokenOf('kepler')}`, ...headers },
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    type,
    retryAfter: response.headers.get('retry-after'),
    body: type?.includes('json') ? JSON.parse(text) : text,
  };
}

const event = (fields: object) => JSON.stringify({ event: { n: 1 }, ...fields });

test('events one after another are found, with what was said of each', async () => {
  const body =
    event({
      time: 1700000000.25,
      host: 'h',
      source: 's',
      sourcetype: 'kepler:fit',
      event: { model: 'm', ms: { total: 5 }, tags: ['a', 'b'] },
    }) +
    event({ time: '1700000001', sourcetype: 'kepler:fit', event: 'plain text=here', fields: { rows: 3 } });
  expect(await send(body)).toMatchObject({ status: 200, body: { text: 'Success', code: 0 } });
  const { rows, error } = await head.search('search index=kepler sourcetype=kepler:fit');
  expect(error).toBeUndefined();
  expect(rows).toMatchObject([
    {
      _time: '1700000001',
      _raw: 'plain text=here',
      host: '127.0.0.1',
      source: 'http:kepler',
      text: 'here',
      rows: '3',
    },
    {
      _time: '1700000000.25',
      host: 'h',
      source: 's',
      index: 'kepler',
      model: 'm',
      'ms.total': '5',
      'tags{}': ['a', 'b'],
    },
  ]);
});

test('indexes, times and words choose among events', async () => {
  const now = Date.now() / 1000;
  await send(
    event({ time: now - 60, index: 'main', event: { kind: 'apple', q: 1 } }) +
      event({ time: now - 7200, index: 'main', event: { kind: 'pear', q: 2 } }),
  );
  const found = async (search: string, range = {}) =>
    (await head.search(search, range)).rows.map(({ q }) => q);
  expect(await found('index=main')).toEqual(['1', '2']);
  expect(await found('index=ma* pear')).toEqual(['2']);
  expect(await found('index=main kind=a*')).toEqual(['1']);
  expect(await found('index=main earliest=-1h')).toEqual(['1']);
  expect(await found('index=main', { earliest: '-3h', latest: '-1h' })).toEqual(['2']);
  expect(await found('apple')).toEqual(['1']);
  expect(await found('index=kepler_metrics')).toEqual([]);
  expect((await head.search('index=main earliest=-1zebra')).error).toMatch(/time term/);
});

test('gzip is unpacked; what is no event at all comes back as HTML', async () => {
  expect((await send(gzipSync(event({})), { 'content-encoding': 'gzip' })).status).toBe(200);
  expect(await send(event({}), { 'content-encoding': 'zebra' })).toMatchObject({
    status: 415,
    type: expect.stringContaining('html'),
  });
  expect(await send('x'.repeat(9 << 20))).toMatchObject({
    status: 413,
    type: expect.stringContaining('html'),
  });
});

test.each([
  ['nothing', '  ', 5, undefined],
  ['no JSON', '{"event":', 6, 0],
  ['a wrong time', event({ time: 'noon' }), 6, 0],
  ['an index that the token may not use', event({}) + event({ index: '_internal' }), 7, 1],
  ['no event', '{"time":1}', 12, 0],
  ['a blank event', event({}) + event({}) + event({ event: '' }), 13, 2],
  ['nested fields', event({ fields: { a: { b: 1 } } }), 15, 0],
])('%s is refused with its code and its number', async (_, body, code, number) => {
  expect(await send(body)).toMatchObject({
    status: 400,
    body: { code, ...(number !== undefined && { 'invalid-event-number': number }) },
  });
});

test('what stood before a wrong event is in', async () => {
  await send(event({ sourcetype: 'before', event: 'first' }) + event({ event: '' }));
  expect((await head.search('index=kepler sourcetype=before')).rows).toMatchObject([{ _raw: 'first' }]);
});

test('tokens: required, readable, known, enabled', async () => {
  const bare = await fetch(`${hec.url}/services/collector/event`, { method: 'POST', body: event({}) });
  expect([bare.status, await bare.json()]).toMatchObject([401, { code: 2 }]);
  expect(await send(event({}), { authorization: 'Bearer x' })).toMatchObject({
    status: 401,
    body: { code: 3 },
  });
  expect(await send(event({}), { authorization: 'Splunk 1234' })).toMatchObject({
    status: 403,
    body: { code: 4 },
  });
  const basic = Buffer.from(`x:${tokenOf('kepler')}`).toString('base64');
  expect((await send(event({}), { authorization: `Basic ${basic}` })).status).toBe(200);
  const conf = join(head.home.path, 'etc/apps/splunk_httpinput/local/inputs.conf');
  const before = readFileSync(conf, 'utf8');
  writeFileSync(conf, before.replaceAll('disabled = 0', 'disabled = 1'));
  expect(await send(event({}))).toMatchObject({ status: 403, body: { code: 1 } });
  writeFileSync(conf, before);
});

test('a token that acknowledges wants a channel, and answers each id once', async () => {
  const authorization = `Splunk ${tokenOf('kepler_ack')}`;
  expect(await send(event({}), { authorization })).toMatchObject({ status: 400, body: { code: 10 } });
  const wrong = { authorization, 'x-splunk-request-channel': 'x' };
  expect(await send(event({}), wrong)).toMatchObject({ status: 400, body: { code: 11 } });
  const right = { authorization, 'x-splunk-request-channel': CHANNEL };
  expect(await send(event({}), right)).toMatchObject({ status: 200, body: { code: 0, ackId: 0 } });
  expect(await send(event({}), right)).toMatchObject({ body: { ackId: 1 } });
  const ask = () => send('{"acks":[0,1,7]}', { authorization }, `/services/collector/ack?channel=${CHANNEL}`);
  expect((await ask()).body).toEqual({ acks: { 0: true, 1: true, 7: false } });
  expect((await ask()).body).toEqual({ acks: { 0: false, 1: false, 7: false } });
  expect(await send('{"acks":[0]}', {}, `/services/collector/ack?channel=${CHANNEL}`)).toMatchObject({
    status: 400,
    body: { code: 14 },
  });
});

test('a channel that nobody used for ten minutes is forgotten', () => {
  const acknowledgements = new Acknowledgements();
  expect(acknowledgements.add('t', CHANNEL, 0)).toBe(0);
  expect(acknowledgements.add('t', CHANNEL, 599_000)).toBe(1);
  expect(acknowledgements.add('t', CHANNEL, 1_200_001)).toBe(0);
});

test('health, and the troubles that it can be in', async () => {
  const health = async () => (await (await fetch(`${hec.url}/services/collector/health`)).json()) as unknown;
  expect(await health()).toEqual({ text: 'HEC is healthy', code: 17 });
  hec.beInTrouble(9, 7);
  expect(await send(event({}))).toMatchObject({ status: 503, retryAfter: '7', body: { code: 9 } });
  hec.beInTrouble(26);
  expect(await send(event({}))).toMatchObject({ status: 429, body: { code: 26 } });
  hec.beInTrouble(18);
  expect(await health()).toMatchObject({ code: 18 });
  hec.beInTrouble(24);
  expect(await send(event({ sourcetype: 'warned' }))).toMatchObject({ status: 200, body: { code: 24 } });
  expect((await head.search('index=kepler sourcetype=warned | stats count')).rows).toEqual([{ count: '1' }]);
});

test('raw lines are events', async () => {
  await send('one\ntwo\n', {}, '/services/collector/raw?sourcetype=lines');
  expect((await head.search('index=kepler sourcetype=lines')).rows.map(({ _raw }) => _raw)).toEqual([
    'two',
    'one',
  ]);
});

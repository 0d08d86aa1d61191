import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splunkMethods } from '../../../container/helpers/splunk/methods.ts';
import type { SplunkCaller } from '../../../container/helpers/splunk/methods.ts';
import type { SplunkSettings } from '../../../container/helpers/splunk/connect.ts';
import { Collector } from '../../../container/helpers/telemetry/collector.ts';
import { HecReceiver } from '../../../sandbox/hec/receiver.ts';
import { HecTokens } from '../../../sandbox/hec/tokens.ts';
import { IndexStore } from '../../../sandbox/indexes/index-store.ts';
import { SearchHead } from '../../sandbox/search-head.ts';

let head: SearchHead;
let hec: HecReceiver;
let token: string;
beforeAll(async () => {
  head = await SearchHead.start();
  writeFileSync(join(head.home.path, 'etc/apps/kepler/local/collections.conf'), '[scores]\n');
  const tokens = new HecTokens(head.home.path);
  tokens.prepare();
  hec = await HecReceiver.listen({ tokens, indexes: new IndexStore(head.home.path) });
  token = tokens.all().find(({ name }) => name === 'kepler')!.token;
});
afterAll(async () => {
  await hec.close();
  await head.stop();
});

const collectors: Collector[] = [];
afterEach(async () => {
  hec.beInTrouble();
  await Promise.all(collectors.splice(0).map((collector) => collector.close()));
});

function connector(settings: SplunkSettings = {}, hecToken = token) {
  const queued: string[] = [];
  const collector = { url: hec.url, token: hecToken, ack: false };
  const made = new Collector(collector);
  collectors.push(made);
  const methods = splunkMethods({
    settings: () => settings,
    index: () => ({
      collector: made,
      settings: collector,
      ack: false,
      queue: (line) => void queued.push(line),
    }),
  });
  const session = { uri: head.rest.url, key: head.rest.sessions.open('admin') };
  const caller: SplunkCaller = { principal: { user: 'admin', app: 'kepler' }, session };
  const opened = new Map();
  const call = async (method: string, args: object, rows?: object[], who = caller) => {
    const body = rows && Buffer.from(JSON.stringify(rows));
    const context = { caller: who, signal: new AbortController().signal, opened };
    return methods[method]({ args: args as Record<string, unknown>, body }, context);
  };
  const rowsOf = async (method: string, args: object) => {
    const { cursor } = (await call(method, args)).result as { cursor: string };
    const rows: Record<string, unknown>[] = [];
    for (;;) {
      const { result, body } = await call('read', { cursor });
      if ((result as { done: boolean }).done) return rows;
      rows.push(...(JSON.parse(Buffer.from(body!).toString()) as Record<string, unknown>[]));
    }
  };
  return { call, rowsOf, queued };
}

describe('sendResults', () => {
  it('saves into a KV store collection, more than a call may hold, and takes the place of what has the same key', async () => {
    const { call } = connector();
    const rows = Array.from({ length: 2500 }, (_, i) => ({ _key: `k${i}`, host: `h${i}`, score: i / 2 }));
    expect(await call('sendResults', { to: { collection: 'scores' } }, rows)).toEqual({
      result: { written: 2500, queued: 0 },
    });
    await call('sendResults', { to: { collection: 'scores' } }, [{ _key: 'k7', score: -1 }]);
    const url = `${head.rest.url}/servicesNS/nobody/kepler/storage/collections/data/scores?output_mode=json`;
    const key = head.rest.sessions.open('admin');
    const answer = await fetch(url, { headers: { authorization: `Splunk ${key}` } });
    const documents = (await answer.json()) as { _key: string; score: number }[];
    expect(documents).toHaveLength(2500);
    expect(documents.find(({ _key }) => _key === 'k7')).toMatchObject({ score: -1 });
  });

  it('names the collection that is not there, with Splunk’s words', async () => {
    const { call } = connector();
    await expect(call('sendResults', { to: { collection: 'none' } }, [{ a: 1 }])).rejects.toMatchObject({
      code: 'splunk_failed',
      message: expect.stringContaining("Collection 'none' does not exist."),
    });
  });

  it('writes a lookup with what SPL would read for itself, and its fields in their order', async () => {
    const { call, rowsOf } = connector();
    const odd = 'a "quoted" \\ back | pipe [sub] `macro` $token$ ümlaut, comma\nline';
    const rows = [
      { name: odd, 'two words': 1.5 },
      { name: 'b', 'two words': null },
    ];
    await call('sendResults', { to: { lookup: 'odd.csv' } }, rows);
    expect(await rowsOf('getData', { spl: '| inputlookup odd.csv' })).toEqual([
      { name: odd, 'two words': 1.5 },
      { name: 'b' },
    ]);
  });

  it('writes a lookup of many rows in pieces, whole in the place of the one before, and leaves nothing lying about', async () => {
    const { call, rowsOf } = connector();
    const rows = Array.from({ length: 3000 }, (_, i) => ({ n: i, text: 'x'.repeat(150) }));
    await call('sendResults', { to: { lookup: 'many' } }, [{ n: -1, text: 'before' }]);
    await call('sendResults', { to: { lookup: 'many' } }, rows);
    const read = await rowsOf('getData', { spl: '| inputlookup many.csv' });
    expect(read.map(({ n }) => n)).toEqual(rows.map(({ n }) => n));
    const files = readdirSync(head.home.lookups('kepler'));
    expect(files.filter((file) => file.startsWith('kepler_'))).toEqual([]);
  });

  it('writes into an index: the time of each row, its fields, an id', async () => {
    const { call, rowsOf } = connector();
    const rows = [
      { _time: 1_700_000_000.5, host: 'web', score: 0.25 },
      { _time: 1_700_000_001, host: 'db', score: 0.5 },
    ];
    const answer = await call('sendResults', { to: { index: 'main', sourcetype: 'scores' } }, rows);
    expect(answer).toEqual({ result: { written: 2, queued: 0 } });
    const found = await rowsOf('getData', { spl: 'index=main sourcetype=scores' });
    expect(found).toMatchObject([
      { _time: 1_700_000_001, score: 0.5, event_id: expect.any(String) },
      { _time: 1_700_000_000.5, score: 0.25 },
    ]);
  });

  it('says which index the collector does not take', async () => {
    const { call } = connector();
    await expect(call('sendResults', { to: { index: 'secret' } }, [{ a: 1 }])).rejects.toMatchObject({
      code: 'splunk_failed',
      message: expect.stringMatching(/index "secret".*code 7/),
    });
  });

  it('keeps on the disk what the collector does not take now', async () => {
    const { call, queued } = connector();
    hec.beInTrouble(9);
    const answer = await call('sendResults', { to: { index: 'main' } }, [{ a: 1 }, { a: 2 }]);
    expect(answer).toEqual({ result: { written: 0, queued: 2 } });
    expect(queued.map((line) => (JSON.parse(line) as { event: { a: number } }).event.a)).toEqual([1, 2]);
  });

  it.each([[{}], [{ index: 'a', lookup: 'b' }], [{ lookup: '../x.csv' }]])(
    'refuses to go to %j',
    async (to) => {
      await expect(connector().call('sendResults', { to }, [{ a: 1 }])).rejects.toMatchObject({
        code: 'invalid_arguments',
      });
    },
  );
});

describe('saved searches', () => {
  it('are made, changed, and run with their words', async () => {
    const { call, rowsOf } = connector();
    const schedule = (search: string) =>
      call('scheduleSavedSearch', { name: 'nightly scores', options: { search, cron: '5 2 * * *' } });
    await schedule('index=nowhere');
    await schedule('| makeresults count=3 | eval who="$who$" | fields - _time');
    expect(
      await rowsOf('runSavedSearch', { name: 'nightly scores', options: { args: { who: 'ann' } } }),
    ).toEqual([{ who: 'ann' }, { who: 'ann' }, { who: 'ann' }]);
    const conf = join(head.home.path, 'etc/users/admin/kepler/local/savedsearches.conf');
    expect(existsSync(conf) && readFileSync(conf, 'utf8')).toContain('cron_schedule = 5 2 * * *');
  });

  it('are missed by name, and refuse what is no schedule', async () => {
    const { call, rowsOf } = connector();
    await expect(rowsOf('runSavedSearch', { name: 'none' })).rejects.toThrow(
      'Splunk did not run the saved search "none" (status 404): Could not find object id=none',
    );
    await expect(
      call('scheduleSavedSearch', { name: 'x', options: { search: 'a', cron: 'daily' } }),
    ).rejects.toThrow(/five fields/);
  });
});

describe('validateSplunkConfig', () => {
  const wrong = (result: unknown) =>
    (result as { ok: boolean; of: string; subject: string }[])
      .filter(({ ok }) => !ok)
      .map(({ of, subject }) => `${of} ${subject}`);
  const service = { principal: { user: 'admin', app: 'kepler' }, service: true };

  it('finds nothing wrong where nothing is', async () => {
    const { call } = connector();
    const { result } = await call('validateSplunkConfig', { indexes: ['main'] });
    expect(wrong(result)).toEqual([]);
    expect((result as unknown[]).length).toBeGreaterThan(5);
  });

  it.each([
    ['the address', { url: 'http://127.0.0.1:1', token: 't' }, 'splunkd address'],
    ['no address', { url: 'splunk', token: 't' }, 'splunkd address'],
    ['a name that is not known', { url: 'https://splunk.invalid:8089', token: 't' }, 'splunkd address'],
  ])('says that it is %s', async (_what, settings, expected) => {
    const { result } = await connector(settings).call('validateSplunkConfig', {}, undefined, service);
    expect(wrong(result)).toEqual([expected]);
  });

  it('says that it is the token, the index, the collector’s token', async () => {
    const ended = { principal: service.principal, session: { uri: head.rest.url, key: 'gone' } };
    expect(wrong((await connector().call('validateSplunkConfig', {}, undefined, ended)).result)).toEqual([
      'splunkd token',
    ]);
    const { result } = await connector().call('validateSplunkConfig', {
      indexes: ['nowhere'],
      capabilities: ['fly'],
    });
    expect(wrong(result)).toEqual(['splunkd capability', 'splunkd index']);
    const other = connector({}, '00000000-0000-4000-8000-000000000000');
    expect(wrong((await other.call('validateSplunkConfig', {})).result)).toEqual(['hec token']);
  });
});

describe('who asks', () => {
  it('is the searcher: never the service token where there is a search', async () => {
    const { call } = connector({ url: head.rest.url, token: 'service' });
    const without = { principal: { user: 'ann', app: 'kepler' } };
    await expect(call('getData', { spl: 'index=main' }, undefined, without)).rejects.toMatchObject({
      code: 'splunk_refused',
      message: expect.stringContaining('did not hand its session over'),
    });
  });

  it('needs an address and a token where there is none', async () => {
    const service = { principal: { user: 'ann', app: 'kepler' }, service: true };
    await expect(connector({}).call('getData', { spl: 'x' }, undefined, service)).rejects.toThrow(
      /KEPLER_SPLUNK_URL is not set/,
    );
  });
});

import { request } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../../container/contract/certificate.ts';
import { SplunkClient } from '../../../container/helpers/splunk/client.ts';
import type { Row } from '../../../container/helpers/splunk/cells.ts';
import { getData } from '../../../container/helpers/splunk/get-data.ts';
import { queryOf } from '../../../container/helpers/splunk/query.ts';
import { validateSplunkd } from '../../../container/helpers/splunk/validate.ts';
import type { Trust } from '../../../container/helpers/pinned-connect.ts';
import type { QueryOptions } from '../../../container/helpers/splunk/query.ts';
import { IndexStore } from '../../../sandbox/indexes/index-store.ts';
import { SearchHead } from '../../sandbox/search-head.ts';
import { BreakingProxy } from './breaking-proxy.ts';

const T = 1_700_000_000;
const EVENTS = 4_200;
/** Events of one and the same instant: where a connection breaks in their midst, their addresses alone tell them apart. */
const TOGETHER = 7;

let head: SearchHead;
let proxy: BreakingProxy;
beforeAll(async () => {
  head = await SearchHead.start();
  proxy = await BreakingProxy.before(head.rest.url);
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    time: T + Math.floor(i / TOGETHER) / 10,
    host: `web-${i % 3}`,
    source: 'test',
    sourcetype: 'readings',
    // Some are word for word the same.
    raw: `n=${i} load=${i % 10} id=00${i % 7} note="padding so that a row has a length as rows have"`,
  }));
  new IndexStore(head.home.path).append('main', events);
});
afterAll(async () => {
  await proxy.close();
  await head.stop();
});

const clients: SplunkClient[] = [];
afterEach(async () => {
  proxy.cuts.length = 0;
  proxy.asked.length = 0;
  proxy.cut = 0;
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

function client(user = 'user'): SplunkClient {
  const made = new SplunkClient({ url: proxy.url, credential: { session: head.rest.sessions.open(user) } });
  clients.push(made);
  return made;
}

async function read(spl: string, options: QueryOptions = {}) {
  const rows: Row[] = [];
  const messages: string[] = [];
  for await (const page of getData(client(), queryOf(spl, options, { owner: 'user', app: 'kepler' }))) {
    rows.push(...page.rows);
    messages.push(...page.messages.map(({ text }) => text));
  }
  return { rows, messages };
}

const numbers = (rows: readonly Row[]) => rows.map(({ n }) => n as number);

it('gives events with types: numbers, times as seconds, names that look like numbers as they are', async () => {
  const { rows } = await read('index=main n<2', { earliest: T, latest: T + 1 });
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({
    _time: T,
    n: 0,
    load: 0,
    id: '000',
    host: 'web-0',
    _raw: expect.stringContaining('n=0'),
  });
  expect(proxy.asked.some((line) => line.includes('/search/v2/jobs/export'))).toBe(true);
});

it('reads any number of events though the connection breaks again and again: none twice, none lost, in their order', async () => {
  proxy.cuts.push(100_000, 300_000, 400_000);
  const { rows } = await read('index=main | eval twice=n*2');
  expect(proxy.cut).toBe(3);
  expect(rows).toHaveLength(EVENTS);
  expect(new Set(numbers(rows)).size).toBe(EVENTS);
  const times = rows.map(({ _time }) => _time as number);
  expect(times.every((time, i) => i === 0 || time <= times[i - 1])).toBe(true);
});

it('keeps each of the rows that a command makes of one event', async () => {
  proxy.cuts.push(150_000, 400_000);
  const { rows } = await read(
    'index=main n<1500 | eval part=split("a,b,b", ",") | mvexpand part | fields n part',
  );
  expect(proxy.cut).toBe(2);
  expect(rows).toHaveLength(4500);
  expect(rows.filter(({ part }) => part === 'b')).toHaveLength(3000);
});

it('leaves out nothing and repeats nothing where the search itself says its range of time', async () => {
  proxy.cuts.push(200_000);
  const { rows } = await read(`index=main earliest=${T} latest=${T + 30}`);
  expect(proxy.cut).toBe(1);
  expect(rows).toHaveLength(300 * TOGETHER);
  expect(new Set(numbers(rows)).size).toBe(300 * TOGETHER);
});

it('reads statistics as a job, page by page, over broken connections too, and removes the job', async () => {
  proxy.cuts.push(50_000, 100_000);
  const { rows } = await read('index=main | stats count by n | sort 0 n');
  expect(proxy.cut).toBe(2);
  expect(numbers(rows)).toEqual(Array.from({ length: EVENTS }, (_, i) => i));
  const sid = /jobs\/(kepler_\w+)\/results/.exec(proxy.asked.join('\n'))?.[1];
  expect(proxy.asked).toContainEqual(expect.stringMatching(`^DELETE .*${sid}`));
  expect((await client('admin').call('GET', `/search/v2/jobs/${sid}`)).status).toBe(404);
});

it('reads events without their addresses as a job, whose rows can be asked for again', async () => {
  proxy.cuts.push(20_000);
  const { rows } = await read('index=main n<2000 | table n load');
  expect(rows).toHaveLength(2000);
  expect(Object.keys(rows[0])).toEqual(['n', 'load']);
});

it('knows that head and dedup are no matter of single events', async () => {
  proxy.cuts.push(500_000, 100_000);
  expect((await read('index=main | head 3000')).rows).toHaveLength(3000);
  expect((await read('index=main | dedup host')).rows).toHaveLength(3);
});

it('keeps several values, and gives fields the type that is asked for', async () => {
  const { rows } = await read(
    '| makeresults | eval l=mvappend("1","b"), big="12345678901234567890", s="5", _time=1700000000.25',
    {
      types: { s: 'text' },
      fields: ['l', 'big', 's', '_time'],
    },
  );
  expect(rows).toEqual([{ _time: 1_700_000_000.25, l: [1, 'b'], big: '12345678901234567890', s: '5' }]);
});

it('says what Splunk says, word for word', async () => {
  await expect(read('| nonsense')).rejects.toMatchObject({
    code: 'splunk_failed',
    message: expect.stringContaining("Unknown search command 'nonsense'."),
  });
  await expect(read('| inputlookup nowhere.csv')).rejects.toThrow(
    "FATAL: The lookup 'nowhere.csv' does not exist.",
  );
});

it('says when Splunk keeps no more rows', async () => {
  const { rows, messages } = await read('| makeresults count=100', { maxRows: 10 });
  expect(rows).toHaveLength(10);
  expect(messages.join()).toContain('cut at 10 results');
});

it('removes the job where nobody reads on', async () => {
  for await (const page of getData(
    client(),
    queryOf('| makeresults count=30000', {}, { owner: 'user', app: 'kepler' }),
  )) {
    expect(page.rows).toHaveLength(10_000);
    break;
  }
  expect(proxy.asked).toContainEqual(expect.stringMatching(/^DELETE .*kepler_/));
});

it('refuses a session that has ended', async () => {
  const stranger = new SplunkClient({ url: proxy.url, credential: { session: 'gone' } });
  clients.push(stranger);
  const reading = getData(stranger, queryOf('index=main', {}, { owner: 'user', app: 'kepler' }));
  await expect(reading.next()).rejects.toMatchObject({
    code: 'splunk_refused',
    message: expect.stringContaining('call not properly authenticated'),
  });
});

describe('a splunkd with TLS, of a release before 9.0', () => {
  const { certificate, key, fingerprint } = makeCertificate('splunkd');
  const printed = fingerprint.replace('sha256:', '').toUpperCase().replace(/..(?=.)/g, '$&:'); // prettier-ignore
  let server: Server;
  const refused: string[] = [];
  beforeAll(async () => {
    server = createServer({ key, cert: certificate }, (incoming, response) => {
      const { url = '', method, headers } = incoming;
      if (url.includes('/search/v2/')) {
        refused.push(url);
        response.writeHead(404, { 'content-type': 'text/html' }).end('<html><p>Not Found</p></html>');
        return;
      }
      const onward = request(new URL(url, head.rest.url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const over = (trust: Trust) => {
    const session = head.rest.sessions.open('user');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const made = new SplunkClient({ url, credential: { session }, ...trust });
    clients.push(made);
    return made;
  };

  it.each<[string, Trust]>([
    ['the fingerprint', { fingerprint }],
    ['the fingerprint as openssl prints it', { fingerprint: `sha256 Fingerprint=${printed}` }],
    ['the authority', { ca: certificate }],
    ['what comes, on loopback', { anyCertificate: true }],
  ])('is read by who trusts %s', async (_what, trust) => {
    refused.length = 0;
    const rows: Row[] = [];
    for (const spl of ['index=main n<30', 'index=main | stats count']) {
      const query = queryOf(spl, {}, { owner: 'user', app: 'kepler' });
      for await (const page of getData(over(trust), query)) rows.push(...page.rows);
    }
    expect(rows).toHaveLength(31);
    expect(rows.at(-1)).toEqual({ count: EVENTS });
    // Asked once for each client.
    expect(refused).toHaveLength(2);
  });

  it.each<[string, Trust]>([
    ['another certificate', { fingerprint: '00'.repeat(32) }],
    ['the system’s authorities', {}],
  ])(
    'is not asked anything by who trusts %s, and the certificate is named as the reason',
    async (_what, trust) => {
      const settings = { address: 'A', certificate: 'C', token: 'T' };
      const findings = await validateSplunkd(over(trust), {}, settings);
      expect(findings.map(({ subject, ok }) => [subject, ok])).toEqual([
        ['address', true],
        ['certificate', false],
      ]);
      expect(findings[1].text).toMatch(/Set C\.$/);
    },
  );
});

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IndexStore } from '../../sandbox/indexes/index-store.ts';
import { EventReader, readScheme } from '../../sandbox/inputs/input-xml.ts';
import { ModularInputs } from '../../sandbox/inputs/modular-inputs.ts';
import { isAlive } from '../../sandbox/lock.ts';
import { isDue, parseCron } from '../../sandbox/schedule/cron.ts';
import { Scheduler } from '../../sandbox/schedule/scheduler.ts';
import { XmlError, elementsOf, readXml, textIn } from '../../sandbox/xml/read-xml.ts';
import { SearchHead } from './search-head.ts';

/** An input that writes down what it was given, says one thing, and ends or stays as its stanza asks. */
const TICKER = `#!/usr/bin/env node
if (process.argv[2] === '--scheme') {
  console.log('<scheme><title>Ticker</title><streaming_mode>xml</streaming_mode></scheme>');
  process.exit(0);
}
let given = '';
process.stdin.on('data', (text) => (given += text)).on('end', async () => {
  const [, key] = /<session_key>(.*?)</.exec(given);
  const [, uri] = /<server_uri>(.*?)</.exec(given);
  const [, name] = /<stanza name="(.*?)"/.exec(given);
  const context = await (await fetch(uri + '/services/authentication/current-context', { headers: { authorization: 'Splunk ' + key } })).json();
  const data = JSON.stringify({ pid: process.pid, user: context.entry[0].content.username, given });
  console.log('<stream><event stanza="' + name + '"><time>1700000000</time><data><![CDATA[' + data + ']]></data></event></stream>');
  console.error('a word aside');
  if (given.includes('<param name="stay">1<')) setInterval(() => {}, 1000);
});
`;

let head: SearchHead;
beforeAll(async () => {
  head = await SearchHead.start();
  const app = join(head.home.path, 'etc/apps/inputs');
  for (const folder of ['bin', 'default']) mkdirSync(join(app, folder), { recursive: true });
  writeFileSync(join(app, 'bin/ticker'), TICKER);
  chmodSync(join(app, 'bin/ticker'), 0o755);
  writeFileSync(
    join(app, 'default/inputs.conf'),
    '[ticker]\nindex = kepler\n[ticker://again]\ninterval = 0\n[ticker://stays]\nsourcetype = odd & even\nstay = 1\n[ticker://off]\ndisabled = 1\n[monitor://x]\n',
  );
});
afterAll(() => head.stop());

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((next) => setTimeout(next, 50));
  }
}

test('inputs get their configuration and a session of the system user, and run again after their interval', async () => {
  const inputs = new ModularInputs({
    home: head.home,
    indexes: new IndexStore(head.home.path),
    sessions: head.rest.sessions,
    splunkdUri: head.rest.url,
  });
  await inputs.start();
  const rows = await until(async () => {
    const { rows: found } = await head.search('index=kepler source=ticker*');
    const times = (source: string) => found.filter((row) => row.source === source).length;
    return times('ticker://again') >= 2 && times('ticker://stays') >= 1 ? found : undefined;
  });
  const stays = rows.filter(({ source }) => source === 'ticker://stays');
  expect(stays).toHaveLength(1);
  expect(stays[0]).toMatchObject({
    _time: '1700000000',
    sourcetype: 'odd & even',
    user: 'splunk-system-user',
  });
  expect(rows.find(({ source }) => source === 'ticker://again')).toMatchObject({ sourcetype: 'ticker' });
  expect(rows.some(({ source }) => source === 'ticker://off')).toBe(false);
  const pid = Number(stays[0].pid);
  expect(isAlive(pid)).toBe(true);
  await inputs.stop();
  expect(isAlive(pid)).toBe(false);
  expect(readFileSync(join(head.home.path, 'var/log/splunk/splunkd.log'), 'utf8')).toContain('a word aside');
});

test('events are cut out of a stream however it arrives', () => {
  const stanza = { scheme: 's', name: 's://n', app: 'a', file: '', parameters: new Map([['index', 'i']]) };
  const text =
    '<stream>\n<event unbroken="1"><data>a &lt; b</data><done/></event><event><index>j</index><data>c</data></event></stream>';
  for (const size of [1, 7, text.length]) {
    const reader = new EventReader('xml', [stanza]);
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...reader.read(text.slice(at, at + size)));
    expect(events).toMatchObject([
      { index: 'i', event: { raw: 'a < b', source: 's://n', sourcetype: 's' } },
      { index: 'j', event: { raw: 'c' } },
    ]);
  }
  const lines = new EventReader('simple', [stanza]);
  expect(
    [...lines.read('one\ntw'), ...lines.read('o\nthree'), ...lines.end()].map(({ event }) => event.raw),
  ).toEqual(['one', 'two', 'three']);
});

test('XML: entities, CDATA, comments, and what is wrong', () => {
  const root = readXml('<?xml version="1.0"?><!-- x --><a b="1 &amp; 2"><c/><d>t&#65;<![CDATA[<&]]></d></a>');
  expect(root.attributes.b).toBe('1 & 2');
  expect(elementsOf(root).map(({ name }) => name)).toEqual(['c', 'd']);
  expect(textIn(root)).toBe('tA<&');
  for (const wrong of ['<a>', '<a></b>', '', 'text']) expect(() => readXml(wrong)).toThrow(XmlError);
  expect(readScheme('<scheme><title>T</title></scheme>')).toEqual({
    title: 'T',
    streaming: 'simple',
    single: false,
  });
});

test('cron schedules', () => {
  const due = (cron: string, time: string) => isDue(parseCron(cron), new Date(`${time}Z`));
  expect(due('* * * * *', '2026-11-21T15:45')).toBe(true);
  expect(due('*/5 * * * *', '2026-11-21T15:45')).toBe(true);
  expect(due('*/7 * * * *', '2026-11-21T15:45')).toBe(false);
  expect(due('0,30 9-17 * * 1-5', '2026-11-20T17:30')).toBe(true);
  expect(due('0,30 9-17 * * 1-5', '2026-11-21T17:30')).toBe(false);
  expect(due('0 0 * * 7', '2026-11-22T00:00')).toBe(true);
  // Both the day of the month and of the week: either will do.
  expect(due('0 0 1 * 0', '2026-11-22T00:00')).toBe(true);
  for (const wrong of ['* * * *', '60 * * * *', '*/0 * * * *', '5-1 * * * *', 'x * * * *']) {
    expect(() => parseCron(wrong)).toThrow();
  }
});

test('scheduled searches run as their owner, over their range of time, and not twice at once', async () => {
  writeFileSync(
    join(head.home.path, 'etc/apps/kepler/local/savedsearches.conf'),
    `[nightly]
search = | makeresults | eval who="me" | outputlookup nightly.csv
enableSched = 1
cron_schedule = 0 3 * * *
dispatch.earliest_time = -1d
[long]
search = | makeresults | echo hang=1
enableSched = 1
cron_schedule = * * * * *
[off]
search = | makeresults
cron_schedule = * * * * *
[wrong]
search = | nonsense
enableSched = 1
cron_schedule = * * * * *
`,
  );
  const scheduler = new Scheduler(head.home.path, head.rest.jobs);
  const [first] = scheduler
    .runDue(new Date('2026-11-21T03:00Z'))
    .filter(({ about }) => about.request.search.includes('nightly'));
  expect(first.about).toMatchObject({
    user: 'splunk-system-user',
    app: 'kepler',
    request: { earliest_time: '-1d' },
  });
  await first.whenDone;
  expect(existsSync(join(head.home.lookups('kepler'), 'nightly.csv'))).toBe(true);
  expect(scheduler.runDue(new Date('2026-11-21T03:01Z'))).toEqual([]);
  const log = readFileSync(join(head.home.path, 'var/log/splunk/scheduler.log'), 'utf8');
  expect(log).toMatch(/savedsearch_name="long".*status=skipped/);
  expect(log).toMatch(/savedsearch_name="wrong".*status=failed.*nonsense/);
});

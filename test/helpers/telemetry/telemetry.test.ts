import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HecTelemetry } from '../../../container/helpers/telemetry/telemetry.ts';
import type { TelemetrySettings } from '../../../container/helpers/telemetry/telemetry.ts';
import { Receiver, reply } from './receiver.ts';

let receiver: Receiver;
let folder: string;
const open: HecTelemetry[] = [];

beforeEach(async () => {
  receiver = await new Receiver().up();
  folder = mkdtempSync(join(tmpdir(), 'kepler-telemetry-'));
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((telemetry) => telemetry.close(0)));
  await receiver.close();
});

function settings(change: Partial<TelemetrySettings> = {}, ack = false): TelemetrySettings {
  return {
    folder,
    maxSpoolBytes: 64e6,
    source: 'test',
    index: 'kepler',
    metricsIndex: 'kepler_metrics',
    dimensions: { project: 'p' },
    collector: { url: receiver.url, token: 'T', ack },
    ...change,
  };
}

function telemetry(change: Partial<TelemetrySettings> = {}, ack = false): HecTelemetry {
  const made = new HecTelemetry(settings(change, ack), (error) => {
    throw error;
  });
  open.push(made);
  return made;
}

/** Port 9 of the loopback address, where nobody listens. */
const nobody = { url: 'http://127.0.0.1:9', token: 'T', ack: false };
const put = (to: HecTelemetry, from: number, count: number) => {
  for (let n = from; n < from + count; n++) to.event({ sourcetype: 'event', fields: { n } });
};
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test('events and metrics arrive in the forms that HEC takes, gzipped, with the token', async () => {
  const sender = telemetry();
  sender.event({
    sourcetype: 'fit',
    fields: { model: 'größe "x"\n' },
    time: 1_700_000_000.1234,
    index: 'other',
  });
  sender.metrics({ values: { rows: 5, bad: NaN }, dimensions: { kind: 'fit' } });
  sender.metrics({ values: { bad: Infinity } });
  await receiver.until(() => receiver.events.length === 2);
  const [event, metrics] = receiver.events;
  expect(event).toMatchObject({
    time: '1700000000.123',
    index: 'other',
    sourcetype: 'kepler:fit',
    source: 'test',
    event: { project: 'p', model: 'größe "x"\n' },
  });
  expect(metrics).toMatchObject({
    index: 'kepler_metrics',
    event: 'metric',
    fields: { project: 'p', kind: 'fit', 'metric_name:kepler.rows': 5 },
  });
  expect(Object.keys(metrics.fields as object)).not.toContain('metric_name:kepler.bad');
  expect(receiver.requests[0]).toMatchObject({
    path: '/services/collector/event',
    headers: { authorization: 'Splunk T', 'content-encoding': 'gzip' },
  });
});

test('a receiver that is down, answers 503, 429 and nonsense loses no event and gets none twice', async () => {
  await receiver.down();
  const sender = telemetry();
  put(sender, 0, 100);
  await receiver.until(() => sender.state.state === 'retrying');
  type Response = Parameters<typeof reply>[0];
  const answers = [
    (r: Response) => reply(r, 503, { text: 'Server is busy', code: 9 }),
    (r: Response) => reply(r, 429, { text: 'Queue at capacity', code: 26 }, { 'retry-after': '0' }),
    (r: Response) => reply(r, 500, '<html>'),
  ];
  receiver.fault = (_events, response) => answers.shift()?.(response) ?? false;
  await receiver.up();
  put(sender, 100, 100);
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.numbers).toEqual(range(0, 200));
  expect(receiver.events).toHaveLength(200);
  expect(sender.state).toMatchObject({
    state: expect.stringMatching(/idle|sending/),
    deadLetters: 0,
    dropped: 0,
  });
});

test('what a process leaves behind is sent by the next one', async () => {
  const first = telemetry({ collector: nobody });
  put(first, 0, 1000);
  await first.close(0);
  const second = telemetry();
  expect(second.state.queued).toBe(1000);
  put(second, 1000, 10);
  await receiver.until(() => second.state.queued === 0);
  await second.close(0);
  const third = telemetry();
  expect(third.state.queued).toBe(0);
  expect(receiver.events.map(({ event }) => event.n)).toEqual(range(0, 1010));
});

test('an event that is refused becomes a dead letter, the others of its batch arrive', async () => {
  receiver.fault = (events, response) => {
    const bad = events.findIndex(({ event }) => event.n === 7);
    if (bad < 0) return false;
    return reply(response, 400, { text: 'Invalid data format', code: 6, 'invalid-event-number': bad });
  };
  const sender = telemetry();
  put(sender, 0, 20);
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.numbers).toEqual(range(0, 20).filter((n) => n !== 7));
  expect(sender.state.deadLetters).toBe(1);
  const letter = JSON.parse(readFileSync(join(folder, 'dead-letters.ndjson'), 'utf8'));
  expect(letter.reason).toContain('Invalid data format, code 6');
  expect(JSON.parse(letter.line).event.n).toBe(7);
});

test('a batch refused without a number is halved until the event at fault is found', async () => {
  receiver.fault = (events, response) =>
    events.some(({ event }) => event.n === 33) && reply(response, 413, '<html>too large</html>');
  const sender = telemetry();
  put(sender, 0, 64);
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.numbers).toEqual(range(0, 64).filter((n) => n !== 33));
  expect(sender.state.deadLetters).toBe(1);
});

test('a token that is refused keeps the events until there is another one', async () => {
  receiver.fault = (_events, response) => reply(response, 403, { text: 'Invalid token', code: 4 });
  const sender = telemetry();
  put(sender, 0, 5);
  await receiver.until(() => sender.state.state === 'misconfigured');
  expect(sender.state).toMatchObject({ queued: 5, deadLetters: 0 });
  expect(sender.state.reason).toContain('Invalid token, code 4');
  receiver.fault = () => false;
  await sender.reconfigure(settings({ collector: { url: receiver.url, token: 'other', ack: false } }));
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.requests.at(-1)?.headers.authorization).toBe('Splunk other');
});

test('with acknowledgement an event counts as arrived once it is acknowledged', async () => {
  receiver.useAck = true;
  let ready = false;
  receiver.acked = () => ready;
  const sender = telemetry({}, true);
  put(sender, 0, 10);
  await receiver.until(() => receiver.events.length === 10);
  expect(sender.state.queued).toBe(10);
  ready = true;
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.events).toHaveLength(10);
  expect(receiver.requests[0].headers['x-splunk-request-channel']).toMatch(/^[0-9a-f-]{36}$/);
});

test('a spool that is full loses its oldest events, and counts them', async () => {
  const sender = telemetry({ collector: nobody, maxSpoolBytes: 40_000 });
  for (let n = 0; n < 1000; n++) {
    put(sender, n, 1);
    await Promise.resolve();
  }
  const { queued, queuedBytes, dropped } = sender.state;
  expect(queued + dropped).toBe(1000);
  expect(dropped).toBeGreaterThan(0);
  expect(queuedBytes).toBeLessThanOrEqual(50_000);
  await sender.reconfigure(settings());
  await receiver.until(() => sender.state.queued === 0);
  expect(receiver.numbers).toEqual(range(dropped, queued));
});

test('a process that is killed loses none of the events it had told of', async () => {
  const writer = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'writer.ts'), folder, receiver.url],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let told = -1;
  createInterface(writer.stdout).on('line', (line) => {
    // The last one may have come in part, where the process was killed.
    told = Math.max(told, Number(line));
    if (told > 3000) writer.kill('SIGKILL');
  });
  await new Promise((resolve) => writer.once('close', resolve));
  const heir = telemetry();
  await receiver.until(() => heir.state.queued === 0);
  expect(told).toBeGreaterThan(3000);
  expect(receiver.numbers.slice(0, told + 1)).toEqual(range(0, told + 1));
  // What was on its way when the process died comes twice, with the same event_id.
  const ids = new Set(receiver.events.map(({ event }) => event.event_id));
  expect(ids.size).toBe(receiver.numbers.length);
});

test('what one process sent is not sent again by the next one, if only its acknowledgement was not there yet', async () => {
  receiver.useAck = true;
  let ready = false;
  receiver.acked = () => ready;
  const first = telemetry({}, true);
  put(first, 0, 200);
  await receiver.until(() => receiver.events.length === 200);
  // The answers are noted once they are there; a process that ends at once, as by kill -9, asks nothing more.
  const position = join(folder, 'queue/position.json');
  await receiver.until(
    () => existsSync(position) && readFileSync(position, 'utf8').split('"end"').length > 3,
  );
  await first.close(0);
  const second = telemetry({}, true);
  put(second, 200, 10);
  await receiver.until(() => receiver.events.length === 210);
  expect(second.state.queued).toBe(210);
  ready = true;
  await receiver.until(() => second.state.queued === 0);
  expect(receiver.events.map(({ event }) => event.n)).toEqual(range(0, 210));
});

test('a batch is small where few lines ever came: killed before its answer, few come twice', async () => {
  await receiver.down();
  const sender = telemetry();
  put(sender, 0, 1000);
  await receiver.up();
  await receiver.until(() => sender.state.queued === 0);
  expect(Math.max(...receiver.requests.map(({ events }) => events))).toBe(24);
});

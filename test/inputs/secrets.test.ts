/** What the watcher hands from kepler.conf and storage/passwords to the runtime, for containers of DSDL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Splunkd } from '../../splunk_app/src/bridge/splunkd.ts';
import type { Checkpoint } from '../../splunk_app/src/inputs/checkpoint.ts';
import { dsdlStanzas, handOverSecrets } from '../../splunk_app/src/inputs/secrets.ts';
import { SystemRuntimes } from '../../splunk_app/src/inputs/system-runtimes.ts';
import type { WatchEvent } from '../../splunk_app/src/inputs/watch.ts';
import { SmallRuntime, jsonReply } from '../bridge/small-runtime.ts';

let home: string;
let runtime: SmallRuntime;
let splunkd: Server;
let passwords: { realm: string; username: string; clear_password: string }[];
let checkpoint: Checkpoint;
let events: WatchEvent[];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kepler-inputs-'));
  runtime = await new SmallRuntime().listen();
  runtime.handler = () => jsonReply({ kept: [], removed: [] });
  splunkd = createServer((request, response) => {
    const content = { roles: ['admin'], capabilities: [] };
    const entry = request.url!.includes('storage/passwords')
      ? passwords.map((one) => ({ content: one }))
      : [{ content }];
    response.end(JSON.stringify({ entry }));
  });
  await new Promise<void>((done) => splunkd.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  splunkd.close();
  splunkd.closeAllConnections();
  await runtime.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  checkpoint = { reported: {}, restarts: {}, handed: {} };
  [passwords, events] = [[], []];
});

type Stanzas = Record<string, Record<string, string>>;

/** One pass; what the runtime was given by it, or nothing. */
async function pass(stanzas: Stanzas): Promise<Record<string, string> | undefined> {
  const before = runtime.requests.length;
  const conf = new Map(
    Object.entries(stanzas).map(([name, settings]) => [name, new Map(Object.entries(settings))]),
  );
  const uri = `http://127.0.0.1:${(splunkd.address() as AddressInfo).port}`;
  const env = { SPLUNK_HOME: home, KEPLER_RUNTIME_URL: runtime.url };
  await handOverSecrets({
    splunkd: new Splunkd(uri, 'key'),
    system: new SystemRuntimes(env, uri, 'key'),
    runtimes: [{ name: 'main', engine: 'none', settings: new Map([['url', runtime.url]]) }],
    hec: undefined,
    dsdl: dsdlStanzas(conf),
    checkpoint,
    now: 1000,
    report: (event) => events.push(event),
  });
  return runtime.requests[before]?.meta as unknown as Record<string, string> | undefined;
}

const password = (username: string, clear_password: string) => ({
  realm: 'kepler',
  username,
  clear_password,
});

it('hands address, certificate and token of each container over, once', async () => {
  passwords = [password('dsdl_gpu_token', 'secret'), password('dsdl_other_token', 'not asked for')];
  const stanzas = { 'dsdl:gpu': { url: 'https://gpu:5000', fingerprint: 'sha256:ab', more: 'x' } };
  expect(await pass(stanzas)).toMatchObject({
    dsdl_gpu_url: 'https://gpu:5000',
    dsdl_gpu_fingerprint: 'sha256:ab',
    dsdl_gpu_token: 'secret',
    dsdl_gpu_verify: '',
    dsdl_gpu_seconds: '',
  });
  expect(await pass(stanzas)).toBeUndefined();
  expect(events.map(({ message }) => message)).toEqual(['The runtime main was given dsdl_gpu_token.']);
  expect(JSON.stringify([events, checkpoint])).not.toMatch(/secret"|not asked for/);
});

it('takes back what belonged to a stanza that is gone', async () => {
  passwords = [password('dsdl_a_token', 'one'), password('dsdl_b_token', 'two')];
  await pass({ 'dsdl:a': { url: 'https://a:5000' }, 'dsdl:b': { url: 'https://b:5000' } });
  expect(await pass({ 'dsdl:b': { url: 'https://b:5000' } })).toMatchObject({
    dsdl_a_url: '',
    dsdl_a_token: '',
    dsdl_b_url: 'https://b:5000',
    dsdl_b_token: 'two',
  });
  expect(await pass({ 'dsdl:b': { url: 'https://b:5000' } })).toBeUndefined();
  expect(await pass({})).toMatchObject({ dsdl_b_url: '', dsdl_b_token: '' });
  expect(await pass({})).toBeUndefined();
});

it('passes over a stanza whose name no search could write', async () => {
  passwords = [password('dsdl_../x_token', 'secret')];
  expect(await pass({ 'dsdl:../x': { url: 'https://a:5000' }, 'dsdl:': {} })).toBeUndefined();
});

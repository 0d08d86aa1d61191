import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { readCode, writeCode } from '../../container/contract/enrolment.ts';
import { Enrolment } from '../../container/server/enrolment.ts';
import { eventually } from '../eventually.ts';
import { SearchHead, ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

describe('a code', () => {
  const fingerprint = 'ab'.repeat(12);
  const code = { secret: '0123456789abcdef0123', fingerprint };

  it('is read back, however it is typed', () => {
    const text = writeCode(code);
    expect(text).toMatch(/^K1(-[0-9A-Z]{6}){6}$/);
    for (const typed of [text, text.toLowerCase(), text.replaceAll('-', ''), ` ${text} `]) {
      expect(readCode(typed)).toEqual(code);
    }
    expect(readCode(text.replaceAll('0', 'o').replaceAll('1', 'l').replace('Kl', 'K1'))).toEqual(code);
  });

  it.each([
    '',
    'K1',
    'K1-ABC',
    'x'.repeat(50),
    writeCode(code).slice(0, -1),
    `${writeCode(code)}0`,
    writeCode(code).replace('K1', 'K2'),
  ])('is not %j', (text) => expect(readCode(text)).toBeUndefined());
});

describe('a runtime that runs elsewhere', () => {
  let world: World;
  let stranger: SearchHead;
  const start = async (environment: Record<string, string> = {}) => {
    world = await startWorld(
      { KEPLER_TRUSTED_KEYS: '/nowhere', ...environment },
      (home) => `https://127.0.0.1:0,unix:${home}/r.sock`,
    );
    stranger = new SearchHead();
  };
  afterEach(() => world.end());

  const offer = () =>
    JSON.parse(readFileSync(join(world.home, 'enrolment.json'), 'utf8')) as {
      code: string;
      fingerprint: string;
    };
  const tls = { tls: { rejectUnauthorized: false } };
  const send = (code: string, key = pem(stranger)) =>
    ask(world.url('https'), '/v1/enrol', {
      headers: { 'kepler-contract': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ code, key }),
      ...tls,
    });
  const pem = (head: SearchHead) => head.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const models = async (head: SearchHead) =>
    ask(world.url('https'), '/v1/models', { headers: authorized(await head.token()), ...tls });

  it('makes a certificate of its own, whose fingerprint the code holds', async () => {
    await start();
    const { code, fingerprint } = offer();
    const seen = await new Promise<Buffer>((resolve, reject) => {
      const { port } = new URL(world.url('https'));
      const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().raw);
        socket.destroy();
      }).on('error', reject);
    });
    const digest = createHash('sha256').update(seen).digest('hex');
    expect(fingerprint).toBe(`sha256:${digest}`);
    expect(digest.startsWith(readCode(code)!.fingerprint)).toBe(true);
    const certificate = new X509Certificate(seen);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    for (const name of ['enrolment.json', 'tls/key.pem', 'tls/cert.pem']) {
      expect(statSync(join(world.home, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('trusts the search head that has the code, once', async () => {
    await start();
    const { code } = offer();
    expect((await models(stranger)).status).toBe(401);
    const reply = await send(code);
    expect([reply.status, reply.json]).toEqual([200, { kid: stranger.kid }]);
    // The keys are read again at most once a second.
    await eventually(async () => expect((await models(stranger)).status).toBe(200));
    expect(existsSync(join(world.home, 'enrolment.json'))).toBe(false);
    expect(readdirSync(join(world.home, 'enrolled'))).toEqual([`${stranger.kid}.pub.pem`]);
    stranger = new SearchHead();
    expect((await send(code)).json.error).toMatchObject({
      code: 'enrolment_refused',
      message: expect.stringMatching(/used up/),
    });
  });

  it('gives no more than five tries', async () => {
    await start();
    const { code } = offer();
    const { fingerprint } = readCode(code)!;
    const wrong = writeCode({ secret: '00'.repeat(10), fingerprint });
    const messages = [];
    for (let i = 0; i < 5; i++)
      messages.push((await send(i % 2 ? wrong : 'rubbish')).json.error.message as string);
    expect(messages[0]).toMatch(/4 more tries/);
    expect(messages[4]).toMatch(/tried too often/);
    expect((await send(code)).status).toBe(403);
    expect(existsSync(join(world.home, 'enrolment.json'))).toBe(false);
  });

  it('takes public Ed25519 keys only, and keeps the code where the key is none', async () => {
    await start();
    const { code } = offer();
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const key of ['', 'x', secret, rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()]) {
      expect((await send(code, key)).json.error.code).toBe('bad_request');
    }
    expect((await send(code)).status).toBe(200);
  });

  it('takes only one of two that come at once', async () => {
    await start();
    const { code } = offer();
    const both = await Promise.all([send(code), send(code, pem(new SearchHead()))]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('prints no code where it trusts somebody, unless it is told to', async () => {
    const home = () => join(world.home, 'enrolment.json');
    await start();
    expect(existsSync(home())).toBe(true);
    await world.end();
    world = await startWorld({}, () => 'https://127.0.0.1:0');
    expect(existsSync(home())).toBe(false);
    await world.end();
    world = await startWorld({ KEPLER_ENROL: 'true' }, () => 'https://127.0.0.1:0');
    expect(existsSync(home())).toBe(true);
    // Each member of a cluster takes the next.
    const first = offer().code;
    expect((await send(first)).status).toBe(200);
    const second = offer().code;
    expect((await send(first, pem(new SearchHead()))).json.error.message).toMatch(/The code is wrong/);
    expect((await send(second, pem(new SearchHead()))).status).toBe(200);
    expect(offer().code).not.toBe(second);
  });
});

it('a code runs out', async () => {
  const world = await startWorld();
  let now = 0;
  const enrolment = new Enrolment(world.home, world.log, () => now);
  const code = await enrolment.offer('ab'.repeat(32), []);
  now = 25 * 3600 * 1000;
  const key = createPublicKey(new SearchHead().privateKey).export({ type: 'spki', format: 'pem' }).toString();
  await expect(enrolment.take(code, key)).rejects.toThrow(/has run out/);
  await expect(enrolment.take(code, key)).rejects.toThrow(/used up/);
  await world.end();
});

describe('secrets', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(() => world.end());

  const put = async (body: unknown, claims = {}) =>
    ask(world.url('unix'), '/v1/secrets', {
      method: 'PUT',
      headers: { ...authorized(await world.head.token(claims)), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const SYSTEM = { sub: 'splunk-system-user', roles: [] };
  const file = () => join(world.home, 'secrets', 'hec_token');

  it('are handed over by the system user, kept for the owner alone, and never told', async () => {
    expect((await put({ hec_token: 'S3CRET' }, SYSTEM)).json).toEqual({ kept: ['hec_token'], removed: [] });
    expect(readFileSync(file(), 'utf8')).toBe('S3CRET');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(world.logged.join('') + readFileSync(join(world.home, 'audit.log'), 'utf8')).not.toContain(
      'S3CRET',
    );
    expect((await put({ hec_token: 'other' }, { capabilities: ['edit_kepler_runtimes'] })).status).toBe(200);
    expect((await put({ hec_token: '' }, SYSTEM)).json).toEqual({ kept: [], removed: ['hec_token'] });
    expect(existsSync(file())).toBe(false);
  });

  it('are refused where the next start would fail on them', async () => {
    const { status, json } = await put({ hec_token: 'S3CRET', hec_url: 'splunk:8088' }, SYSTEM);
    expect([status, json.error.message]).toEqual([400, expect.stringContaining('not "splunk:8088"')]);
    expect(existsSync(file())).toBe(false);
  });

  it('are taken from nobody else', async () => {
    expect((await put({ hec_token: 'x' }, { roles: ['admin'] })).json.error.code).toBe('forbidden');
    for (const name of ['../x', 'X', '', 'a'.repeat(70)]) {
      expect((await put({ [name]: 'x' }, SYSTEM)).json.error.code).toBe('bad_request');
    }
    expect((await put({ hec_token: 1 }, SYSTEM)).status).toBe(400);
    expect(existsSync(file())).toBe(false);
  });
});

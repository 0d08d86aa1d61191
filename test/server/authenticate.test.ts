import { createHmac } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { SearchHead, ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
beforeAll(async () => (world = await startWorld()));
afterAll(() => world.end());

const models = (headers: Record<string, string>) => ask(world.url('unix'), '/v1/models', { headers });
const refusal = async (token: string | undefined) => {
  const headers: Record<string, string> =
    token === undefined ? { 'kepler-contract': '1' } : authorized(token);
  const reply = await models(headers);
  expect(reply.status).toBe(401);
  expect(reply.headers['www-authenticate']).toBe('Bearer');
  if (token && token.length > 10) expect(world.logged.join('')).not.toContain(token);
  return reply.json.error as { code: string; message: string; retryable: boolean };
};
const now = () => Math.floor(Date.now() / 1000);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

it('lets a signed token in, again and again', async () => {
  const token = await world.head.token();
  for (let i = 0; i < 3; i++) expect((await models(authorized(token))).status).toBe(200);
  expect((await models({ ...authorized(token), authorization: `bearer   ${token} ` })).status).toBe(200);
});

it('refuses a request without one', async () => {
  expect(await refusal(undefined)).toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('carries no token'),
    retryable: false,
  });
});

it.each(['', 'x', 'a.b.c', '..', 'x'.repeat(40_000), 'é'])('refuses %.20s', async (token) => {
  expect((await refusal(encodeURI(token))).code).toBe('unauthenticated');
});

it('refuses another scheme', async () => {
  const token = await world.head.token();
  const reply = await models({ ...authorized(token), authorization: `Basic ${token}` });
  expect(reply.json.error.code).toBe('unauthenticated');
});

describe('a token that has run out', () => {
  it.each([
    ['by its exp', { iat: now() - 400, exp: now() - 100 }],
    ['by its age, whatever its exp says', { iat: now() - 4000, exp: now() + 4000 }],
  ])('is refused %s', async (_what, claims) => {
    const error = await refusal(await world.head.token(claims));
    expect(error.code).toBe('token_expired');
    expect(error.message).toContain('Run the search again');
  });

  it('is refused also when it was let in before', async () => {
    const { Authenticator } = await import('../../container/server/authenticate.ts');
    const { TrustedKeys } = await import('../../container/server/trusted-keys.ts');
    let clock = Date.now() / 1000;
    const authenticator = new Authenticator(new TrustedKeys([world.keys], world.log), () => clock);
    const header = `Bearer ${await world.head.token()}`;
    await authenticator.identify(header);
    // Known now: no promise, so no signature check.
    expect(authenticator.identify(header)).toMatchObject({ principal: { user: 'ann' } });
    clock += 310;
    expect(authenticator.identify(header)).toMatchObject({ principal: { user: 'ann' } });
    clock += 10;
    expect(() => authenticator.identify(header)).toThrow(/has run out/);
    await expect(authenticator.identify(header)).rejects.toMatchObject({ code: 'token_expired' });
  });
});

it('bears with clocks a few seconds apart, not more', async () => {
  expect((await models(authorized(await world.head.token({ iat: now() + 5 })))).status).toBe(200);
  const error = await refusal(await world.head.token({ iat: now() + 100, exp: now() + 400 }));
  expect(error.message).toContain('clocks');
});

describe('a foreign token', () => {
  it('is refused, with the way to let it in', async () => {
    const error = await refusal(await new SearchHead().token());
    expect(error.code).toBe('unauthenticated');
    expect(error.message).toMatch(/does not trust.*KEPLER_TRUSTED_KEYS/);
  });

  it('is refused under the kid of a trusted key', async () => {
    const error = await refusal(await new SearchHead().token({}, { kid: world.head.kid }));
    expect(error.message).toContain('signature is wrong');
  });

  it('counts once its key lies in the folder, and no longer when it was taken out', async () => {
    const late = new SearchHead();
    const token = await late.token();
    expect((await refusal(token)).code).toBe('unauthenticated');
    late.trustIn(world.keys, 'second.pub.pem');
    // The folder is read again at most once a second.
    await eventually(async () => expect((await models(authorized(token))).status).toBe(200));
    rmSync(join(world.keys, 'second.pub.pem'));
    const stranger = await new SearchHead().token();
    await eventually(async () => {
      // A key that is not known has the folder read before a known one does. What was let in is known until it runs out.
      await refusal(stranger);
      expect((await models(authorized(await late.token()))).status).toBe(401);
    });
  });

  it('is passed over where the file is no key, or a private one', async () => {
    writeFileSync(join(world.keys, 'bad.pub.pem'), 'nonsense');
    const other = new SearchHead();
    writeFileSync(join(world.keys, 'key.pem'), other.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await eventually(async () => {
      expect((await refusal(await other.token())).message).toContain('does not trust');
      expect(world.logged.join('')).toContain('bad.pub.pem');
    });
    expect((await models(authorized(await world.head.token()))).status).toBe(200);
  });
});

describe('an altered token', () => {
  it.each([
    [
      'claims',
      (parts: string[]) => [parts[0], encode({ sub: 'admin', iat: now(), exp: now() + 99 }), parts[2]],
    ],
    ['a cut signature', (parts: string[]) => [parts[0], parts[1], parts[2].slice(0, -4)]],
    ['another signature', (parts: string[]) => [parts[0], parts[1], parts[2].split('').reverse().join('')]],
    ['no signature', (parts: string[]) => [parts[0], parts[1], '']],
    ['alg none', (parts: string[]) => [encode({ alg: 'none', kid: world.head.kid }), parts[1], '']],
    ['no kid', (parts: string[]) => [encode({ alg: 'EdDSA' }), parts[1], parts[2]]],
    [
      'a kid that is a path',
      (parts: string[]) => [encode({ alg: 'EdDSA', kid: '../../key' }), parts[1], parts[2]],
    ],
    [
      'the public key as HMAC secret',
      (parts: string[]) => {
        const head = encode({ alg: 'HS256', kid: world.head.kid });
        const secret = world.head.publicKey.export({ type: 'spki', format: 'pem' });
        const mac = createHmac('sha256', secret).update(`${head}.${parts[1]}`).digest('base64url');
        return [head, parts[1], mac];
      },
    ],
  ])('is refused (%s)', async (_what, alter) => {
    const parts = (await world.head.token()).split('.');
    expect((await refusal(alter(parts).join('.'))).code).toBe('unauthenticated');
  });
});

it.each([
  [{ iss: 'somebody' }, 'iss'],
  [{ aud: 'another-runtime' }, 'aud'],
  [{ sub: '' }, 'sub'],
  [{ sub: undefined }, 'sub'],
  [{ sub: 5 }, 'sub'],
  [{ app: undefined }, 'app'],
  [{ roles: 'admin' }, 'roles'],
  [{ acl: { read: ['*'] } }, 'acl'],
  [{ exp: undefined }, 'exp'],
  [{ iat: undefined }, 'iat'],
])('refuses the claims %j', async (claims, name) => {
  const error = await refusal(await world.head.token(claims));
  expect(error.code).toBe('unauthenticated');
  expect(error.message).toContain(name);
});

it('names both sides of a contract that does not match', async () => {
  const token = await world.head.token();
  for (const version of ['2', 'x', undefined]) {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (version) headers['kepler-contract'] = version;
    const reply = await models(headers);
    expect(reply.status).toBe(426);
    expect(reply.json.error.code).toBe('contract_mismatch');
    expect(reply.headers['kepler-contract']).toBe('1');
  }
});

it('asks nobody for a token at its public routes', async () => {
  for (const path of ['/healthz', '/readyz', '/openapi.json']) {
    expect((await ask(world.url('http'), path)).status).toBe(200);
  }
  expect((await ask(world.url('http'), '/v1/status', { headers: { 'kepler-contract': '1' } })).status).toBe(
    401,
  );
});

/** Settings of the door for DSDL, and the variables that DSDL hands its containers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../../container/server/settings.ts';

let home: string;
beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'kepler-settings-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const read = (environment: Record<string, string>) =>
  readSettings({ KEPLER_HOME: home, KEPLER_TRUSTED_KEYS: home, ...environment });

describe('without a token', () => {
  it('DSDL is not answered', () => expect(read({}).dsdl).toBeUndefined());
  it.each([
    [{ KEPLER_DSDL_LISTEN: 'http://127.0.0.1:0' }, /no token/],
    [{ KEPLER_DSDL_TOKEN_FILE: '/nowhere' }, /cannot be read/],
  ])('an address alone, or a token that cannot be read, is wrong: %j', (environment, message) => {
    expect(() => read(environment as unknown as Record<string, string>)).toThrow(message);
  });
});

it('has a port, an app and a certificate by default', () => {
  expect(read({ KEPLER_DSDL_TOKEN: 't' }).dsdl).toEqual({
    listen: { kind: 'https', host: '0.0.0.0', port: 5000 },
    token: 't',
    tls: { cert: join(home, 'tls/cert.pem'), key: join(home, 'tls/key.pem') },
    ownTls: true,
    app: 'dsdl',
  });
});

it('takes a certificate of its own, else that of the runtime', () => {
  const both = { KEPLER_DSDL_TOKEN: 't', KEPLER_TLS_CERT: '/c', KEPLER_TLS_KEY: '/k' };
  expect(read(both).dsdl).toMatchObject({ tls: { cert: '/c', key: '/k' }, ownTls: false });
  const own = { ...both, KEPLER_DSDL_CERT: '/dc', KEPLER_DSDL_KEY: '/dk', KEPLER_DSDL_APP: 'search' };
  expect(read(own).dsdl).toMatchObject({ tls: { cert: '/dc', key: '/dk' }, app: 'search' });
  expect(() => read({ ...both, KEPLER_DSDL_CERT: '/dc' })).toThrow(/belong together/);
  expect(() => read({ ...both, KEPLER_DSDL_LISTEN: 'ftp://x' })).toThrow(
    /KEPLER_DSDL_LISTEN has "ftp:\/\/x"/,
  );
});

describe("DSDL's variables", () => {
  const DSDL = { api_token: 'theirs', api_workers: '3', MODE_DEV_PROD: 'DEV', ENABLE_HTTPS: 'true' };

  it('are understood', () => {
    const settings = read(DSDL);
    expect(settings).toMatchObject({
      mode: 'dev',
      dsdl: { token: 'theirs', listen: { kind: 'https', host: '0.0.0.0', port: 5000 } },
      jobs: { applyWorkers: 3 },
    });
    expect(read({ ...DSDL, ENABLE_HTTPS: 'false', MODE_DEV_PROD: 'PROD' })).toMatchObject({
      mode: 'prod',
      dsdl: { listen: { kind: 'http', host: '0.0.0.0', port: 5000 } },
    });
  });

  it("give way to Kepler's own", () => {
    writeFileSync(join(home, 'token'), 'of the file\n');
    expect(
      read({
        ...DSDL,
        KEPLER_DSDL_TOKEN_FILE: join(home, 'token'),
        KEPLER_MODE: 'prod',
        KEPLER_APPLY_WORKERS: '1',
      }),
    ).toMatchObject({ mode: 'prod', dsdl: { token: 'of the file' }, jobs: { applyWorkers: 1 } });
    expect(
      read({ ...DSDL, KEPLER_DSDL_TOKEN: 'ours', KEPLER_DSDL_LISTEN: 'http://127.0.0.1:1' }).dsdl,
    ).toMatchObject({ token: 'ours', listen: { port: 1 } });
  });

  it('are named where they are wrong, and empty ones say nothing', () => {
    expect(() => read({ ...DSDL, api_workers: 'many' })).toThrow(/api_workers must be a whole number/);
    expect(read({ api_token: ' ', api_workers: '', MODE_DEV_PROD: '' })).toMatchObject({ mode: 'prod' });
    expect(read({ api_token: '' }).dsdl).toBeUndefined();
  });
});

import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appAcl } from '../../splunk_app/src/bridge/acl.ts';
import { parseAddress } from '../../splunk_app/src/bridge/address.ts';
import { parseConf } from '../../splunk_app/src/bridge/conf-file.ts';
import { headKey, signToken } from '../../splunk_app/src/bridge/identity.ts';
import { ReplyReader } from '../../splunk_app/src/bridge/reply-reader.ts';
import { readSettings } from '../../splunk_app/src/bridge/settings.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'kepler-home-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(home, path, '..'), { recursive: true });
  writeFileSync(join(home, path), text);
}

describe('the address of a runtime', () => {
  it.each([
    ['unix:///run/k.sock', { kind: 'unix', path: '/run/k.sock' }],
    ['unix:/run/k.sock', { kind: 'unix', path: '/run/k.sock' }],
    ['http://127.0.0.1:81', { kind: 'tcp', host: '127.0.0.1', port: 81 }],
    ['http://[::1]:81', { kind: 'tcp', host: '::1', port: 81 }],
    ['https://runtime.example:8443', { kind: 'tls', host: 'runtime.example', port: 8443 }],
  ])('%s', (url, expected) => expect(parseAddress(url)).toMatchObject(expected));

  it('takes a fingerprint with or without colons', () => {
    const hex = 'ab'.repeat(32);
    expect(parseAddress('https://h:1', `sha256:${hex}`)).toMatchObject({ fingerprint: hex });
    expect(parseAddress('https://h:1', hex.toUpperCase().match(/../g)!.join(':'))).toMatchObject({
      fingerprint: hex,
    });
    expect(() => parseAddress('https://h:1', 'sha256:abc')).toThrow(/64 hexadecimal digits/);
  });

  it.each([
    ['http://192.0.2.1:80', /plain http is for this machine only/],
    ['unix://run/k.sock', /absolute path/],
    ['ftp://x', /none of unix/],
    ['runtime', /none of unix/],
  ])('refuses %s', (url, message) => expect(() => parseAddress(url)).toThrow(message));
});

describe('conf files', () => {
  it('have stanzas, comments, continued lines, and the last value of a key', () => {
    const conf = parseConf(
      '\uFEFFx = 0\r\n# c\n[a]\nk = v=w \n k= last\n\nl = one\\\n  two\n[]\naccess = read : [ * ]\n',
    );
    expect(conf.get('default')).toEqual(new Map([['x', '0']]));
    expect(conf.get('a')).toEqual(
      new Map([
        ['k', 'last'],
        ['l', 'one\n  two'],
      ]),
    );
    expect(conf.get('')?.get('access')).toBe('read : [ * ]');
  });
});

describe('settings', () => {
  it('come from default, then local, then the environment', () => {
    write(
      'etc/apps/kepler/default/kepler.conf',
      '[runtime:main]\nurl = unix:///a\nreply_timeout = 7\nmax_chunk_mb = 2\n',
    );
    expect(readSettings({ SPLUNK_HOME: home })).toMatchObject({
      address: { path: '/a' },
      connectMs: 5000,
      replyMs: 7000,
      workMs: 3_600_000,
      maxChunkBytes: 2 << 20,
    });
    write('etc/apps/kepler/local/kepler.conf', '[runtime:main]\nurl = unix:///b\n');
    expect(readSettings({ SPLUNK_HOME: home })).toMatchObject({ address: { path: '/b' }, replyMs: 7000 });
    const env = { SPLUNK_HOME: home, KEPLER_RUNTIME_URL: 'http://127.0.0.1:9' };
    expect(readSettings(env)).toMatchObject({ address: { kind: 'tcp', port: 9 } });
  });

  it('say what to set where it is missing or wrong', () => {
    expect(() => readSettings({})).toThrow(/SPLUNK_HOME is not set/);
    expect(() => readSettings({ SPLUNK_HOME: home })).toThrow(
      /No runtime is set.*\[runtime:main\].*KEPLER_RUNTIME_URL/,
    );
    write('etc/apps/kepler/local/kepler.conf', '[runtime:main]\nurl = unix:///b\nreply_timeout = soon\n');
    expect(() => readSettings({ SPLUNK_HOME: home })).toThrow(
      /reply_timeout = soon .* must be a number above 0/,
    );
  });
});

describe("this search head's key", () => {
  it('is made once, private, with its public half beside it', () => {
    const made = headKey(home);
    const folder = join(home, 'var/lib/kepler');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'key.pub.pem'))).toBe(true);
    expect(headKey(home).kid).toBe(made.kid);
    expect(made.kid).toMatch(/^[0-9a-f]{16}$/);
  });

  it('signs tokens that its public half verifies', () => {
    const head = headKey(home);
    const claims = {
      sub: 'eve',
      app: 'search',
      roles: ['power'],
      sid: '1.2',
      acl: { read: ['*'], write: ['admin'] },
    };
    const [header, payload, signature] = signToken(head, claims, 1000).split('.');
    const publicKey = createPublicKey(readFileSync(join(home, 'var/lib/kepler/key.pub.pem')));
    expect(
      verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'JWT',
      kid: head.kid,
    });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      iss: 'kepler-search-head',
      aud: 'kepler-runtime',
      ...claims,
      iat: 1000,
      exp: 1300,
    });
  });

  it('is not made over a damaged one', () => {
    write('var/lib/kepler/key.pem', 'damaged');
    expect(() => headKey(home)).toThrow(/key\.pem cannot be read or made/);
    expect(readFileSync(join(home, 'var/lib/kepler/key.pem'), 'utf8')).toBe('damaged');
  });
});

describe("an app's access list", () => {
  it('comes from its metadata, local over default', () => {
    expect(appAcl(home, 'search')).toEqual({ read: ['*'], write: ['admin'] });
    write('etc/apps/search/metadata/default.meta', '[]\naccess = read : [ * ], write : [ admin, power ]\n');
    expect(appAcl(home, 'search')).toEqual({ read: ['*'], write: ['admin', 'power'] });
    write('etc/apps/search/metadata/local.meta', '[]\naccess = read : [ ml ], write : [ ]\n');
    expect(appAcl(home, 'search')).toEqual({ read: ['ml'], write: [] });
  });

  it('is never read from outside the apps', () => {
    write('etc/metadata/default.meta', '[]\naccess = read : [ x ], write : [ x ]\n');
    for (const app of ['..', '.', '../apps/search', '']) expect(appAcl(home, app).write).toEqual(['admin']);
  });
});

describe('replies over HTTP', () => {
  const text = Buffer.from(
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Y:  z \r\n\r\nhello' +
      'HTTP/1.1 204 No Content\r\n\r\n',
  );

  it('are understood wherever they are split', () => {
    for (let step = 1; step <= text.length; step++) {
      const reader = new ReplyReader();
      let seen = '';
      const expectNext = () =>
        reader.expect({
          head: (head) => (seen += `[${head.status} ${head.headers.get('x-y') ?? '-'}]`),
          body: (bytes) => (seen += bytes.toString()),
          end: () => {
            seen += '[end]';
            expectNext();
          },
        });
      expectNext();
      for (let at = 0; at < text.length; at += step) reader.push(text.subarray(at, at + step));
      expect(seen).toBe('[200 z]hello[end][204 -][end]');
    }
  });

  it.each([
    ['SSH-2.0-x\r\n\r\n', /not HTTP/],
    ['HTTP/1.1 200 OK\r\n\r\n', /how long it is/],
    ['HTTP/1.1 200 OK\r\ncontent-length: -4\r\n\r\n', /how long it is/],
    ['HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', /no colon/],
    ['x'.repeat(70_000), /too long/],
  ])('%#: what is none is refused', (bytes, message) => {
    const reader = new ReplyReader();
    reader.expect({ head() {}, body() {}, end() {} });
    expect(() => reader.push(Buffer.from(bytes))).toThrow(message);
  });

  it('that nobody asked for are refused', () => {
    expect(() => new ReplyReader().push(Buffer.from('H'))).toThrow(/nobody asked/);
  });
});

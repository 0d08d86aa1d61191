import { LIMITS, readSettings, variableOf } from '../../container/server/settings.ts';

const least = { KEPLER_HOME: '/srv/kepler', KEPLER_TRUSTED_KEYS: '/srv/keys' };

it('needs a home and trusted keys, and has a default for the rest', () => {
  const settings = readSettings(least);
  expect(settings.listen).toEqual([{ kind: 'unix', path: '/srv/kepler/runtime.sock' }]);
  expect(settings.jobs.modelFolder).toBe('/srv/kepler/models');
  expect(settings.jobs.spoolFolder).toBe('/srv/kepler/spool');
  expect(settings.jobs.maxRows).toBeGreaterThanOrEqual(10_000_000);
  expect(() => readSettings({})).toThrow(/KEPLER_HOME.*KEPLER_TRUSTED_KEYS/);
});

it.each(Object.keys(LIMITS) as (keyof typeof LIMITS)[])('takes %s from its variable', (field) => {
  const name = variableOf(field);
  expect(name).toMatch(/^KEPLER_[A-Z]+(_[A-Z]+)+$/);
  expect(readSettings({ ...least, [name]: '17' }).jobs[field]).toBe(17);
  expect(readSettings({ ...least, [name]: ' ' }).jobs[field]).toBe(LIMITS[field].default);
  for (const wrong of ['0', '-1', '1.5', 'many', '1e99', 'NaN']) {
    expect(() => readSettings({ ...least, [name]: wrong })).toThrow(`${name} must be a whole number`);
  }
});

it('writes names with an underscore a word', () => {
  expect(variableOf('maxModelMb')).toBe('KEPLER_MAX_MODEL_MB');
});

it('reads several addresses', () => {
  const listen =
    'unix:/run/k.sock, unix:///run/l.sock,http://127.0.0.1:0,http://[::1]:81,https://0.0.0.0:8443';
  const tls = { KEPLER_TLS_CERT: '/c', KEPLER_TLS_KEY: '/k' };
  expect(readSettings({ ...least, ...tls, KEPLER_LISTEN: listen }).listen).toEqual([
    { kind: 'unix', path: '/run/k.sock' },
    { kind: 'unix', path: '/run/l.sock' },
    { kind: 'http', host: '127.0.0.1', port: 0 },
    { kind: 'http', host: '::1', port: 81 },
    { kind: 'https', host: '0.0.0.0', port: 8443 },
  ]);
});

it.each([
  ['http://0.0.0.0:80', 'plain http'],
  ['http://10.0.0.1:80', 'plain http'],
  ['http://127.0.0.1.evil.com:80', 'plain http'],
  ['unix:relative.sock', 'write unix:'],
  [`unix:/${'x'.repeat(120)}`, 'bytes at most'],
  ['ftp://127.0.0.1', 'write unix:'],
  ['nonsense', 'write unix:'],
  ['http://127.0.0.1:1/path', 'write unix:'],
])('refuses to listen on %s', (listen, text) => {
  expect(() => readSettings({ ...least, KEPLER_LISTEN: listen })).toThrow(text);
});

it('names everything that is wrong at once', () => {
  const wrong = {
    ...least,
    KEPLER_MAX_ROWS: 'x',
    KEPLER_LOG_LEVEL: 'loud',
    KEPLER_LISTEN: 'http://8.8.8.8:1',
  };
  expect(() => readSettings(wrong)).toThrow(/8\.8\.8\.8.*KEPLER_LOG_LEVEL.*KEPLER_MAX_ROWS/);
});

it('makes a certificate of its own where https is asked for without one, but not half of one', () => {
  const settings = readSettings({ ...least, KEPLER_LISTEN: 'https://127.0.0.1:0' });
  expect(settings).toMatchObject({ ownTls: true, tls: { cert: expect.stringMatching(/tls\/cert\.pem$/) } });
  expect(() => readSettings({ ...least, KEPLER_TLS_CERT: '/c' })).toThrow(/belong together/);
});

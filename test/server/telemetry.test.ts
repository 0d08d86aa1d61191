import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTelemetrySettings } from '../../container/server/telemetry/settings.ts';

const home = () => mkdtempSync(join(tmpdir(), 'kepler-telemetry-settings-'));

test('without an address or a token there is no collector', () => {
  const problems: string[] = [];
  expect(readTelemetrySettings({}, home(), problems).collector).toBeUndefined();
  const url = { KEPLER_HEC_URL: 'https://splunk:8088' };
  expect(readTelemetrySettings(url, home(), problems).collector).toBeUndefined();
  expect(problems).toEqual([]);
});

test('environment, files, and what Splunk handed over, in this order', async () => {
  const folder = home();
  const file = join(folder, 'token');
  writeFileSync(file, 'from-file\n');
  const { keepSecrets } = await import('../../container/server/secrets.ts');
  await keepSecrets(folder, { hec_token: 'handed', hec_url: 'https://handed:8088', hec_index: 'ml' });
  const read = (environment: Record<string, string>) => readTelemetrySettings(environment, folder, []);
  expect(read({})).toMatchObject({ index: 'ml', collector: { url: 'https://handed:8088', token: 'handed' } });
  expect(read({ KEPLER_HEC_TOKEN: 'given', KEPLER_HEC_INDEX: 'x' })).toMatchObject({
    index: 'x',
    collector: { token: 'given' },
  });
  expect(read({ KEPLER_HEC_TOKEN_FILE: file, KEPLER_HEC_TOKEN: 'given' }).collector?.token).toBe('from-file');
});

test("DSDL's variables are understood", () => {
  const dsdl = { splunk_hec_enabled: '1', splunk_hec_url: 'https://s:8088', splunk_hec_token: 't' };
  expect(readTelemetrySettings(dsdl, home(), []).collector).toMatchObject({
    url: 'https://s:8088',
    token: 't',
  });
  const off = { ...dsdl, splunk_hec_enabled: '0' };
  expect(readTelemetrySettings(off, home(), []).collector).toBeUndefined();
});

test('what is wrong is named', () => {
  const problems: string[] = [];
  const wrong = {
    KEPLER_HEC_URL: 'splunk:8088',
    KEPLER_HEC_SPOOL_MB: 'much',
    KEPLER_HEC_TOKEN_FILE: '/no/such',
  };
  readTelemetrySettings(wrong, home(), problems);
  expect(problems).toEqual([
    expect.stringContaining('KEPLER_HEC_SPOOL_MB'),
    expect.stringContaining('must be such as https://splunk:8088, not "splunk:8088"'),
  ]);
});

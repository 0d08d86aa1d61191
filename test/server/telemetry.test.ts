import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetryEvent, TelemetryMetrics } from '../../container/helpers/telemetry/event.ts';
import type { Telemetry } from '../../container/helpers/telemetry/telemetry.ts';
import { tellRun } from '../../container/server/telemetry/recorder.ts';
import { readTelemetrySettings } from '../../container/server/telemetry/settings.ts';
import type { Run } from '../../container/server/usage/run.ts';

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

describe('what is told of a run', () => {
  const run: Run = {
    time: 1,
    kind: 'fit',
    user: 'ann',
    app: 'search',
    sid: '1.2',
    rows: 3,
    ms: 4,
    status: 'ok',
  };
  const told = (more: Partial<Run>) => {
    const events: TelemetryEvent[] = [];
    const metrics: TelemetryMetrics[] = [];
    const telemetry: Telemetry = {
      event: (event) => void events.push(event),
      metrics: (one) => void metrics.push(one),
    };
    tellRun(telemetry, { ...run, ...more });
    return { event: events[0], metrics: metrics[0] };
  };

  test("a template's name gives its parts as dimensions, another name none", () => {
    const { event, metrics } = told({ algorithm: 'ann_Forest_churn_rate_v3' });
    const parts = { author: 'ann', template_model: 'Forest', use_case: 'churn_rate', revision: '3' };
    expect(event.fields).toMatchObject({ ...parts, algorithm: 'ann_Forest_churn_rate_v3' });
    expect(metrics.dimensions).toMatchObject(parts);
    expect(told({ algorithm: 'LinearRegression' }).metrics.dimensions).toEqual({
      kind: 'fit',
      status: 'ok',
      app: 'search',
    });
  });

  test('project, use case and index of the search go before those of the name and of the settings', () => {
    const tell = { project: 'p', useCase: 'u', index: 'ml' };
    const { event, metrics } = told({ algorithm: 'ann_Forest_churn_v3', tell, status: 'error' });
    expect(event).toMatchObject({ index: 'ml', fields: { project: 'p', use_case: 'u', author: 'ann' } });
    expect(metrics.dimensions).toMatchObject({ project: 'p', use_case: 'u' });
  });
});

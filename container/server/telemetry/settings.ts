/** Where telemetry goes: from the environment, under Kepler's names or under those that DSDL hands its containers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBoolean } from '../../contract/boolean.ts';
import type { CollectorSettings } from '../../helpers/telemetry/collector.ts';
import type { TelemetrySettings } from '../../helpers/telemetry/telemetry.ts';
import { fileNamedBy } from '../secret-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const MEGABYTE = 1e6;
const DEFAULT_SPOOL_MB = 1000;

/**
 * Settings of telemetry; without an address and a token it has no collector, and tells nothing.
 * What Splunk handed over (`PUT /v1/secrets`: hec_url, hec_token, hec_index …) counts where the environment says nothing.
 * @param home The runtime's folder: the spool and the secrets lie in it.
 * @param problems Takes a sentence for each setting that is wrong.
 */
export function readTelemetrySettings(
  environment: Environment,
  home: string,
  problems: string[],
): TelemetrySettings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const hec = (name: string) => value(`KEPLER_HEC_${name.toUpperCase()}`) ?? handedOver(home, `hec_${name}`);
  const megabytes = Number(value('KEPLER_HEC_SPOOL_MB') ?? DEFAULT_SPOOL_MB);
  if (!(megabytes >= 1)) {
    problems.push(
      `KEPLER_HEC_SPOOL_MB must be a number of at least 1, not "${value('KEPLER_HEC_SPOOL_MB')}".`,
    );
  }
  const dimensions = { project: value('KEPLER_PROJECT'), use_case: value('KEPLER_USE_CASE') };
  return {
    folder: join(home, 'telemetry'),
    maxSpoolBytes: megabytes * MEGABYTE,
    source: 'kepler',
    index: hec('index'),
    metricsIndex: hec('metrics_index'),
    dimensions: Object.fromEntries(
      Object.entries(dimensions).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    collector: readCollector(value, hec, problems),
  };
}

type Read = (name: string) => string | undefined;

function readCollector(value: Read, hec: Read, problems: string[]): CollectorSettings | undefined {
  const file = (name: string) => fileNamedBy(value, name, problems);
  // As DSDL hands them to its containers.
  const dsdl = (name: string) => (isTrue(value('splunk_hec_enabled')) ? value(name) : undefined);
  const url = file('KEPLER_HEC_URL_FILE') ?? hec('url') ?? dsdl('splunk_hec_url');
  const wrong = url === undefined ? undefined : wrongAddress(url);
  if (wrong !== undefined) {
    problems.push(wrong);
    return undefined;
  }
  const token = file('KEPLER_HEC_TOKEN_FILE') ?? hec('token') ?? dsdl('splunk_hec_token');
  if (url === undefined || token === undefined) return undefined;
  return {
    url,
    token,
    ack: isTrue(hec('ack')),
    fingerprint: hec('fingerprint')?.replace(/^sha256:/i, ''),
    ca: file('KEPLER_HEC_CA_FILE'),
  };
}

/** What is wrong with HEC's address; undefined where nothing is. */
export function wrongAddress(url: string): string | undefined {
  if (/^https?:\/\/[^/]+/.test(url)) return undefined;
  return `The address of HEC (KEPLER_HEC_URL) must be such as https://splunk:8088, not "${url}".`;
}

const isTrue = (text: string | undefined): boolean => parseBoolean(text ?? '') === true;

function handedOver(home: string, name: string): string | undefined {
  try {
    return readFileSync(join(home, 'secrets', name), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

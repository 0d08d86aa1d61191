/** Where Splunk is for the connector: from the environment, under Kepler's names or under those that DSDL hands its containers. */
import { parseBoolean } from '../contract/boolean.ts';
import type { SplunkSettings } from '../helpers/splunk/index.ts';
import { fileNamedBy, secretOf } from './secret-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @param problems Takes a sentence for each setting that is wrong. */
export function readSplunkSettings(environment: Environment, problems: string[]): SplunkSettings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const dsdl = (name: string) =>
    parseBoolean(value('splunk_access_enabled') ?? 'false') === true ? value(name) : undefined;
  const url = secretOf(value, 'KEPLER_SPLUNK_URL', problems) ?? addressOf(dsdl);
  if (url !== undefined && !/^https?:\/\/[^/]+\/?$/.test(url)) {
    problems.push(
      `KEPLER_SPLUNK_URL must be the address of splunkd's management port, such as https://splunk:8089, not "${url}".`,
    );
  }
  const fingerprint = value('KEPLER_SPLUNK_FINGERPRINT')
    ?.replace(/^sha256:/i, '')
    .replaceAll(':', '');
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/i.test(fingerprint))
    problems.push('KEPLER_SPLUNK_FINGERPRINT must be a SHA-256 of 64 hexadecimal digits.');
  return {
    url,
    token: secretOf(value, 'KEPLER_SPLUNK_TOKEN', problems) ?? dsdl('splunk_access_token'),
    fingerprint,
    ca: fileNamedBy(value, 'KEPLER_SPLUNK_CA_FILE', problems),
  };
}

/** DSDL names host and port. */
function addressOf(dsdl: (name: string) => string | undefined): string | undefined {
  const host = dsdl('splunk_access_host');
  if (host === undefined) return undefined;
  return /^https?:/.test(host) ? host : `https://${host}:${dsdl('splunk_access_port') ?? '8089'}`;
}

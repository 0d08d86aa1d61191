import { lookup } from 'node:dns/promises';
import { fetchText } from '../../bridge/fetch.ts';
import type { Fetched } from '../../bridge/fetch.ts';
import { readKeplerConf } from '../../bridge/containers/runtime-specs.ts';
import type { Head, Question } from './head.ts';
import type { Step } from './steps.ts';

const DEADLINE_MS = 5000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const TOKEN = `/servicesNS/nobody/kepler/storage/passwords/${encodeURIComponent('kepler:hec_token:')}`;

/** From the address of the HTTP Event Collector to an event that it has taken. */
export function hecSteps(head: Head, { url }: Question['options']): Step[] {
  let base: URL | undefined;
  let token = '';
  const ask = (path: string, event?: object): Promise<Fetched> =>
    fetchText(new URL(path, base), {
      headers: { authorization: `Splunk ${token}`, 'content-type': 'application/json' },
      ...(event && { method: 'POST' as const, body: JSON.stringify(event) }),
      deadlineMs: DEADLINE_MS,
      maxBytes: 1 << 20,
      // Splunk signs the collector's certificate itself. On this machine that will do; elsewhere a token is not said to just
      // anybody, so there the certificate must be trusted by the system.
      trustAll: base !== undefined && LOOPBACK.has(base.hostname),
    });
  return [
    {
      step: 'Address',
      remedy:
        'Set it on the page Setup, or: | keplerctl set hec.url=https://<host>:8088. Telemetry is optional.',
      run: () => {
        const address = url ?? readKeplerConf(head.splunkHome).get('hec')?.get('url') ?? '';
        if (address === '')
          return {
            message: 'No address is set: nothing is sent.',
            attention: 'Telemetry is optional. To have it: | keplerctl set hec.url=https://<host>:8088.',
          };
        if (!/^https?:\/\/[^\s/]/.test(address))
          throw new Error(`"${address.slice(0, 100)}" is no address: https://<host>:8088.`);
        base = new URL(address);
        return `${base.origin}.`;
      },
    },
    {
      step: 'Name resolves',
      remedy: 'Correct the host in the address, or the name service of this search head.',
      run: async () => {
        if (!base) return 'Nothing to look up.';
        const { address } = await lookup(base.hostname.replace(/^\[|\]$/g, ''));
        return `${base.hostname} is ${address}.`;
      },
    },
    {
      step: 'The collector answers',
      remedy:
        'Turn the HTTP Event Collector on (Settings, Data inputs), and check the port and whether it is http or https.',
      run: async () => {
        if (!base) return 'Nothing to ask.';
        const { status, text } = await ask('/services/collector/health');
        if (status !== 200) throw new Error(`It answers with status ${status}: ${text.slice(0, 200)}`);
        return 'It is healthy.';
      },
    },
    {
      step: 'Token',
      remedy: 'Store the token on the page Setup.',
      run: async () => {
        if (!base) return 'Nothing to send.';
        const entry = await head.splunkd.entry(TOKEN);
        if (!entry) throw new Error('No token is stored.');
        token = String(entry.content.clear_password ?? '');
        if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('The stored token is empty, or none.');
        return 'A token is stored.';
      },
    },
    {
      step: 'An event is taken',
      remedy: 'Check that the token is the one of the collector, is enabled, and may write to the index.',
      run: async () => {
        if (!base) return 'Nothing to send.';
        const event = {
          sourcetype: 'kepler:test',
          source: 'kepler',
          event: { text: 'A test from kepler health' },
        };
        const { status, text } = await ask('/services/collector/event', event);
        if (status !== 200) throw new Error(`It answers with status ${status}: ${text.slice(0, 200)}`);
        return 'A test event (sourcetype kepler:test) was taken.';
      },
    },
  ];
}

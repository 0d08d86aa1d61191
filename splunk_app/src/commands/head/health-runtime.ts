import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { PATHS } from '../../../../container/contract/wire.ts';
import { parseAddress } from '../../bridge/address.ts';
import type { RuntimeAddress } from '../../bridge/address.ts';
import { readSettings } from '../../bridge/settings.ts';
import { fingerprintOf } from './enrol.ts';
import { recordsOf } from './head.ts';
import type { Head, Question } from './head.ts';
import type { Step } from './steps.ts';

const CONNECT_MS = 3000;

/** From the address to the first answer that counts; of what is configured, or of `url=`. */
export function runtimeSteps(head: Head, { url, fingerprint }: Question['options']): Step[] {
  let address: RuntimeAddress | undefined;
  const known = () => address ?? parseAddress(url ?? '');
  const runtime = () => head.runtime('main', url === undefined ? {} : { url, fingerprint });
  return [
    {
      step: 'Address',
      remedy: 'Set url (and fingerprint) of the runtime, or enrol one: | keplerctl enrol main url=… code=….',
      run: () => {
        address = url === undefined ? readSettings(head.env).address : parseAddress(url, fingerprint);
        return url === undefined ? `kepler.conf says: ${address.url}.` : `To be tested: ${address.url}.`;
      },
    },
    {
      step: 'Name resolves',
      remedy: 'Correct the host in the address, or the name service of this search head.',
      run: async () => {
        const target = known();
        if (target.kind === 'unix') return 'A socket on this machine: no name is needed.';
        const { address: found } = await lookup(target.host);
        return `${target.host} is ${found}.`;
      },
    },
    {
      step: 'Port answers',
      remedy: 'Start the runtime there; check the port, and firewalls in between.',
      run: () => opened(known()),
    },
    {
      step: 'Certificate',
      remedy:
        'If the runtime was given a new certificate, enrol it anew: | keplerctl enrol main url=… code=…. If not, somebody stands in between.',
      run: async () => {
        const target = known();
        if (target.kind !== 'tls') return 'Not needed on this machine.';
        const found = await fingerprintOf(target.host, target.port, target.url);
        if (target.fingerprint === found) return 'It is the one expected.';
        if (target.fingerprint !== undefined) {
          throw new Error(
            `It is not the one expected: sha256:${found} in place of sha256:${target.fingerprint}.`,
          );
        }
        return {
          message: `No fingerprint is set for it: it must be trusted by this machine. It is sha256:${found}.`,
          attention: 'Enrol with the one-time code: it says which certificate is the right one.',
        };
      },
    },
    {
      step: 'This search head is trusted',
      remedy:
        'Enrol this search head with the code that the runtime prints: | keplerctl enrol main url=… code=….',
      run: async () => {
        const request = { noun: 'runtimes', options: {} };
        const [self = {}] = recordsOf(await head.table(runtime(), PATHS.read, request, true));
        return `Kepler ${String(self.version)} answers, up for ${Math.round(Number(self.uptime_s))} s, with ${String(self.models)} models.`;
      },
    },
  ];
}

function opened(address: RuntimeAddress): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port },
    );
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`${address.url} cannot be reached: ${why}.`));
    };
    socket.setTimeout(CONNECT_MS, () => fail(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve(`Something listens at ${address.url}.`);
    });
  });
}

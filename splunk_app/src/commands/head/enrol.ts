import { createHash, createPublicKey } from 'node:crypto';
import { connect } from 'node:tls';
import { readCode } from '../../../../container/contract/enrolment.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { parseAddress } from '../../bridge/address.ts';
import { headKey } from '../../bridge/identity.ts';
import type { Change, Head, Question } from './head.ts';

const CONNECT_MS = 5000;
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/**
 * Gives a runtime this search head's key, by its one-time code, and writes where the runtime is into kepler.conf. The code is
 * said only to the runtime whose certificate it names.
 */
export async function enrol(head: Head, { name = '', options }: Question): Promise<Change[]> {
  const { url, code: text } = options;
  if (!NAME.test(name)) {
    throw new KeplerError(
      'invalid_arguments',
      `"${name.slice(0, 60)}" cannot name a runtime: up to 32 lower-case letters, digits, _ and -. The one that searches use is main.`,
    );
  }
  const code = readCode(text);
  if (!code) {
    throw new KeplerError(
      'invalid_arguments',
      'The code is not one that a runtime prints: K1- and 36 letters and digits. Copy it whole from the runtime’s log, or from enrolment.json in its KEPLER_HOME.',
    );
  }
  const address = parseAddress(url);
  if (address.kind !== 'tls') {
    throw new KeplerError(
      'invalid_arguments',
      `url=${url} must be https://<host>:<port>: a code is for runtimes elsewhere.`,
    );
  }
  const found = await fingerprintOf(address.host, address.port, url);
  if (!found.startsWith(code.fingerprint)) {
    throw new KeplerError(
      'runtime_untrusted',
      `What answers at ${url} is not the runtime that printed this code: its certificate is sha256:${found}, the code is of one that begins with ${code.fingerprint}. The code was not sent. Check the address; if it is right, somebody stands in between.`,
    );
  }
  const { key, kid } = headKey(head.splunkHome);
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const fingerprint = `sha256:${found}`;
  const runtime = head.runtime(name, { url, fingerprint });
  await runtime.ask('POST', PATHS.enrol, { code: text, key: pem }, { repeatable: false });
  try {
    await head.splunkd.writeConf(`runtime:${name}`, { url, fingerprint, engine: 'none' });
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    throw new KeplerError(
      error.code,
      `The runtime trusts this search head now, but kepler.conf could not be written. ${error.message} By hand: url = ${url} and fingerprint = ${fingerprint} below [runtime:${name}] in local/kepler.conf.`,
      { cause: error },
    );
  }
  head.messages.push({
    level: 'INFO',
    text: `The runtime at ${url} trusts this search head (key ${kid}), and kepler.conf [runtime:${name}] names it and its certificate.`,
  });
  return [
    { object: `runtime ${name}`, change: 'enrolled', before: null, after: `key ${kid}` },
    { object: `kepler.conf [runtime:${name}]`, change: 'url', before: null, after: url },
    { object: `kepler.conf [runtime:${name}]`, change: 'fingerprint', before: null, after: fingerprint },
  ];
}

/** SHA-256 of the certificate that is shown there, hexadecimal. Nothing is sent. @throws KeplerError runtime_unreachable */
export function fingerprintOf(host: string, port: number, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      servername: /^[\d.:]+$/.test(host) ? undefined : host,
      // Which certificate it is, is what is asked.
      rejectUnauthorized: false,
    });
    const fail = (why: string) => {
      socket.destroy();
      reject(
        new KeplerError(
          'runtime_unreachable',
          `The runtime at ${url} cannot be reached (${why}). Check the address, and that it runs.`,
        ),
      );
    };
    socket.setTimeout(CONNECT_MS, () => fail(`no answer within ${CONNECT_MS / 1000} s`));
    socket.on('error', (error) => fail(error.message));
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(createHash('sha256').update(raw).digest('hex'));
    });
  });
}

/** Connections to servers with certificates of their own making: one certificate is trusted, or an authority, or the system's. */
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

const CONNECT_MS = 10_000;

export interface Trust {
  /** SHA-256 of the only certificate to trust, hexadecimal, also as `openssl x509 -fingerprint` prints it; without it the authorities decide. */
  readonly fingerprint?: string;
  /** Certificate authority in PEM form; the system's where absent. */
  readonly ca?: string;
  /** No certificate is looked at: for loopback alone, where nobody stands in between. */
  readonly anyCertificate?: boolean;
}

/** The server showed another certificate than the one that is trusted. */
export class WrongCertificateError extends Error {}

/**
 * Trusts one certificate and no other where a fingerprint is given, and says so before anything is sent.
 * @param server what it is, for the message: "the collector"
 */
export function pinnedConnector(
  { fingerprint, ca, anyCertificate }: Trust,
  server: string,
): buildConnector.connector {
  const verifies = fingerprint === undefined && anyCertificate !== true;
  const connect = buildConnector({
    timeout: CONNECT_MS,
    ca,
    rejectUnauthorized: verifies,
    // A session that is taken up again shows no certificate to compare.
    ...(fingerprint !== undefined && { maxCachedSessions: 0 }),
  });
  if (fingerprint === undefined) return connect;
  const expected = hexOf(fingerprint);
  return (options, done) =>
    connect(options, (error, socket) => {
      if (error || !(socket instanceof TLSSocket)) return error ? done(error, null) : done(null, socket!);
      const found = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
      if (found === expected) return done(null, socket);
      socket.destroy();
      done(
        new WrongCertificateError(`${server}'s certificate is not the expected one: sha256:${found}`),
        null,
      );
    });
}

/** Of `sha256 Fingerprint=AB:CD…`, `sha256:abcd…` or the digits alone. */
function hexOf(fingerprint: string): string {
  return fingerprint
    .replace(/^.*=/, '')
    .replace(/^\s*sha256:/i, '')
    .replace(/[\s:]/g, '')
    .toLowerCase();
}

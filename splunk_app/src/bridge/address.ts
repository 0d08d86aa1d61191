import { KeplerError } from '../../../container/contract/errors.ts';

/** Where a runtime listens. */
export type RuntimeAddress =
  | { readonly kind: 'unix'; readonly url: string; readonly path: string }
  | { readonly kind: 'tcp'; readonly url: string; readonly host: string; readonly port: number }
  | {
      readonly kind: 'tls';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      /** SHA-256 of the certificate in DER form, lower-case hexadecimal; without it the certificate must be trusted by the system. */
      readonly fingerprint?: string;
    };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/**
 * Reads `unix:///path`, `http://127.0.0.1:port` (loopback only) or `https://host:port`; `fingerprint` is `sha256:<hex>`.
 * Throws `configuration`, naming what is wrong.
 */
export function parseAddress(url: string, fingerprint?: string): RuntimeAddress {
  if (url.startsWith('unix:')) {
    const path = url.replace(/^unix:(\/\/)?/, '');
    if (!path.startsWith('/'))
      throw wrong(url, 'a Unix socket needs an absolute path: unix:///run/kepler/runtime.sock');
    return { kind: 'unix', url, path };
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw wrong(url, 'it is none of unix:///path, http://127.0.0.1:port, https://host:port');
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (parsed.protocol === 'http:') {
    if (!LOOPBACK.has(parsed.hostname)) {
      throw wrong(url, 'plain http is for this machine only; use https with a fingerprint for another one');
    }
    return { kind: 'tcp', url, host, port: Number(parsed.port || 80) };
  }
  if (parsed.protocol !== 'https:') {
    throw wrong(url, 'it is none of unix:///path, http://127.0.0.1:port, https://host:port');
  }
  const port = Number(parsed.port || 443);
  if (!fingerprint) return { kind: 'tls', url, host, port };
  const digits = fingerprint
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replaceAll(':', '');
  if (!/^[0-9a-f]{64}$/.test(digits)) {
    throw new KeplerError(
      'configuration',
      `The fingerprint of the runtime at ${url} must be sha256: and 64 hexadecimal digits (kepler.conf, fingerprint).`,
    );
  }
  return { kind: 'tls', url, host, port, fingerprint: digits };
}

const wrong = (url: string, why: string): KeplerError =>
  new KeplerError(
    'configuration',
    `The runtime's address ${JSON.stringify(url)} cannot be used: ${why} (kepler.conf, url, or KEPLER_RUNTIME_URL).`,
  );

import { isAbsolute } from 'node:path';
import { KeplerError } from '../contract/errors.ts';

export type ListenAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'http' | 'https'; readonly host: string; readonly port: number };

/** The longest path that the kernel takes for a socket. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

/**
 * `unix:/path`, `unix:///path`, `http://127.0.0.1:0`, `https://host:port`.
 * @param variable where it stands, for messages
 * @param plainAnywhere whether http is good for other addresses than this machine's own
 * @throws KeplerError configuration
 */
export function parseListen(text: string, variable = 'KEPLER_LISTEN', plainAnywhere = false): ListenAddress {
  const wrong = (what: string) => new KeplerError('configuration', `${variable} has "${text}": ${what}.`);
  const unix = /^unix:(?:\/\/)?(\/.*)$/.exec(text);
  if (unix) {
    const path = unix[1];
    if (!isAbsolute(path) || Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
      throw wrong(`the path of a socket may have ${LONGEST_SOCKET_PATH} bytes at most`);
    }
    return { kind: 'unix', path };
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('write unix:/path/runtime.sock, http://127.0.0.1:8080 or https://0.0.0.0:8443');
  }
  const kind = url.protocol === 'http:' ? 'http' : url.protocol === 'https:' ? 'https' : undefined;
  if (!kind || url.pathname !== '/' || url.search || url.username) {
    throw wrong('write unix:/path/runtime.sock, http://127.0.0.1:8080 or https://0.0.0.0:8443');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (kind === 'http' && !plainAnywhere && !isLoopback(host)) {
    throw wrong('plain http is only for this machine itself (127.0.0.1); use https with a certificate');
  }
  return { kind, host, port: url.port === '' ? (kind === 'http' ? 80 : 443) : Number(url.port) };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

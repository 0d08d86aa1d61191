import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM of the certificate and of its private key. */
  readonly certificate: string;
  readonly key: string;
  /** `sha256:<hex>` of the certificate in DER form. */
  readonly fingerprint: string;
}

const YEARS = 10;

/**
 * A certificate for one container, signed by itself: nobody has to trust an authority, because the search head pins exactly
 * this certificate. ECDSA over P-256, X.509 version 3 (RFC 5280).
 */
export function makeCertificate(commonName: string): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(oid(2, 5, 4, 3), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  // The first bit clear and the next one set: a positive number of full length.
  const serial = randomBytes(16);
  serial[0] = (serial[0] & 0x3f) | 0x40;
  const from = new Date(Date.now() - 24 * 3600 * 1000);
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + YEARS);
  const alternatives = sequence(
    tagged(0x82, Buffer.from('localhost', 'latin1')),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const extensions = sequence(sequence(oid(2, 5, 29, 17), tagged(0x04, alternatives)));
  const toSign = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    name,
    sequence(time(from), time(to)),
    name,
    spki,
    tagged(0xa3, extensions),
  );
  const signature = sign('sha256', toSign, privateKey);
  const der = sequence(toSign, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const body = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: `sha256:${createHash('sha256').update(der).digest('hex')}`,
  };
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);

/** Given as numbers: AppInspect takes a text with three dots for an address. */
function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

/** UTCTime up to 2049, GeneralizedTime from then on, as RFC 5280 demands. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : tagged(0x18, Buffer.from(digits, 'latin1'));
}

import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../contract/certificate.ts';
import { storageError } from '../registry/storage-errors.ts';

/**
 * A certificate of the runtime's own in `$KEPLER_HOME/tls`, made at the first start at which https is asked for without one:
 * search heads pin exactly it, so nobody has to sign it. @throws KeplerError storage_failed, disk_full
 */
export function makeOwnCertificate(home: string): void {
  const folder = join(home, 'tls');
  const files = ownCertificateFiles(home);
  if (existsSync(files.cert)) return;
  const made = makeCertificate(hostname().slice(0, 64) || 'kepler');
  try {
    // The certificate comes last: where it is, the key is.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [path, text] of [
      [files.key, made.key],
      [files.cert, made.certificate],
    ] as const) {
      const aside = `${path}.${process.pid}`;
      rmSync(aside, { force: true });
      writeFileSync(aside, text, { mode: 0o600, flag: 'wx' });
      renameSync(aside, path);
    }
  } catch (error) {
    throw storageError(error, 'make its certificate', folder);
  }
}

export function ownCertificateFiles(home: string): { cert: string; key: string } {
  return { cert: join(home, 'tls', 'cert.pem'), key: join(home, 'tls', 'key.pem') };
}

/** SHA-256 of a certificate in DER form, hexadecimal. */
export function fingerprintOf(pemFile: string): string {
  const { raw } = new X509Certificate(readFileSync(pemFile));
  return createHash('sha256').update(raw).digest('hex');
}

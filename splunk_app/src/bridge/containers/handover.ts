import { KeplerError } from '../../../../container/contract/errors.ts';
import type { Certificate } from '../../../../container/contract/certificate.ts';
import { LAYOUT } from './layout.ts';
import type { Handover } from './types.ts';

/** The files of a handover as a tar archive, relative to `LAYOUT.handover`: readable by the container's user and nobody else. */
export async function handoverArchive(handover: Handover, certificate: Certificate): Promise<Buffer> {
  const files: Record<string, string> = {
    [LAYOUT.certificate]: certificate.certificate,
    [LAYOUT.certificateKey]: certificate.key,
  };
  for (const [name, pem] of Object.entries(handover.trustedKeys)) {
    files[`${LAYOUT.trustedKeys}/${checked(name)}.pub.pem`] = pem;
  }
  for (const [name, value] of Object.entries(handover.secrets ?? {})) {
    files[`${LAYOUT.secrets}/${checked(name)}`] = value;
  }
  const { pack } = await import('./engine-client.ts');
  const archive = pack();
  const owner = { uid: LAYOUT.uid, gid: LAYOUT.gid, mtime: new Date() };
  for (const folder of [LAYOUT.trustedKeys, 'tls', LAYOUT.secrets]) {
    archive.entry({ ...owner, name: `${folder}/`, type: 'directory', mode: 0o500 });
  }
  for (const [name, content] of Object.entries(files))
    archive.entry({ ...owner, name, mode: 0o400 }, content);
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function checked(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return name;
  throw new KeplerError('configuration', `${JSON.stringify(name)} cannot name a file that is handed over.`);
}

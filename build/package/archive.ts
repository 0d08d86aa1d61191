/** The package as an archive: the same files give the same bytes, whoever builds them and when. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, renameSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

export interface Entry {
  readonly path: string;
  /** A file to read, or the content itself. */
  readonly content: { readonly file: string } | { readonly text: string };
  readonly executable: boolean;
}

/**
 * Writes a gzipped tar of the entries below the folder `root`, in the order given. Times, owners and modes are fixed: AppInspect
 * refuses execute bits outside `bin` and folders that their owner cannot write. The file appears whole or not at all.
 * @returns its SHA-256, hexadecimal
 */
export async function writeArchive(target: string, root: string, entries: readonly Entry[]): Promise<string> {
  const aside = `${target}.${process.pid}`;
  const tar = pack();
  const fixed = { mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
  const hash = createHash('sha256');
  // Level 6: the next level's half per cent costs three times the time.
  const gzip = createGzip({ level: 6 });
  gzip.on('data', (piece: Buffer) => hash.update(piece));
  const written = pipeline(tar, gzip, createWriteStream(aside));
  for (const folder of foldersOf(root, entries)) {
    tar.entry({ ...fixed, name: `${folder}/`, type: 'directory', mode: 0o755 });
  }
  for (const { path, content, executable } of entries) {
    const header = { ...fixed, name: `${root}/${path}`, mode: executable ? 0o755 : 0o644 };
    if ('text' in content) {
      tar.entry(header, content.text);
      continue;
    }
    const entry = tar.entry({ ...header, size: statSync(content.file).size });
    createReadStream(content.file).pipe(entry);
    await once(entry, 'finish');
  }
  tar.finalize();
  await written;
  renameSync(aside, target);
  return hash.digest('hex');
}

function foldersOf(root: string, entries: readonly Entry[]): string[] {
  const folders = new Set([root]);
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, i) => folders.add([root, ...parts.slice(0, i + 1)].join('/')));
  }
  return [...folders].sort();
}

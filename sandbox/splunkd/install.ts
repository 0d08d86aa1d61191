import {
  chmodSync,
  createReadStream,
  createWriteStream,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { extract } from 'tar-stream';
import { readConf } from './conf.ts';

/** The package is not one that splunkd would install. */
export class InstallError extends Error {}

/** What of an installed app is the search head's own, and stays when a package is installed above it. */
const KEPT = ['local', join('metadata', 'local.meta')];

/**
 * Installs an app from its package as splunkd does: unpacked beside the others with the modes of the archive; above an older one
 * its `local`, its `metadata/local.meta` and lookups that the package does not bring stay.
 * @returns The app's name.
 * @throws InstallError
 */
export async function installPackage(splunkHome: string, file: string): Promise<string> {
  if (!existsSync(file)) throw new InstallError(`There is no package ${file}.`);
  const apps = join(splunkHome, 'etc/apps');
  mkdirSync(apps, { recursive: true });
  // On the same file system, so that moving it is one step; a name that is no app's.
  const staging = mkdtempSync(join(splunkHome, 'etc/.install-'));
  try {
    await unpack(file, staging);
    const [app, ...others] = readdirSync(staging);
    if (app === undefined || others.length > 0) {
      throw new InstallError(
        `${file} holds ${others.length + (app ? 1 : 0)} folders; a package holds one, the app.`,
      );
    }
    const fresh = join(staging, app);
    const id = readConf(join(fresh, 'default/app.conf')).get('package')?.get('id') ?? app;
    if (id !== app) throw new InstallError(`The folder '${app}' and the id '${id}' of app.conf differ.`);
    if (existsSync(join(fresh, 'local')))
      throw new InstallError(`${file} holds a folder 'local', which is the search head's.`);
    const target = join(apps, app);
    if (existsSync(target)) keepOwn(target, fresh);
    const old = join(staging, '.old');
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
    return app;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Puts what the search head has of its own into the app that will stand in its place. */
function keepOwn(before: string, fresh: string): void {
  for (const name of KEPT) {
    const own = join(before, name);
    if (existsSync(own) && !lstatSync(own).isSymbolicLink())
      cpSync(own, join(fresh, name), { recursive: true });
  }
  const lookups = join(before, 'lookups');
  for (const file of existsSync(lookups) ? readdirSync(lookups) : []) {
    const [own, shipped] = [join(lookups, file), join(fresh, 'lookups', file)];
    if (lstatSync(own).isSymbolicLink() || existsSync(shipped)) continue;
    mkdirSync(dirname(shipped), { recursive: true });
    cpSync(own, shipped);
  }
}

async function unpack(file: string, folder: string): Promise<void> {
  const archive = extract();
  const fed = pipeline(createReadStream(file), createGunzip(), archive);
  // Told by the entries below, which end with it.
  fed.catch(() => undefined);
  const links: Header[] = [];
  try {
    for await (const entry of archive) {
      const { header } = entry;
      const path = inside(folder, header.name);
      if (header.type === 'directory') {
        mkdirSync(path, { recursive: true });
        entry.resume();
      } else if (header.type === 'symlink') {
        links.push(header);
        entry.resume();
      } else if (header.type === 'file') {
        mkdirSync(dirname(path), { recursive: true });
        await pipeline(entry, createWriteStream(path, { flags: 'wx' }));
        chmodSync(path, (header.mode ?? 0o644) & 0o777);
      } else {
        throw new InstallError(
          `${header.name} is a ${header.type}; packages hold files, folders and links inside the app.`,
        );
      }
    }
    await fed;
  } catch (error) {
    await fed.catch(() => undefined);
    if (error instanceof InstallError) throw error;
    throw new InstallError(`${file} cannot be unpacked: ${(error as Error).message}.`);
  }
  // Last, so that nothing is written through them.
  for (const { name, linkname } of links) {
    const path = inside(folder, name);
    inside(folder, join(dirname(name), linkname ?? ''));
    symlinkSync(linkname ?? '', path);
  }
}

function inside(folder: string, name: string): string {
  const path = normalize(join(folder, name));
  if (name.startsWith('/') || !path.startsWith(folder + sep)) {
    throw new InstallError(`${name} leads out of the app.`);
  }
  return path;
}

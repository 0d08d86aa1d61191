import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { editAliases, pointing, readAliases } from './alias-book.ts';
import type { AliasBook, AliasPage } from './alias-book.ts';
import { makeAside, sweepAside } from './aside.ts';
import { isFolder, removeEmpty, syncFolder, writeDurable } from './durable-files.ts';
import { moveModel } from './move-model.ts';
import { CHAMPION, checkModelName, folderOfOwner, isModelName, ownerOfFolder } from './names.ts';
import { errorCode, storageError, unlessMissing } from './storage-errors.ts';
import type { Draft, Manifest, ModelId } from './types.ts';
import * as versionFiles from './version-files.ts';

/**
 * The folder of a registry:
 *
 *   .aside/                                    what is being written
 *   <user|app>/<owner>/<model>/versions/<n>/   see `version-files.ts`
 *   <user|app>/<owner>/<model>/aliases/        see `alias-book.ts`
 *
 * Nothing is kept in memory, so any number of threads and processes may share it. A version appears by one rename onto
 * its number; that fails where the number is taken, also by a deleted version, and then the next one is tried.
 */
export class ModelStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Writes a version, lets it appear and sets its aliases, or changes nothing. @throws KeplerError disk_full, storage_failed */
  async create(
    id: ModelId,
    draft: Draft,
    files: Readonly<Record<string, Uint8Array>>,
    aliases: readonly string[],
  ): Promise<Manifest> {
    const model = this.#modelFolder(id);
    const versions = join(model, 'versions');
    let aside: string | undefined;
    try {
      aside = await makeAside(this.#aside);
      const folder = join(aside, 'version');
      await mkdir(folder, { mode: 0o700 });
      const entries = await versionFiles.writeFiles(folder, files);
      const createdAt = new Date().toISOString();
      for (let version = ((await this.#used(id))[0] ?? 0) + 1; ; version++) {
        const manifest: Manifest = { ...draft, id, version, createdAt, files: entries };
        await versionFiles.writeManifest(folder, manifest);
        if (!(await appear(folder, versions, version))) continue;
        try {
          await this.#settle(id, version, aliases, join(aside, 'aliases'));
        } catch (error) {
          // Taking it back needs no space on the disk: a rename, then it goes with the folder aside.
          await rename(join(versions, String(version)), folder);
          throw error;
        }
        return manifest;
      }
    } catch (error) {
      await removeEmpty([versions, model, join(model, '..'), join(model, '..', '..')]);
      throw storageError(error, `store the model "${id.name}"`, this.#root);
    } finally {
      if (aside) await rm(aside, { recursive: true, force: true });
    }
  }

  /** Undefined where there is no such version. @throws KeplerError model_damaged */
  async manifest(id: ModelId, version: number): Promise<Manifest | undefined> {
    return this.#read(id, version, (folder) => versionFiles.readManifest(folder, id, version));
  }

  /** Undefined where the version was deleted meanwhile. @throws KeplerError model_damaged */
  async file(manifest: Manifest, name: string): Promise<Buffer | undefined> {
    return this.#read(manifest.id, manifest.version, (folder) =>
      versionFiles.readVersionFile(folder, manifest, name),
    );
  }

  /** The manifest, after a look whether all files are there. @throws KeplerError model_damaged */
  async inspect(id: ModelId, version: number): Promise<Manifest | undefined> {
    return this.#read(id, version, async (folder) => {
      const manifest = await versionFiles.readManifest(folder, id, version);
      if (manifest) await versionFiles.checkPresence(folder, manifest);
      return manifest;
    });
  }

  /** Deletes versions for good, then the aliases that pointed at them. @throws KeplerError storage_failed */
  async delete(id: ModelId, versions: readonly number[]): Promise<void> {
    try {
      for (const version of versions) await versionFiles.deleteVersion(this.#versionFolder(id, version));
    } catch (error) {
      throw storageError(
        error,
        `delete the model "${id.name}"`,
        this.#root,
        'What was not deleted yet is as it was.',
      );
    }
    await this.editAliases(id, (now) => {
      const gone = Object.keys(now.aliases).filter((name) => versions.includes(now.aliases[name]));
      return gone.length === 0
        ? undefined
        : pointing(now, Object.fromEntries(gone.map((name) => [name, undefined])));
    });
  }

  async aliases(id: ModelId): Promise<AliasBook> {
    try {
      return await readAliases(join(this.#modelFolder(id), 'aliases'));
    } catch (error) {
      throw storageError(error, `read the aliases of the model "${id.name}"`, this.#root, undefined, 'read');
    }
  }

  /** See `alias-book.ts`. @throws KeplerError storage_failed, disk_full */
  async editAliases(id: ModelId, edit: (now: AliasPage) => AliasPage | undefined): Promise<void> {
    let aside: string | undefined;
    try {
      aside = await makeAside(this.#aside);
      await editAliases(join(this.#modelFolder(id), 'aliases'), join(aside, 'page'), edit);
    } catch (error) {
      throw storageError(error, `set the aliases of the model "${id.name}"`, this.#root);
    } finally {
      if (aside) await rm(aside, { recursive: true, force: true });
    }
  }

  /**
   * Moves a whole model to another owner; false where that one has a model of this name, or had one whose numbers stand for
   * other versions. @throws KeplerError storage_failed, disk_full
   */
  async move(from: ModelId, to: ModelId): Promise<boolean> {
    let aside: string | undefined;
    try {
      aside = await makeAside(this.#aside);
      return await moveModel(this.#modelFolder(from), this.#modelFolder(to), aside);
    } catch (error) {
      throw storageError(error, `move the model "${from.name}"`, this.#root);
    } finally {
      if (aside) await rm(aside, { recursive: true, force: true });
    }
  }

  /** Users or apps that have a folder here, sorted. */
  async owners(namespace: ModelId['namespace']): Promise<string[]> {
    return (await this.#entries(join(this.#root, namespace)))
      .map(ownerOfFolder)
      .filter((owner) => owner !== undefined)
      .sort();
  }

  /** Names of the models that an owner has, sorted. */
  async names(namespace: ModelId['namespace'], owner: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of await this.folders(namespace, owner)) {
      if (await this.exists({ namespace, owner, name })) found.push(name);
    }
    return found;
  }

  /** Names of the models that an owner has or had, sorted. */
  async folders(namespace: ModelId['namespace'], owner: string): Promise<string[]> {
    const names = await this.#entries(join(this.#root, namespace, folderOfOwner(owner)));
    // Something that is no model of ours may lie there.
    return names.filter(isModelName).sort();
  }

  /** Versions that are there, damaged or not, in rising order. */
  async live(id: ModelId): Promise<number[]> {
    const live: number[] = [];
    for (const version of await this.#used(id)) if (await this.isLive(id, version)) live.unshift(version);
    return live;
  }

  /** Whether the model has a version. */
  async exists(id: ModelId): Promise<boolean> {
    for (const version of await this.#used(id)) if (await this.isLive(id, version)) return true;
    return false;
  }

  async isLive(id: ModelId, version: number): Promise<boolean> {
    const possible = Number.isSafeInteger(version) && version > 0;
    return possible && versionFiles.isLive(this.#versionFolder(id, version));
  }

  /** Makes the folder where it is missing and shows that it can be written. @throws KeplerError */
  async checkWritable(): Promise<void> {
    let aside: string | undefined;
    try {
      aside = await makeAside(this.#aside);
      await writeDurable(join(aside, 'check'), 'x');
    } catch (error) {
      throw storageError(error, 'write its models', this.#root);
    } finally {
      if (aside) await rm(aside, { recursive: true, force: true });
    }
  }

  /** Removes what crashed processes left half-written; answers how many such versions. */
  async sweep(): Promise<number> {
    return sweepAside(this.#aside);
  }

  /**
   * Makes a version that has appeared durable and sets its aliases. Of two made at the same time the later one stays
   * champion: the numbers tell which that is.
   */
  async #settle(id: ModelId, version: number, names: readonly string[], draft: string): Promise<void> {
    const model = this.#modelFolder(id);
    await syncFolder(join(model, 'versions'));
    // With a model's first version its folders, too, are new.
    if (version === 1) for (const up of ['.', '..', '../..', '../../..']) await syncFolder(join(model, up));
    if (names.length === 0) return;
    await editAliases(join(model, 'aliases'), draft, (now) => {
      const { aliases } = now;
      const moved = names.filter((name) => !(Object.hasOwn(aliases, name) && aliases[name] >= version));
      return moved.length === 0
        ? undefined
        : pointing(now, Object.fromEntries(moved.map((name) => [name, version])));
    });
  }

  /** All numbers ever used, highest first: also a deleted version keeps its folder, with a mark in it. */
  async #used(id: ModelId): Promise<number[]> {
    return (await this.#entries(join(this.#modelFolder(id), 'versions')))
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }

  async #entries(folder: string): Promise<string[]> {
    try {
      return await unlessMissing(readdir(folder), []);
    } catch (error) {
      // A file where a model's folder should be holds no models; one in place of the root is a wrong setting.
      if (errorCode(error) === 'ENOTDIR' && (await isFolder(this.#root))) return [];
      throw storageError(error, 'read its models', this.#root, undefined, 'read');
    }
  }

  /** Where a model lies. */
  folderOf(id: ModelId): string {
    return this.#modelFolder(id);
  }

  async #read<T>(id: ModelId, version: number, read: (folder: string) => Promise<T>): Promise<T> {
    try {
      return await read(this.#versionFolder(id, version));
    } catch (error) {
      throw versionFiles.readingError(error, id, version);
    }
  }

  get #aside(): string {
    return join(this.#root, '.aside');
  }

  #modelFolder(id: ModelId): string {
    checkModelName(id.name);
    return join(this.#root, id.namespace === 'user' ? 'user' : 'app', folderOfOwner(id.owner), id.name);
  }

  #versionFolder(id: ModelId, version: number): string {
    return join(this.#modelFolder(id), 'versions', String(version));
  }
}

/** So often an empty folder may be tidied away under somebody's hands; more often, something else is wrong. */
const MOST_ATTEMPTS = 50;

/** The aliases that a new version gets. */
export function aliasesOfNew(promote: boolean, alias: string | undefined): string[] {
  return [...(promote ? [CHAMPION] : []), ...(alias === undefined ? [] : [alias])];
}

/** Lets a written version appear as number `version`; false where that number is taken. */
async function appear(folder: string, versions: string, version: number): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(versions, { recursive: true, mode: 0o700 });
    try {
      await rename(folder, join(versions, String(version)));
      return true;
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
      // Somebody whose own attempt failed tidied the empty folder away.
      if (errorCode(error) !== 'ENOENT' || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

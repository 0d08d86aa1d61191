import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../contract/did-you-mean.ts';
import { KeplerError } from '../contract/errors.ts';
import type { ModelListing, ModelReference } from '../contract/requests.ts';
import { assertMayRead, assertMayWrite, mayRead, modelId } from './access.ts';
import { makeAside, sweepAside } from './aside.ts';
import { editAliases, readAliases } from './alias-book.ts';
import type { AliasBook, Aliases } from './alias-book.ts';
import { removeEmpty, syncFolder, writeDurable } from './durable-files.ts';
import { CHAMPION, checkAliasName, checkModelName, folderOfOwner } from './names.ts';
import { errorCode, storageError, unlessMissing } from './storage-errors.ts';
import type { Draft, Manifest, ModelId, Principal } from './types.ts';
import * as versionFiles from './version-files.ts';

export interface CreateOptions {
  /** Whether `champion` moves to the new version. */
  readonly promote: boolean;
  /** Another alias for it. */
  readonly alias?: string;
  /** Most bytes that all files may have together. */
  readonly maxBytes?: number;
}

/**
 * The model versions in one folder:
 *
 *   .aside/                                versions being written
 *   <user|app>/<owner>/<model>/versions/<n>/   see `version-files.ts`
 *   <user|app>/<owner>/<model>/aliases/        see `alias-book.ts`
 *
 * Nothing is kept in memory, so any number of threads and processes may share a folder. A version appears by one rename
 * onto its number; that fails where the number is taken, also by a deleted version, and then the next one is tried.
 */
export class Registry {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Stores a new version. Whether the principal may write is the caller's to ask before (`assertMayWrite`).
   * @throws KeplerError limit_model_size, disk_full, storage_failed; then nothing was changed
   */
  async create(
    id: ModelId,
    draft: Draft,
    files: Readonly<Record<string, Uint8Array>>,
    options: CreateOptions,
  ): Promise<Manifest> {
    checkModelName(id.name);
    if (options.alias !== undefined) checkAliasName(options.alias);
    checkSize(id, files, options.maxBytes);
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
          await this.#settle(id, version, options, join(aside, 'aliases'));
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

  /**
   * The version that a search means: by number, by alias, or the champion; without a namespace the user's own model, else
   * the app's.
   * @throws KeplerError invalid_model_name, forbidden, model_not_found, version_not_found, alias_not_found, model_damaged
   */
  async resolve(ref: ModelReference, principal: Principal): Promise<{ id: ModelId; version: number }> {
    const id = await this.#find(ref, principal);
    if (ref.version !== undefined) {
      if (!(await this.#isLive(id, ref.version))) throw await this.#noVersion(id, ref.version);
      return { id, version: ref.version };
    }
    const alias = ref.alias ?? CHAMPION;
    const { aliases, damaged } = await this.#book(id);
    if (damaged) {
      throw new KeplerError(
        'model_damaged',
        `The aliases of the model "${id.name}" are damaged: ${damaged} cannot be read. Name a version (${versionsText(id, await this.#live(id))}), or fit the model again to set ${CHAMPION} anew.`,
      );
    }
    const version = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
    if (version === undefined || !(await this.#isLive(id, version))) {
      throw noAlias(id, alias, aliases, await this.#live(id));
    }
    return { id, version };
  }

  /** @throws KeplerError version_not_found, model_damaged */
  async manifest(id: ModelId, version: number): Promise<Manifest> {
    const manifest = await this.#read(id, version, (folder) =>
      versionFiles.readManifest(folder, id, version),
    );
    if (manifest) return manifest;
    throw await this.#noVersion(id, version);
  }

  /** A file of a version, checked against its checksum. @throws KeplerError version_not_found, model_damaged */
  async file(id: ModelId, version: number, name: string): Promise<Buffer> {
    const manifest = await this.manifest(id, version);
    const bytes = await this.#read(id, version, (folder) =>
      versionFiles.readVersionFile(folder, manifest, name),
    );
    if (bytes) return bytes;
    throw await this.#noVersion(id, version);
  }

  /** What the principal may read, a model a row; damaged versions are named in `damaged` and hide nothing else. */
  async list(principal: Principal): Promise<{ models: ModelListing[]; damaged: string[] }> {
    const models: ModelListing[] = [];
    const damaged: string[] = [];
    for (const namespace of ['user', 'app'] as const) {
      for (const name of await this.#names(namespace, principal)) {
        const row = await this.#listing(modelId({ namespace, name }, principal), damaged);
        if (row) models.push(row);
      }
    }
    return { models, damaged };
  }

  /**
   * Deletes a whole model, or with a version or alias in `ref` that one version. Exactly the namespace named is meant.
   * The champion goes only with the whole model, or as its last version. Numbers stay used.
   * @throws KeplerError forbidden, model_not_found, version_not_found, alias_not_found, invalid_arguments, storage_failed
   */
  async delete(ref: ModelReference, principal: Principal): Promise<{ id: ModelId; versions: number[] }> {
    const id = modelId(ref, principal);
    assertMayWrite(id, principal);
    const whole = ref.version === undefined && ref.alias === undefined;
    const live = await this.#live(id);
    if (live.length === 0) throw await this.#noModel(id, principal);
    const { aliases } = await this.#book(id);
    let doomed = live;
    if (!whole) {
      const { version } = await this.resolve({ ...ref, explicitNamespace: true }, principal);
      if (live.length > 1 && aliases[CHAMPION] === version) {
        throw new KeplerError(
          'invalid_arguments',
          `Version ${version} of the model "${id.name}" is its ${CHAMPION}, which "apply ${id.name}" reads, so it was not deleted. ` +
            `Fit the model again first, which makes another version the ${CHAMPION}, or delete the whole model with "deletemodel ${spl(id)}".`,
        );
      }
      doomed = [version];
    }
    // The champion last: should this be cut short, what is left can still be applied.
    doomed = [...doomed].sort((a, b) => Number(a === aliases[CHAMPION]) - Number(b === aliases[CHAMPION]));
    try {
      for (const version of doomed) await versionFiles.deleteVersion(this.#versionFolder(id, version));
      await this.#editAliases(id, (now) => {
        const kept = Object.entries(now).filter(([, version]) => !doomed.includes(version));
        return kept.length === Object.keys(now).length ? undefined : Object.fromEntries(kept);
      });
    } catch (error) {
      throw storageError(error, `delete the model "${id.name}"`, this.#root);
    }
    return { id, versions: doomed.sort((a, b) => a - b) };
  }

  /** Aliases of a model that point at versions that are there. */
  async aliases(id: ModelId): Promise<Record<string, number>> {
    const [{ aliases }, live] = await Promise.all([this.#book(id), this.#live(id)]);
    return Object.fromEntries(Object.entries(aliases).filter(([, version]) => live.includes(version)));
  }

  /** Points an alias at a version that is there. @throws KeplerError invalid_arguments, version_not_found */
  async setAlias(id: ModelId, alias: string, version: number): Promise<void> {
    checkAliasName(alias);
    if (!(await this.#isLive(id, version))) throw await this.#noVersion(id, version);
    try {
      await this.#editAliases(id, (now) => ({ ...now, [alias]: version }));
    } catch (error) {
      throw storageError(error, `set the alias "${alias}" of the model "${id.name}"`, this.#root);
    }
  }

  /** Makes the folder where it is missing and shows that it can be written. @throws KeplerError */
  async checkWritable(): Promise<void> {
    try {
      const aside = await makeAside(this.#aside);
      try {
        await writeDurable(join(aside, 'check'), 'x');
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    } catch (error) {
      throw storageError(error, 'write its models', this.#root);
    }
  }

  /** Removes what crashed processes left half-written; answers how many such versions. For the start of the runtime. */
  async sweep(): Promise<number> {
    return sweepAside(this.#aside);
  }

  async #find(ref: ModelReference, principal: Principal): Promise<ModelId> {
    const id = modelId(ref, principal);
    assertMayRead(id, principal);
    if (await this.#exists(id)) return id;
    if (id.namespace === 'user' && !ref.explicitNamespace) {
      const shared = modelId({ namespace: 'app', name: ref.name }, principal);
      if (mayRead(shared, principal) && (await this.#exists(shared))) return shared;
    }
    throw await this.#noModel(id, principal, ref.explicitNamespace === true);
  }

  async #listing(id: ModelId, damaged: string[]): Promise<ModelListing | undefined> {
    const healthy = new Map<number, Manifest>();
    for (const version of await this.#live(id)) {
      try {
        const folder = this.#versionFolder(id, version);
        const manifest = await versionFiles.readManifest(folder, id, version);
        if (!manifest) continue;
        await versionFiles.checkPresence(folder, manifest);
        healthy.set(version, manifest);
      } catch (error) {
        damaged.push(versionFiles.readingError(error, id, version).message);
      }
    }
    const book = await this.#book(id);
    if (book.damaged) damaged.push(`The aliases of the model "${id.name}" are damaged (${book.damaged}).`);
    const versions = [...healthy.keys()];
    const champion = healthy.get(book.aliases[CHAMPION]);
    const shown = champion ?? healthy.get(versions[versions.length - 1]);
    if (!shown) return undefined;
    return {
      name: id.name,
      type: shown.algorithm,
      options: JSON.stringify({
        args: [...(shown.target ? [shown.target.name] : []), ...shown.features],
        feature_variables: shown.features,
        ...(shown.target && { target_variable: [shown.target.name] }),
        params: shown.options,
        model_name: id.name,
        algo_name: shown.algorithm,
      }),
      owner: id.namespace === 'user' ? id.owner : shown.lineage.user,
      app: id.namespace === 'app' ? id.owner : shown.lineage.app,
      sharing: id.namespace === 'user' ? 'private' : 'app',
      version: champion?.version ?? null,
      versions,
    };
  }

  /** Names of the principal's own models, or of the app's that it may read. */
  async #names(namespace: ModelId['namespace'], principal: Principal): Promise<string[]> {
    const owner = namespace === 'user' ? principal.user : principal.app;
    if (!mayRead({ namespace, owner, name: '' }, principal)) return [];
    const folder = join(this.#root, namespace, folderOfOwner(owner));
    const found: string[] = [];
    for (const name of (await this.#entries(folder)).sort()) {
      try {
        checkModelName(name);
      } catch {
        // Something that is no model of ours lies there.
        continue;
      }
      if (await this.#exists({ namespace, owner, name })) found.push(name);
    }
    return found;
  }

  /** All numbers ever used, highest first: also a deleted version keeps its folder, with a mark in it. */
  async #used(id: ModelId): Promise<number[]> {
    return (await this.#entries(join(this.#modelFolder(id), 'versions')))
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** Versions that are there, damaged or not, in rising order. */
  async #live(id: ModelId): Promise<number[]> {
    const live: number[] = [];
    for (const version of await this.#used(id)) if (await this.#isLive(id, version)) live.unshift(version);
    return live;
  }

  async #exists(id: ModelId): Promise<boolean> {
    for (const version of await this.#used(id)) if (await this.#isLive(id, version)) return true;
    return false;
  }

  async #isLive(id: ModelId, version: number): Promise<boolean> {
    return versionFiles.isLive(this.#versionFolder(id, version));
  }

  async #entries(folder: string): Promise<string[]> {
    try {
      return await unlessMissing(readdir(folder), []);
    } catch (error) {
      throw storageError(error, 'read its models', this.#root);
    }
  }

  async #read<T>(id: ModelId, version: number, read: (folder: string) => Promise<T>): Promise<T> {
    try {
      return await read(this.#versionFolder(id, version));
    } catch (error) {
      throw versionFiles.readingError(error, id, version);
    }
  }

  async #book(id: ModelId): Promise<AliasBook> {
    try {
      return await readAliases(join(this.#modelFolder(id), 'aliases'));
    } catch (error) {
      throw storageError(error, `read the aliases of the model "${id.name}"`, this.#root);
    }
  }

  async #editAliases(id: ModelId, edit: (now: Aliases) => Aliases | undefined): Promise<void> {
    const aside = await makeAside(this.#aside);
    try {
      await editAliases(join(this.#modelFolder(id), 'aliases'), join(aside, 'page'), edit);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }

  /**
   * Makes a version that has appeared durable and sets its aliases. Of two made at the same time the later one stays
   * champion: the numbers tell which that is.
   */
  async #settle(id: ModelId, version: number, options: CreateOptions, draft: string): Promise<void> {
    const model = this.#modelFolder(id);
    await syncFolder(join(model, 'versions'));
    if (version === 1) for (const up of ['.', '..', '../..', '../../..']) await syncFolder(join(model, up));
    const names = [...(options.promote ? [CHAMPION] : []), ...(options.alias ? [options.alias] : [])];
    if (names.length === 0) return;
    await editAliases(join(model, 'aliases'), draft, (now) => {
      const moved = names.filter((name) => !(Object.hasOwn(now, name) && now[name] >= version));
      if (moved.length === 0) return undefined;
      return { ...now, ...Object.fromEntries(moved.map((name) => [name, version])) };
    });
  }

  get #aside(): string {
    return join(this.#root, '.aside');
  }

  #modelFolder(id: ModelId): string {
    checkModelName(id.name);
    return join(this.#root, id.namespace === 'user' ? 'user' : 'app', folderOfOwner(id.owner), id.name);
  }

  #versionFolder(id: ModelId, version: number): string {
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new KeplerError(
        'version_not_found',
        `${version} is not a version of the model "${id.name}": versions are numbered 1, 2, 3 …`,
      );
    }
    return join(this.#modelFolder(id), 'versions', String(version));
  }

  async #noVersion(id: ModelId, version: number): Promise<KeplerError> {
    const live = (await this.#live(id)).join(', ') || 'none';
    return new KeplerError(
      'version_not_found',
      `The model "${id.name}" has no version ${version}; there are: ${live}.`,
    );
  }

  async #noModel(id: ModelId, principal: Principal, explicit = true): Promise<KeplerError> {
    const own = await this.#names('user', principal);
    const shared = await this.#names('app', principal);
    const near = didYouMean(id.name, id.namespace === 'user' ? [...own, ...shared] : [...shared, ...own]);
    const where =
      id.namespace === 'app'
        ? `in the app "${id.owner}"`
        : explicit
          ? `of the user "${id.owner}"`
          : `of the user "${id.owner}" or of the app "${principal.app}"`;
    const elsewhere = id.namespace === 'app' ? own.includes(id.name) : shared.includes(id.name);
    const hint = elsewhere
      ? ` There is one ${id.namespace === 'app' ? `of your own: ${id.name}` : `in the app: app:${id.name}`}.`
      : near
        ? ` Did you mean "${own.includes(near) ? '' : 'app:'}${near}"?`
        : ' See listmodels for those there are, or make it with fit … into.';
    return new KeplerError('model_not_found', `There is no model "${id.name}" ${where}.${hint}`);
  }
}

/** Lets a written version appear as number `version`; false where that number is taken. */
async function appear(folder: string, versions: string, version: number): Promise<boolean> {
  for (;;) {
    await mkdir(versions, { recursive: true, mode: 0o700 });
    try {
      await rename(folder, join(versions, String(version)));
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') return false;
      // Somebody whose own attempt failed tidied the empty folder away.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

function checkSize(id: ModelId, files: Readonly<Record<string, Uint8Array>>, maxBytes = Infinity): void {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.byteLength, 0);
  if (bytes <= maxBytes) return;
  const mb = (n: number) => (n / 1e6).toFixed(1);
  throw new KeplerError(
    'limit_model_size',
    `The model "${id.name}" would take ${mb(bytes)} MB; at most ${mb(maxBytes)} MB are allowed. Make it smaller (fewer trees, a lower depth, fewer levels), or raise KEPLER_MAX_MODEL_MB.`,
  );
}

function noAlias(id: ModelId, alias: string, aliases: Aliases, live: readonly number[]): KeplerError {
  const set = Object.entries(aliases).filter(([, version]) => live.includes(version));
  const near = didYouMean(
    alias,
    set.map(([name]) => name),
  );
  const there = set.map(([name, version]) => `${name} → ${version}`).join(', ') || 'none';
  return new KeplerError(
    'alias_not_found',
    `The model "${id.name}" has no alias "${alias}"${near ? ` (did you mean "${near}"?)` : ''}; its aliases: ${there}. ` +
      `Name a version instead (${versionsText(id, live)})${alias === CHAMPION ? ', or fit it again without promote=f' : ''}.`,
  );
}

function versionsText(id: ModelId, live: readonly number[]): string {
  const last = live.slice(-10).map((version) => `${id.name}@${version}`);
  return `${live.length > 10 ? '… ' : ''}${last.join(', ')}`;
}

function spl(id: ModelId): string {
  return `${id.namespace === 'app' ? 'app:' : ''}${id.name}`;
}

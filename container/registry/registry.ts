import { KeplerError } from '../contract/errors.ts';
import type { ModelListing, ModelReference } from '../contract/requests.ts';
import { assertMayRead, assertMayWrite, mayRead, modelId } from './access.ts';
import type { Whose } from './access.ts';
import { pointing } from './alias-book.ts';
import { listingOf } from './listing.ts';
import { championStays, damagedAliases, noAlias, noModel, noVersion } from './lookup-errors.ts';
import { aliasesOfNew, ModelStore } from './model-store.ts';
import { CHAMPION, checkAliasName, checkModelName } from './names.ts';
import type { Draft, Manifest, ModelId, Principal } from './types.ts';

export interface CreateOptions {
  /** Whether `champion` moves to the new version. */
  readonly promote: boolean;
  /** Another alias for it. */
  readonly alias?: string;
  /** Most bytes that all files may have together. */
  readonly maxBytes?: number;
}

/** Models by name, version and alias, and who may see them. Any number of threads and processes may open one folder. */
export class Registry {
  readonly #store: ModelStore;

  constructor(root: string, store = new ModelStore(root)) {
    this.#store = store;
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
    return this.#store.create(id, draft, files, aliasesOfNew(options.promote, options.alias));
  }

  /**
   * The version that a search means: by number, by alias, or the champion; without a namespace the user's own model, else
   * the app's.
   * @throws KeplerError invalid_model_name, forbidden, model_not_found, version_not_found, alias_not_found, model_damaged
   */
  async resolve(
    ref: ModelReference,
    principal: Principal,
    whose?: Whose,
  ): Promise<{ id: ModelId; version: number }> {
    const id = await this.find(ref, principal, whose);
    if (ref.version !== undefined) {
      if (await this.#store.isLive(id, ref.version)) return { id, version: ref.version };
      throw noVersion(id, ref.version, await this.#store.live(id));
    }
    const alias = ref.alias ?? CHAMPION;
    const { aliases, damaged } = await this.#store.aliases(id);
    if (damaged !== undefined) throw damagedAliases(id, damaged, await this.#store.live(id));
    const version = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
    if (version !== undefined && (await this.#store.isLive(id, version))) return { id, version };
    throw noAlias(id, alias, aliases, await this.#store.live(id));
  }

  /** @throws KeplerError version_not_found, model_damaged */
  async manifest(id: ModelId, version: number): Promise<Manifest> {
    const manifest = await this.#store.manifest(id, version);
    if (manifest) return manifest;
    throw noVersion(id, version, await this.#store.live(id));
  }

  /** Every version that is there, in rising order: its manifest, or why it cannot be read. */
  async versions(id: ModelId): Promise<{ version: number; manifest?: Manifest; reason?: string }[]> {
    const found: { version: number; manifest?: Manifest; reason?: string }[] = [];
    for (const version of await this.#store.live(id)) {
      const damaged: string[] = [];
      const manifest = await this.#inspect(id, version, damaged);
      if (manifest || damaged.length > 0) found.push({ version, manifest, reason: damaged[0] });
    }
    return found;
  }

  /** A file of a version, checked against its checksum. @throws KeplerError version_not_found, model_damaged */
  async file(id: ModelId, version: number, name: string): Promise<Buffer> {
    const bytes = await this.#store.file(await this.manifest(id, version), name);
    if (bytes) return bytes;
    throw noVersion(id, version, await this.#store.live(id));
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
  async delete(
    ref: ModelReference,
    principal: Principal,
    whose?: Whose,
  ): Promise<{ id: ModelId; versions: number[] }> {
    const id = modelId(ref, principal, whose);
    assertMayWrite(id, principal);
    await this.assertThere(id, principal);
    const live = await this.#store.live(id);
    const champion = (await this.#store.aliases(id)).aliases[CHAMPION];
    if (ref.version !== undefined || ref.alias !== undefined) {
      const version = await this.#versionToDelete(id, ref, live);
      if (version === champion && live.length > 1) throw championStays(id, version);
      await this.#store.delete(id, [version]);
      return { id, versions: [version] };
    }
    // The champion last: should this be cut short, what is left can still be applied.
    const order = [...live].sort((a, b) => Number(a === champion) - Number(b === champion));
    await this.#store.delete(id, order);
    return { id, versions: live };
  }

  /** Aliases of a model that point at versions that are there. */
  async aliases(id: ModelId): Promise<Record<string, number>> {
    const [{ aliases }, live] = await Promise.all([this.#store.aliases(id), this.#store.live(id)]);
    return Object.fromEntries(Object.entries(aliases).filter(([, version]) => live.includes(version)));
  }

  /** Points an alias at a version that is there. @throws KeplerError invalid_arguments, version_not_found, disk_full */
  async setAlias(id: ModelId, alias: string, version: number): Promise<void> {
    checkAliasName(alias);
    if (!(await this.#store.isLive(id, version))) {
      throw noVersion(id, version, await this.#store.live(id));
    }
    await this.#store.editAliases(id, (now) => pointing(now, { [alias]: version }));
  }

  /** Makes the folder where it is missing and shows that it can be written. @throws KeplerError storage_failed, disk_full */
  async checkWritable(): Promise<void> {
    await this.#store.checkWritable();
  }

  /** Removes what crashed processes left half-written; answers how many versions that was. For the runtime's start. */
  async sweep(): Promise<number> {
    return this.#store.sweep();
  }

  /** @throws KeplerError model_not_found, with the one that may have been meant */
  async assertThere(id: ModelId, principal: Principal): Promise<void> {
    if (!(await this.#store.exists(id))) throw noModel(id, await this.#readable(principal), false);
  }

  /** The model that a search means. @throws KeplerError invalid_model_name, forbidden, model_not_found */
  async find(ref: ModelReference, principal: Principal, whose: Whose = {}): Promise<ModelId> {
    const id = modelId(ref, principal, whose);
    assertMayRead(id, principal);
    if (await this.#store.exists(id)) return id;
    const fallBack = id.namespace === 'user' && !ref.explicitNamespace && whose.owner === undefined;
    const shared = modelId({ namespace: 'app', name: ref.name }, principal, { app: whose.app });
    if (fallBack && mayRead(shared, principal) && (await this.#store.exists(shared))) return shared;
    throw noModel(id, await this.#readable(principal), fallBack);
  }

  /** By number also a damaged version, and one of a model whose aliases are damaged. */
  async #versionToDelete(id: ModelId, ref: ModelReference, live: readonly number[]): Promise<number> {
    const { aliases } = await this.#store.aliases(id);
    const named =
      ref.alias !== undefined && Object.hasOwn(aliases, ref.alias) ? aliases[ref.alias] : undefined;
    const version = ref.version ?? named;
    if (version === undefined) throw noAlias(id, ref.alias ?? CHAMPION, aliases, live);
    if (!live.includes(version)) throw noVersion(id, version, live);
    return version;
  }

  async #listing(id: ModelId, damaged: string[]): Promise<ModelListing | undefined> {
    try {
      const healthy = new Map<number, Manifest>();
      for (const version of await this.#store.live(id)) {
        const manifest = await this.#inspect(id, version, damaged);
        if (manifest) healthy.set(version, manifest);
      }
      const book = await this.#store.aliases(id);
      if (book.damaged !== undefined)
        damaged.push(damagedAliases(id, book.damaged, [...healthy.keys()]).message);
      return listingOf(id, healthy, book.aliases[CHAMPION]);
    } catch (error) {
      // One model that cannot be read is named, and the others are listed.
      if (!(error instanceof KeplerError)) throw error;
      damaged.push(error.message);
      return undefined;
    }
  }

  async #inspect(id: ModelId, version: number, damaged: string[]): Promise<Manifest | undefined> {
    try {
      return await this.#store.inspect(id, version);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      damaged.push(error.message);
      return undefined;
    }
  }

  /** Names of the principal's own models, or of the app's that it may read. */
  async #names(namespace: ModelId['namespace'], principal: Principal): Promise<string[]> {
    const owner = namespace === 'user' ? principal.user : principal.app;
    return mayRead({ namespace, owner, name: '' }, principal) ? this.#store.names(namespace, owner) : [];
  }

  async #readable(principal: Principal) {
    const own = await this.#names('user', principal);
    return { own, shared: await this.#names('app', principal), app: principal.app };
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

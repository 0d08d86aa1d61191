/**
 * Data sets: rows that a search staged for whoever writes a template. As with models, a version is written aside and renamed
 * onto its number, so it appears whole or not at all, never changes, and its number is never used for other rows.
 *
 *   <root>/.aside/                                what is being written
 *   <root>/<user|app>/<owner>/<name>/<n>/         data.arrow, manifest.json; or only `deleted`, where its number is used up
 *
 * Nothing is kept in memory, so that workers and the server may open one folder.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import type { ModelName } from '../../contract/requests.ts';
import type { Table } from '../../contract/table.ts';
import { assertMayRead, assertMayWrite, mayRead, modelId } from '../access.ts';
import type { Whose } from '../access.ts';
import { makeAside, sweepAside } from '../aside.ts';
import { syncFolder, writeDurable } from '../durable-files.ts';
import { checkModelName, folderOfOwner, isModelName, ownerOfFolder } from '../names.ts';
import { errorCode, storageError, unlessMissing } from '../storage-errors.ts';
import type { ModelId, Principal } from '../types.ts';
import { deleteVersion, emptyDeleted, isLive } from '../version-files.ts';
import { decodeArrowFile, encodeArrowFile } from './arrow-file.ts';
import type { DatasetDraft, DatasetManifest } from './types.ts';

const DATA = 'data.arrow';
const MANIFEST = 'manifest.json';
const NAMESPACES = ['user', 'app'] as const;

/** A data set by its name; without a version the newest one. */
export interface DatasetReference extends ModelName {
  readonly version?: number;
}

export class DatasetStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Stores the next version. Whether the principal may write is the caller's to ask before (`assertMayWrite`).
   * @throws KeplerError invalid_model_name, disk_full, storage_failed, limit_memory; then nothing was changed
   */
  async put(id: ModelId, draft: DatasetDraft, table: Table): Promise<DatasetManifest> {
    const home = this.#home(id);
    const data = encodeArrowFile(table);
    let aside: string | undefined;
    try {
      aside = await makeAside(this.#aside);
      const folder = join(aside, 'version');
      await mkdir(folder, { mode: 0o700 });
      await writeDurable(join(folder, DATA), data);
      const file = { bytes: data.byteLength, sha256: createHash('sha256').update(data).digest('hex') };
      const createdAt = new Date().toISOString();
      for (let version = ((await this.#used(home)).at(-1) ?? 0) + 1; ; version++) {
        const manifest: DatasetManifest = { ...draft, id, version, createdAt, rows: table.rows, file };
        await rm(join(folder, MANIFEST), { force: true });
        await writeDurable(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
        await syncFolder(folder);
        if (!(await appear(folder, home, version))) continue;
        await syncFolder(home);
        return manifest;
      }
    } catch (error) {
      throw storageError(error, `store the data set "${id.name}"`, this.#root);
    } finally {
      if (aside) await rm(aside, { recursive: true, force: true });
    }
  }

  /** The versions that the principal may see, newest first within a name; expired ones are gone. */
  async list(principal: Principal, now = Date.now()): Promise<DatasetManifest[]> {
    const found: DatasetManifest[] = [];
    for (const id of await this.#all()) {
      if (!mayRead(id, principal)) continue;
      for (const version of (await this.#used(this.#home(id))).reverse()) {
        const manifest = await this.#manifest(id, version);
        if (manifest && !isExpired(manifest, now)) found.push(manifest);
      }
    }
    return found;
  }

  /**
   * What is written down of a version.
   * @throws KeplerError forbidden, dataset_not_found, invalid_model_name
   */
  async find(
    { version, ...name }: DatasetReference,
    principal: Principal,
    whose?: Whose,
    now = Date.now(),
  ): Promise<DatasetManifest> {
    const id = modelId(name, principal, whose);
    assertMayRead(id, principal, 'data set');
    const versions = (await this.#used(this.#home(id))).reverse();
    for (const one of version === undefined ? versions : [version]) {
      const manifest = versions.includes(one) ? await this.#manifest(id, one) : undefined;
      if (manifest && !isExpired(manifest, now)) return manifest;
    }
    throw notFound(id, version);
  }

  /**
   * A version with its rows.
   * @throws KeplerError as `find`; model_damaged where the file is not what was written
   */
  async open(
    reference: DatasetReference,
    principal: Principal,
    whose?: Whose,
  ): Promise<{ manifest: DatasetManifest; table: Table }> {
    const manifest = await this.find(reference, principal, whose);
    return { manifest, table: decodeArrowFile(await this.bytes(manifest)) };
  }

  /** The Arrow IPC file of a version. @throws KeplerError model_damaged */
  async bytes({ id, version, file }: DatasetManifest): Promise<Uint8Array> {
    const path = join(this.#home(id), String(version), DATA);
    const bytes = await unlessMissing(readFile(path), undefined);
    if (!bytes) throw damaged(id, version, `${DATA} is missing`);
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256)
      throw damaged(id, version, `${DATA} does not match its checksum`);
    return bytes;
  }

  /**
   * Removes one version, or all of them, for good; answers which.
   * @throws KeplerError forbidden, dataset_not_found, storage_failed
   */
  async remove(
    { version, ...name }: DatasetReference,
    principal: Principal,
    whose?: Whose,
  ): Promise<{ id: ModelId; versions: number[] }> {
    const id = modelId(name, principal, whose);
    assertMayWrite(id, principal, 'data set');
    const there: number[] = [];
    for (const one of await this.#used(this.#home(id)))
      if (await isLive(this.#folder(id, one))) there.push(one);
    const versions = version === undefined ? there : there.filter((one) => one === version);
    if (versions.length === 0) throw notFound(id, version);
    await this.#delete(id, versions);
    return { id, versions };
  }

  /** Removes what has expired, and what crashed processes left half-written; answers how many versions expired. */
  async expire(now = Date.now()): Promise<number> {
    await sweepAside(this.#aside);
    let expired = 0;
    for (const id of await this.#all()) {
      const old: number[] = [];
      for (const version of await this.#used(this.#home(id))) {
        const manifest = await this.#manifest(id, version);
        if (manifest && isExpired(manifest, now)) old.push(version);
      }
      if (old.length > 0) await this.#delete(id, old);
      expired += old.length;
    }
    return expired;
  }

  /** The mark of the highest number alone is kept: it tells which comes next. */
  async #delete(id: ModelId, versions: readonly number[]): Promise<void> {
    try {
      for (const version of versions) await deleteVersion(this.#folder(id, version));
      const used = await this.#used(this.#home(id));
      for (const version of used.slice(0, -1)) {
        const folder = this.#folder(id, version);
        if (await isLive(folder)) continue;
        await emptyDeleted(folder);
        await rm(folder, { recursive: true, force: true });
      }
    } catch (error) {
      throw storageError(error, `remove the data set "${id.name}"`, this.#root, 'What is left is whole.');
    }
  }

  /** Undefined where there is no such version, or one that was removed. */
  async #manifest(id: ModelId, version: number): Promise<DatasetManifest | undefined> {
    const text = await unlessMissing(readFile(join(this.#folder(id, version), MANIFEST), 'utf8'), undefined);
    if (text === undefined) return undefined;
    try {
      // Whose it is, says the place where it lies.
      return { ...(JSON.parse(text) as DatasetManifest), id, version };
    } catch (error) {
      throw damaged(id, version, `${MANIFEST} is not JSON`, error);
    }
  }

  async #all(): Promise<ModelId[]> {
    const found: ModelId[] = [];
    for (const namespace of NAMESPACES) {
      for (const folder of await entries(join(this.#root, namespace))) {
        const owner = ownerOfFolder(folder);
        if (owner === undefined) continue;
        const names = (await entries(join(this.#root, namespace, folder))).filter(isModelName);
        found.push(...names.map((name) => ({ namespace, owner, name })));
      }
    }
    return found;
  }

  /** Numbers that are taken, rising. */
  async #used(home: string): Promise<number[]> {
    return (await entries(home))
      .filter((entry) => /^[1-9]\d{0,14}$/.test(entry))
      .map(Number)
      .sort((a, b) => a - b);
  }

  get #aside(): string {
    return join(this.#root, '.aside');
  }

  #home({ namespace, owner, name }: ModelId): string {
    checkModelName(name);
    return join(this.#root, namespace === 'user' ? 'user' : 'app', folderOfOwner(owner), name);
  }

  #folder(id: ModelId, version: number): string {
    return join(this.#home(id), String(version));
  }
}

/** False where the number is taken. */
async function appear(folder: string, home: string, version: number): Promise<boolean> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  try {
    await rename(folder, join(home, String(version)));
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function entries(folder: string): Promise<string[]> {
  return (await unlessMissing(readdir(folder), [])).sort();
}

function isExpired({ expiresAt }: DatasetManifest, now: number): boolean {
  return Date.parse(expiresAt) <= now;
}

function shownName({ namespace, name }: ModelId): string {
  return namespace === 'app' ? `app:${name}` : name;
}

function notFound(id: ModelId, version: number | undefined): KeplerError {
  const which = version === undefined ? '' : ` with a version ${version}`;
  return new KeplerError(
    'dataset_not_found',
    `There is no data set "${shownName(id)}"${which}, or it has expired. "| kepler datasets" lists those that you may see; "| fit <template> mode=stage … into ${shownName(id)}" makes one.`,
  );
}

function damaged(id: ModelId, version: number, what: string, cause?: unknown): KeplerError {
  return new KeplerError(
    'model_damaged',
    `Version ${version} of the data set "${shownName(id)}" is damaged: ${what}. Stage it again, or use another version.`,
    { cause },
  );
}

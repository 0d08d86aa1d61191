/**
 * What lists need of every model, kept in memory and looked over by `stat` alone: what changed, came or went since is read
 * again. Whoever writes, be it another process, needs to tell nobody. `stat` is called without waiting, a few milliseconds at
 * a time: handing thousands of such calls to other threads takes five times as long.
 */
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { KeplerError } from '../contract/errors.ts';
import { mayRead } from './access.ts';
import { championBefore } from './alias-book.ts';
import { damagedAliases } from './lookup-errors.ts';
import type { ModelStore } from './model-store.ts';
import { unlessMissing } from './storage-errors.ts';
import type { Manifest, ModelId, Principal } from './types.ts';

/** What a list says of a version; the whole manifest of thousands would fill the memory. */
export interface VersionDigest {
  readonly version: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly algorithm: string;
  readonly kind: Manifest['kind'];
  readonly target?: string;
  readonly metrics: Manifest['metrics'];
  readonly rows: number;
  readonly user: string;
  readonly app: string;
}

export interface ModelEntry {
  readonly id: ModelId;
  /** All that are there, in rising order. */
  readonly versions: readonly number[];
  readonly whole: readonly VersionDigest[];
  /** Why the others, or the aliases, cannot be read: a sentence each. */
  readonly damaged: readonly string[];
  readonly aliases: Readonly<Record<string, number>>;
  /** The version that a rollback makes the champion again. */
  readonly previous?: number;
}

interface Seen {
  /** Folders and files whose change shows in `stamp`. */
  readonly paths: readonly string[];
  readonly stamp: Float64Array;
  readonly entry: ModelEntry;
}

/** Models read at the same time. */
const AT_ONCE = 8;
/** The event loop is let go so often. */
const SLICE_MS = 3;
/** What changed less than so many milliseconds ago may change again within the same tick of the file system's clock. */
const RACY_MS = 50;

export class ModelIndex {
  readonly #store: ModelStore;
  readonly #seen = new Map<string, Seen>();

  constructor(store: ModelStore) {
    this.#store = store;
  }

  /** Reads every model ahead. */
  async warm(): Promise<void> {
    await this.#list(() => true);
  }

  /** Every model that the principal may read, users' before apps', each by owner and name. */
  list(principal: Principal): Promise<ModelEntry[]> {
    return this.#list((id) => mayRead(id, principal));
  }

  async #list(which: (id: ModelId) => boolean): Promise<ModelEntry[]> {
    const ids: ModelId[] = [];
    for (const namespace of ['user', 'app'] as const) {
      for (const owner of await this.#store.owners(namespace)) {
        if (!which({ namespace, owner, name: '' })) continue;
        for (const name of await this.#store.folders(namespace, owner)) ids.push({ namespace, owner, name });
      }
    }
    const entries: (ModelEntry | undefined)[] = [];
    const unseen: number[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (let place = 0; place < ids.length; place++) {
      entries[place] = this.#unchanged(keyOf(ids[place]));
      if (!entries[place]) unseen.push(place);
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
    const read = async () => {
      for (let place = unseen.pop(); place !== undefined; place = unseen.pop()) {
        entries[place] = await this.#read(ids[place]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, read));
    return entries.filter((entry) => entry !== undefined);
  }

  /** How many models there are, of everybody; also those of which every version was deleted. */
  async count(): Promise<number> {
    let count = 0;
    for (const namespace of ['user', 'app'] as const) {
      for (const owner of await this.#store.owners(namespace)) {
        count += (await this.#store.folders(namespace, owner)).length;
      }
    }
    return count;
  }

  /** One model; undefined where it has no version. */
  async entry(id: ModelId): Promise<ModelEntry | undefined> {
    return this.#unchanged(keyOf(id)) ?? this.#read(id);
  }

  #unchanged(key: string): ModelEntry | undefined {
    const seen = this.#seen.get(key);
    if (!seen) return undefined;
    const { paths, stamp } = seen;
    for (let i = 0; i < paths.length; i++) {
      const status = statSync(paths[i], { throwIfNoEntry: false });
      if ((status?.mtimeMs ?? 0) !== stamp[2 * i] || (status?.size ?? 0) !== stamp[2 * i + 1]) {
        this.#seen.delete(key);
        return undefined;
      }
    }
    return seen.entry;
  }

  async #read(id: ModelId): Promise<ModelEntry | undefined> {
    const folder = this.#store.folderOf(id);
    const paths = [`${folder}/versions`, `${folder}/aliases`];
    const damaged: string[] = [];
    const whole: VersionDigest[] = [];
    let versions: number[] = [];
    let aliases: ModelEntry['aliases'] = {};
    let previous: number | undefined;
    const before = await stampOf(paths);
    try {
      versions = await this.#store.live(id);
      for (const version of versions) {
        const manifest = await this.#inspect(id, version, damaged);
        if (!manifest) continue;
        whole.push(digestOf(manifest));
        const files = ['manifest.json', ...Object.keys(manifest.files)];
        paths.push(...files.map((name) => `${folder}/versions/${version}/${name}`));
      }
      const book = await this.#store.aliases(id);
      aliases = Object.fromEntries(
        Object.entries(book.aliases).filter(([, version]) => versions.includes(version)),
      );
      previous = championBefore(book, versions);
      if (book.damaged !== undefined) damaged.push(damagedAliases(id, book.damaged, versions).message);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      damaged.push(error.message);
    }
    if (versions.length === 0 && damaged.length === 0) return undefined;
    const entry: ModelEntry = { id, versions, whole, damaged, aliases, previous };
    // What is damaged is looked at anew each time: there should be little of it.
    if (damaged.length === 0) await this.#remember(entry, paths, before);
    return entry;
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

  async #remember(entry: ModelEntry, paths: readonly string[], before: Float64Array): Promise<void> {
    const stamp = await stampOf(paths);
    const fresh = Date.now() - RACY_MS;
    for (let i = 0; i < stamp.length; i += 2) if (stamp[i] > fresh) return;
    if (before.every((value, i) => value === stamp[i]))
      this.#seen.set(keyOf(entry.id), { paths, stamp, entry });
  }
}

function keyOf({ namespace, owner, name }: ModelId): string {
  return `${namespace}/${owner}/${name}`;
}

/** Time and size of each; zeros where it is missing. */
async function stampOf(paths: readonly string[]): Promise<Float64Array> {
  const all = await Promise.all(paths.map((path) => unlessMissing(stat(path), undefined)));
  return Float64Array.from(all.flatMap((status) => [status?.mtimeMs ?? 0, status?.size ?? 0]));
}

function digestOf({
  version,
  createdAt,
  algorithm,
  kind,
  target,
  metrics,
  lineage,
}: Manifest): VersionDigest {
  const { user, app, rows } = lineage;
  return {
    version,
    created: Date.parse(createdAt) / 1000,
    algorithm,
    kind,
    ...(target && { target: target.name }),
    metrics,
    rows,
    user,
    app,
  };
}

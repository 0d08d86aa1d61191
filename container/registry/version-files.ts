/**
 * One version on the disk: a folder with its files, `manifest.json`, and `SHA256SUMS` over all of them (as `sha256sum -c`
 * reads it). A folder that holds `deleted` is the mark of a number that is used up: empty, or with the digest of the manifest
 * where the version was moved elsewhere.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { KeplerError } from '../contract/errors.ts';
import { syncFolder, writeDurable } from './durable-files.ts';
import { errorCode, unlessMissing } from './storage-errors.ts';
import type { Manifest, ModelId } from './types.ts';

const MANIFEST = 'manifest.json';
const SUMS = 'SHA256SUMS';
const DELETED = 'deleted';
/** 2 ms of work. */
const HASH_STEP = 2 * 1024 * 1024;
const FILE_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** In pieces: a large model must not hold up an event loop that others wait for. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.byteLength; at += HASH_STEP) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + HASH_STEP));
  }
  return hash.digest('hex');
}

/** Writes the files of a version to come into `folder` and says what stands in its manifest about them. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Manifest['files']> {
  const entries: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, bytes] of Object.entries(files)) {
    if (!FILE_NAME.test(name) || name === MANIFEST || name === DELETED) {
      throw new KeplerError('internal', `"${name}" is not a name for a file of a model version.`);
    }
    await writeDurable(join(folder, name), bytes);
    entries[name] = { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  return entries;
}

/** Writes the manifest over the files that `writeFiles` wrote; may be called again with another number. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const sums = [
    [MANIFEST, await sha256(Buffer.from(text))],
    ...Object.entries(manifest.files).map(([n, f]) => [n, f.sha256]),
  ];
  await rm(join(folder, MANIFEST), { force: true });
  await rm(join(folder, SUMS), { force: true });
  await writeDurable(join(folder, MANIFEST), text);
  await writeDurable(join(folder, SUMS), sums.map(([name, sum]) => `${sum}  ${name}\n`).join(''));
  await syncFolder(folder);
}

/**
 * The manifest in `folder`, or undefined where the version was deleted or never was.
 * @throws KeplerError model_damaged
 */
export async function readManifest(
  folder: string,
  id: ModelId,
  version: number,
): Promise<Manifest | undefined> {
  if (!(await isLive(folder))) return undefined;
  const [text, sums] = await Promise.all([
    unlessMissing(readFile(join(folder, MANIFEST)), undefined),
    unlessMissing(readFile(join(folder, SUMS), 'utf8'), undefined),
  ]);
  // Deleted while it was read.
  if (!(await isLive(folder))) return undefined;
  if (!text) throw damaged(id, version, `${MANIFEST} is missing`);
  if (sums === undefined) throw damaged(id, version, `${SUMS} is missing`);
  if (!sums.split('\n').includes(`${await sha256(text)}  ${MANIFEST}`)) {
    throw damaged(id, version, `${MANIFEST} does not match its checksum`);
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text.toString('utf8')) as Manifest;
  } catch (error) {
    throw damaged(id, version, `${MANIFEST} is not JSON`, error);
  }
  if (manifest.id?.name !== id.name || manifest.version !== version) {
    throw damaged(id, version, `${MANIFEST} is that of another version`);
  }
  // Whose it is, says the place where it lies: a model may have been moved from its user to the app, or back.
  return { ...manifest, id };
}

/** @throws KeplerError model_damaged; undefined where the version was deleted meanwhile */
export async function readVersionFile(
  folder: string,
  manifest: Manifest,
  name: string,
): Promise<Buffer | undefined> {
  const expected = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
  if (!expected || !FILE_NAME.test(name)) {
    throw new KeplerError(
      'storage_failed',
      `The model "${manifest.id.name}" version ${manifest.version} holds no ${name}; it holds ${Object.keys(manifest.files).join(', ')}.`,
    );
  }
  const bytes = await unlessMissing(readFile(join(folder, name)), undefined);
  if (!(await isLive(folder))) return undefined;
  if (!bytes) throw damaged(manifest.id, manifest.version, `${name} is missing`);
  if (bytes.length !== expected.bytes) {
    throw damaged(
      manifest.id,
      manifest.version,
      `${name} has ${bytes.length} bytes instead of ${expected.bytes}`,
    );
  }
  if ((await sha256(bytes)) !== expected.sha256) {
    throw damaged(manifest.id, manifest.version, `${name} does not match its checksum`);
  }
  return bytes;
}

/** What can be seen without reading the files: whether each is there with its length. */
export async function checkPresence(folder: string, manifest: Manifest): Promise<void> {
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const status = await unlessMissing(stat(join(folder, name)), undefined);
    if (status?.size === bytes) continue;
    if (!(await isLive(folder))) return;
    const what = status ? `has ${status.size} bytes instead of ${bytes}` : 'is missing';
    throw damaged(manifest.id, manifest.version, `${name} ${what}`);
  }
}

/** Tells a version from every other, for as long as its manifest can be read. */
export async function manifestDigest(folder: string): Promise<string> {
  return sha256(await unlessMissing(readFile(join(folder, MANIFEST)), Buffer.alloc(0)));
}

/** Marks the number of an empty folder as used. @param digest of the manifest of the version that had it */
export async function markGone(folder: string, digest: string): Promise<void> {
  await writeDurable(join(folder, DELETED), digest);
  await syncFolder(folder);
}

/** Deletes a version: at once and for good by the mark, then what it held. */
export async function deleteVersion(folder: string): Promise<void> {
  try {
    await writeDurable(join(folder, DELETED), '');
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  await syncFolder(folder);
  await emptyDeleted(folder);
}

/** Removes what a deleted version held, also where a crash cut that short. The mark stays: it keeps the number used. */
export async function emptyDeleted(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== DELETED) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether a version is there, be it damaged; what cannot be looked into counts, so that reading it says why. */
export async function isLive(folder: string): Promise<boolean> {
  try {
    return !(await readdir(folder)).includes(DELETED);
  } catch (error) {
    return errorCode(error) !== 'ENOENT';
  }
}

/** What a failure to read a version means. */
export function readingError(error: unknown, id: ModelId, version: number): KeplerError {
  if (error instanceof KeplerError) return error;
  return damaged(id, version, `it cannot be read (${errorCode(error) ?? String(error)})`, error);
}

function damaged(id: ModelId, version: number, what: string, cause?: unknown): KeplerError {
  return new KeplerError(
    'model_damaged',
    `The model "${id.name}" version ${version} is damaged: ${what}. Use another version (${id.name}@<version>), ` +
      `fit the model again, or remove this version with deletemodel ${id.namespace === 'app' ? 'app:' : ''}${id.name}@${version}.`,
    { cause },
  );
}

/**
 * Moves a model with all its versions and aliases to another owner, by one rename: it is here or there, never in between and
 * never twice. Numbers stay used on both sides: where the model was, marks are left that say which version had each number,
 * so that a number never names another version, also after the model has come back.
 */
import { mkdir, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './durable-files.ts';
import { errorCode, unlessMissing } from './storage-errors.ts';
import { manifestDigest, markGone } from './version-files.ts';

const TAKEN = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'];

/** What each number of a model's folder stands for: the digest of its manifest, or of the one that left; '' where it was deleted. */
type Numbers = ReadonlyMap<string, string>;

/**
 * @param aside A folder that is removed afterwards, on the same file system.
 * @returns false where `to` holds a model, or had one whose numbers stand for other versions; then nothing was changed
 */
export async function moveModel(from: string, to: string, aside: string): Promise<boolean> {
  const [coming, there] = await Promise.all([numbersOf(from), numbersOf(to)]);
  if (there.live) return false;
  for (const [number, digest] of there.numbers) {
    if (coming.numbers.has(number) && coming.numbers.get(number) !== digest) return false;
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const mark = join(aside, 'mark');
  try {
    await makeWay(to, [...there.numbers.keys()], aside);
    await rename(from, to);
  } catch (error) {
    // Somebody else was quicker, on one of the two sides.
    if (![...TAKEN, 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
    await leaveMarks(to, there.numbers, mark);
    await unlessTaken(rename(join(aside, 'aliases'), join(to, 'aliases')));
    return false;
  }
  await leaveMarks(to, there.numbers, mark);
  await leaveMarks(from, coming.numbers, mark);
  for (const folder of [to, from]) await syncFolder(dirname(folder));
  return true;
}

/** Takes a model's folder away that holds nothing but marks. Fails where a version appears meanwhile, and never touches one. */
async function makeWay(model: string, marks: readonly string[], aside: string): Promise<void> {
  const versions = join(model, 'versions');
  for (const number of marks) await rename(join(versions, number), join(aside, `was-${number}`));
  // Also where a process was killed in the middle of this, and left the folder empty.
  await unlessMissing(rmdir(versions), undefined);
  await unlessMissing(rename(join(model, 'aliases'), join(aside, 'aliases')), undefined);
  await unlessMissing(rmdir(model), undefined);
}

async function numbersOf(model: string): Promise<{ live: boolean; numbers: Numbers }> {
  const versions = join(model, 'versions');
  const numbers = new Map<string, string>();
  let live = false;
  for (const number of await unlessMissing(readdir(versions), [])) {
    const folder = join(versions, number);
    const mark = await unlessMissing(readFile(join(folder, 'deleted'), 'utf8'), undefined);
    live ||= mark === undefined;
    numbers.set(number, mark?.trim() ?? (await manifestDigest(folder)));
  }
  return { live, numbers };
}

/** Marks the numbers as used that have no folder yet; each mark appears whole. @param draft a folder that may be made */
async function leaveMarks(model: string, numbers: Numbers, draft: string): Promise<void> {
  const versions = join(model, 'versions');
  await mkdir(versions, { recursive: true, mode: 0o700 });
  for (const [number, digest] of numbers) {
    await mkdir(draft, { mode: 0o700 });
    await markGone(draft, digest);
    await unlessTaken(rename(draft, join(versions, number)));
    await rm(draft, { recursive: true, force: true });
  }
  await syncFolder(versions);
}

/** Does without a rename whose target is there already, or whose source is not. */
async function unlessTaken(renaming: Promise<void>): Promise<void> {
  try {
    await renaming;
  } catch (error) {
    if (![...TAKEN, 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

/**
 * Names and how they become names of folders. Nothing reaches a path that has not come through here.
 */
import { KeplerError } from '../contract/errors.ts';

const MODEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const ALIAS_NAME = /^[a-zA-Z0-9_-]+$/;
const RESERVED_ALIAS = /^(?:latest|v?\d+)$/i;
const LONGEST_NAME = 128;
/** File systems allow 255 bytes a name. */
const LONGEST_FOLDER = 250;

/** Where `apply m` looks. */
export const CHAMPION = 'champion';

/** Whether `checkModelName` would let it pass. */
export function isModelName(name: string): boolean {
  return MODEL_NAME.test(name) && name.length <= LONGEST_NAME;
}

/** @throws KeplerError invalid_model_name */
export function checkModelName(name: string): void {
  if (!MODEL_NAME.test(name)) {
    throw new KeplerError(
      'invalid_model_name',
      `"${shown(name)}" is not a model name: a name starts with a letter or _ and holds only letters, digits and _.`,
    );
  }
  if (name.length > LONGEST_NAME) {
    throw new KeplerError(
      'invalid_model_name',
      `The model name "${shown(name)}" has ${name.length} characters; at most ${LONGEST_NAME} are allowed.`,
    );
  }
}

/** @throws KeplerError invalid_arguments */
export function checkAliasName(alias: string): void {
  if (!ALIAS_NAME.test(alias) || alias.length > LONGEST_NAME) {
    throw new KeplerError(
      'invalid_arguments',
      `"${shown(alias)}" is not an alias: an alias has 1 to ${LONGEST_NAME} letters, digits, _ and -.`,
    );
  }
  if (RESERVED_ALIAS.test(alias)) {
    throw new KeplerError(
      'invalid_arguments',
      `"${alias}" cannot be an alias, because it reads like a version. Choose a name such as "${CHAMPION}" or "challenger".`,
    );
  }
}

/**
 * A user's or an app's name as the name of one folder: every byte that is not a letter, a digit, _ or - becomes %XX, so
 * that no name can mean another folder (`..`, `/`, NUL) and every folder can be read back.
 * @throws KeplerError invalid_arguments for a name that is empty or too long for a file system
 */
export function folderOfOwner(owner: string): string {
  let folder = '';
  for (const byte of Buffer.from(owner, 'utf8')) {
    const plain =
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte === 45 ||
      byte === 95;
    folder += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (folder === '' || folder.length > LONGEST_FOLDER) {
    throw new KeplerError(
      'invalid_arguments',
      `Models cannot be kept for "${shown(owner)}": the name of a user or an app must have 1 to ${LONGEST_FOLDER} characters, where one that is not an ASCII letter, a digit, _ or - counts as three or more.`,
    );
  }
  return folder;
}

/** The reverse of `folderOfOwner`; undefined for a folder that it cannot have made. */
export function ownerOfFolder(folder: string): string | undefined {
  try {
    const owner = decodeURIComponent(folder);
    return folderOfOwner(owner) === folder ? owner : undefined;
  } catch {
    // Not a folder of ours: a stray % or an impossible length.
    return undefined;
  }
}

/** Shortens what is quoted in a message, and takes control characters out of it. */
function shown(text: string): string {
  const clean = text.replace(/\p{Cc}/gu, '\u{FFFD}');
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}

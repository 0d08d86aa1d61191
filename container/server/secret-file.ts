/** Secrets in the environment: better the path of a file than the secret itself. */
import { readFileSync } from 'node:fs';

type Read = (name: string) => string | undefined;

/**
 * What the file says that `<name>` names, such as a certificate.
 * @param problems takes a sentence where it cannot be read
 */
export function fileNamedBy(value: Read, name: string, problems: string[]): string | undefined {
  const path = value(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    problems.push(`${name} names a file that cannot be read: ${(error as Error).message}.`);
    return undefined;
  }
}

/** `<name>_FILE` names a file with the secret; else `<name>` is the secret itself. */
export function secretOf(value: Read, name: string, problems: string[]): string | undefined {
  return fileNamedBy(value, `${name}_FILE`, problems) ?? value(name);
}

/** The lock of an environment: what came of its requirements, each package in its exact version, and no secret. */
import { redacted } from './pip-settings.ts';
import type { PipSettings } from './pip-settings.ts';

/** An address that names who asks by variables: `git+https://x:${KEPLER_PIP_TOKEN}@host/repo.git`, whatever stands behind it. */
const NAMED = /([\w+]+:\/\/)([^@/\s]*\$\{\w+\}[^@/\s]*@)([^\s@#;]+)/g;

/**
 * @param frozen what the tool says is installed
 * @param lines the requirements that it was installed by
 * @param local changes with what local folders and wheels hold; undefined where the lock itself was installed
 */
export function lockOf(
  frozen: string,
  lines: readonly string[],
  local: string | undefined,
  settings: PipSettings,
): string {
  const addresses = lines.flatMap((line) => [...line.matchAll(NAMED)]);
  const packages = redacted(frozen, settings)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => addresses.reduce((text, address) => askedBy(text, address), line));
  return `${[...packages.sort(), ...(local ? [`# local: ${local}`] : [])].join('\n')}\n`;
}

/** The packages of a lock, a line each. */
export function linesOf(lock: string): string[] {
  return lock.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** With the variables that its requirement names: tools leave out who asked, and without it nobody could install it again. */
function askedBy(line: string, [, scheme, who, rest]: RegExpMatchArray): string {
  const at = line.indexOf(scheme);
  if (at < 0) return line;
  const address = line.slice(at + scheme.length).replace(/^[^@/\s]*@(?=[^/\s]*\/)/, '');
  return address.startsWith(rest) ? `${line.slice(0, at)}${scheme}${who}${address}` : line;
}

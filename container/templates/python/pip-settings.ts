/** How packages are fetched: from which index, by whose leave. Credentials come from the environment and are never written down. */
import { readFileSync } from 'node:fs';
import { KeplerError } from '../../contract/errors.ts';

export interface PipSettings {
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  /** For uv, pip and what they start: nothing of the runtime's own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables of the runtime's own that what installs packages is given as they are. */
const HANDED_ON =
  /^(PATH|HOME|LANG|LC_\w+|TMPDIR|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(HTTPS?|NO|ALL)_PROXY|UV_\w+|PIP_\w+|GIT_SSH_COMMAND|SSH_AUTH_SOCK)$/i;

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws KeplerError configuration where a file that holds a secret cannot be read */
export function readPipSettings(variables: Variables): PipSettings {
  const secret = (name: string): string | undefined => {
    const file = variables[`${name}_FILE`]?.trim();
    if (!file) return variables[name]?.trim() || undefined;
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (cause) {
      throw new KeplerError('configuration', `${name}_FILE cannot be read: ${(cause as Error).message}.`, {
        cause,
      });
    }
  };
  const handed = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && HANDED_ON.test(entry[0]),
  );
  // A line of the requirements may name ${KEPLER_PIP_TOKEN}.
  const named = Object.keys(variables)
    .filter((name) => name.startsWith('KEPLER_PIP_'))
    .map((name) => name.replace(/_FILE$/, ''))
    .flatMap((name) => {
      const value = secret(name);
      return value === undefined ? [] : [[name, value] as const];
    });
  const indexUrl = secret('KEPLER_PIP_INDEX_URL');
  return {
    ...(indexUrl !== undefined && { indexUrl }),
    extraIndexUrls: (secret('KEPLER_PIP_EXTRA_INDEX_URL') ?? '').split(/\s+/).filter((url) => url !== ''),
    environment: Object.fromEntries([...handed, ...named]),
  };
}

/** A text without passwords: those of addresses in it, and the values of the variables that hold some. */
export function redacted(text: string, { environment, indexUrl, extraIndexUrls }: PipSettings): string {
  let clean = text.replace(/(\/\/)[^/\s@]+@/g, '$1***@');
  const secrets = [indexUrl, ...extraIndexUrls].flatMap((url) => {
    const { username, password } = URL.canParse(url ?? '') ? new URL(url!) : { username: '', password: '' };
    return [username, password, decodeURIComponent(password)];
  });
  const named = Object.entries(environment).filter(
    ([name]) => name.startsWith('KEPLER_PIP_') && !name.endsWith('_URL'),
  );
  for (const value of [...secrets, ...named.map(([, one]) => one)]) {
    if (value.length > 3) clean = clean.replaceAll(value, '***');
  }
  return clean;
}

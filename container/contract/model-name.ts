import type { ModelName, ModelReference } from './requests.ts';

/** Takes what is wrong, a sentence each. */
export interface Problems {
  add(text: string): void;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const MAX_NAME = 128;

interface Split {
  readonly namespace: 'user' | 'app';
  readonly explicitNamespace: boolean;
  readonly rest: string;
}

function splitNamespace(text: string, problems: Problems): Split | null {
  const colon = text.indexOf(':');
  if (colon < 0) return { namespace: 'user', explicitNamespace: false, rest: text };
  const prefix = text.slice(0, colon).trim().toLowerCase();
  if (prefix !== 'app' && prefix !== 'user') {
    problems.add(`${JSON.stringify(text)}: a model's namespace is app: or user:, not ${prefix}:.`);
    return null;
  }
  return { namespace: prefix, explicitNamespace: true, rest: text.slice(colon + 1).trim() };
}

function isName(name: string, problems: Problems): boolean {
  if (NAME.test(name) && name.length <= MAX_NAME) return true;
  const allowed = `letters, digits and _, not beginning with a digit, at most ${MAX_NAME}`;
  problems.add(`${JSON.stringify(name)} is not a model name: ${allowed}.`);
  return false;
}

/** Where `fit` writes: `m`, `app:m` or `user:m`, and never a version. */
export function parseTargetName(text: string, problems: Problems): ModelName | undefined {
  const split = splitNamespace(text, problems);
  if (!split) return undefined;
  if (split.rest.includes('@')) {
    problems.add(
      `into ${text}: a version cannot be chosen or written over; fit always makes the next one. Leave out @…; alias=<name> gives it an alias.`,
    );
    return undefined;
  }
  return isName(split.rest, problems) ? { namespace: split.namespace, name: split.rest } : undefined;
}

/** What is read: `m`, `app:m`, `m@3`, `m@challenger`. */
export function parseReference(text: string, problems: Problems): ModelReference | undefined {
  const split = splitNamespace(text, problems);
  if (!split) return undefined;
  const at = split.rest.indexOf('@');
  const name = at < 0 ? split.rest : split.rest.slice(0, at);
  if (!isName(name, problems)) return undefined;
  const base = { namespace: split.namespace, name, explicitNamespace: split.explicitNamespace };
  if (at < 0) return base;
  const selector = split.rest.slice(at + 1);
  if (/^\d+$/.test(selector)) {
    const version = Number(selector);
    if (version >= 1 && Number.isSafeInteger(version)) return { ...base, version };
    problems.add(`${text}: versions are counted from 1.`);
    return undefined;
  }
  if (NAME.test(selector)) return { ...base, alias: selector };
  problems.add(`${text}: behind @ stands a version (m@3) or an alias (m@challenger).`);
  return undefined;
}

/** An alias for a new version. */
export function isAlias(text: string): boolean {
  return NAME.test(text) && text.length <= MAX_NAME;
}

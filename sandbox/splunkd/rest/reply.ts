import type { Request, Response } from 'express';
import { SPLUNK_VERSION } from '../search-info.ts';

/** A refusal as splunkd words it: `{"messages":[{"type","text"}]}` under a status. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly type: 'FATAL' | 'ERROR' | 'WARN' | 'INFO' = 'ERROR',
  ) {
    super(message);
  }
}

export function messages(type: string, text: string): unknown {
  return { messages: [{ type, text }] };
}

/** What of a knowledge object belongs to whom. */
export interface Acl {
  readonly app: string;
  readonly owner: string;
  readonly sharing: 'user' | 'app' | 'global' | 'system';
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly mayWrite: boolean;
}

export interface Entry {
  readonly name: string;
  readonly content: unknown;
  /** Path below the server, for `id` and `links`. */
  readonly path?: string;
  readonly author?: string;
  readonly published?: Date;
  readonly acl?: Acl;
}

const NOBODYS: Acl = { app: '', owner: 'system', sharing: 'system', read: ['*'], write: [], mayWrite: false };

function aclOf(acl: Acl): unknown {
  return {
    app: acl.app,
    owner: acl.owner,
    sharing: acl.sharing,
    can_write: acl.mayWrite,
    can_list: true,
    can_share_app: acl.mayWrite,
    can_share_global: acl.mayWrite,
    can_share_user: false,
    can_change_perms: acl.mayWrite,
    modifiable: acl.mayWrite,
    removable: acl.sharing === 'user' ? acl.mayWrite : false,
    perms: { read: acl.read, write: acl.write },
  };
}

/** Splunkd's Atom feed as JSON. */
export function feed(origin: string, entries: readonly Entry[], now = new Date()): unknown {
  return {
    links: {},
    origin,
    updated: now.toISOString(),
    generator: { build: SANDBOX_BUILD, version: SPLUNK_VERSION },
    entry: entries.map(({ name, content, path = '', author = 'system', published, acl = NOBODYS }) => ({
      name,
      id: path,
      updated: now.toISOString(),
      ...(published && { published: published.toISOString() }),
      links: path === '' ? {} : { alternate: path, list: path, edit: path },
      author,
      acl: aclOf(acl),
      content,
    })),
    paging: { total: entries.length, perPage: entries.length, offset: 0 },
    messages: [],
  };
}

/** What stands where Splunk has its build's hash. */
export const SANDBOX_BUILD = 'kepler-sandbox';

/** Parameters of the query and of a form body together; the body's come first. */
export function parameters(request: Request): URLSearchParams {
  const { searchParams } = new URL(request.originalUrl, 'http://sandbox');
  const isForm = !/json/i.test(request.headers['content-type'] ?? '');
  const body = typeof request.body === 'string' && isForm ? request.body : '';
  return new URLSearchParams([...new URLSearchParams(body), ...searchParams]);
}

/** One of the parts that the route's pattern names. */
export function part(request: Request, name: string): string {
  const value = request.params[name];
  return Array.isArray(value) ? value.join('/') : (value ?? '');
}

/** A parameter that must be there. */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') {
    throw new RestError(400, `The following required arguments are missing: ${name}.`);
  }
  return value;
}

export function integer(form: URLSearchParams, name: string, fallback: number): number {
  const text = form.get(name);
  if (text === null || text === '') return fallback;
  const number = Number(text);
  if (!Number.isInteger(number)) {
    throw new RestError(400, `Invalid value "${text}" for argument "${name}": it must be a whole number.`);
  }
  return number;
}

/** A page of a list by `count` (30 by default, 0 or -1 for all) and `offset`. */
export function paged<T>(form: URLSearchParams, items: readonly T[]): readonly T[] {
  const count = integer(form, 'count', 30);
  const offset = integer(form, 'offset', 0);
  return items.slice(offset, count <= 0 ? undefined : offset + count);
}

/** Who calls, and in which namespace. */
export interface Caller {
  readonly user: string;
  readonly sessionKey: string;
  readonly capabilities: ReadonlySet<string>;
  readonly roles: readonly string[];
  /** Of `/servicesNS/<owner>/<app>/…`; `-` and `nobody` as they were written, empty without a namespace. */
  readonly owner: string;
  readonly app: string;
}

export function callerOf(response: Response): Caller {
  return response.locals.caller as Caller;
}

/** Splunkd's own words for a call that the role does not allow. */
export function needs(caller: Caller, capability: string): void {
  if (caller.capabilities.has(capability)) return;
  throw new RestError(
    403,
    `You (user=${caller.user}) do not have permission to perform this operation (requires capability: ${capability}).`,
  );
}

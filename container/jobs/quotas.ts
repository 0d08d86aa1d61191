import { KeplerError } from '../contract/errors.ts';

/** What users of a role may have of a runtime; what is absent has no limit. */
export interface Quota {
  /** Fits of one user that run at the same time. */
  readonly fits?: number;
  /** Rows of one fit. */
  readonly rows?: number;
}

/** By role; `*` is for users none of whose roles is named. */
export type Quotas = Readonly<Record<string, Quota>>;

/** A limit, and the role that it comes from. */
export interface RoleLimit {
  readonly role: string;
  readonly most: number;
}

export interface UserQuota {
  readonly fits?: RoleLimit;
  readonly rows?: RoleLimit;
}

const EVERYBODY = '*';
const LIMITS = ['fits', 'rows'] as const;
const USAGE =
  'role:fits=1,rows=5000000;… or the same as JSON, {"role":{"fits":1,"rows":5000000}}, with * for all other users';

/**
 * Reads KEPLER_QUOTAS.
 * @throws KeplerError configuration, naming what is wrong with which role
 */
export function parseQuotas(text: string): Quotas {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  const problems: string[] = [];
  const quotas = trimmed.startsWith('{') ? fromJson(trimmed, problems) : fromText(trimmed, problems);
  if (problems.length === 0) return quotas;
  throw new KeplerError('configuration', `KEPLER_QUOTAS: ${problems.join(' ')} It is written ${USAGE}.`);
}

function fromText(text: string, problems: string[]): Quotas {
  const entries = new Map<string, Record<string, unknown>>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    const role = (colon < 0 ? part : part.slice(0, colon)).trim();
    if (colon < 0) problems.push(`"${role}" lacks a colon and its limits.`);
    if (entries.has(role)) problems.push(`The role "${role}" is named twice.`);
    const limits: Record<string, unknown> = {};
    for (const limit of colon < 0 ? [] : part.slice(colon + 1).split(',')) {
      if (limit.trim() === '') continue;
      const [name, value = ''] = limit.split('=', 2).map((word) => word.trim());
      limits[name] = value === '' ? NaN : Number(value);
    }
    entries.set(role, limits);
  }
  return checked(Object.fromEntries(entries), problems);
}

function fromJson(text: string, problems: string[]): Quotas {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problems.push('It begins like JSON, but is none.');
    return {};
  }
  return checked(value as Record<string, unknown>, problems);
}

function checked(roles: Readonly<Record<string, unknown>>, problems: string[]): Quotas {
  const quotas: [string, Quota][] = [];
  for (const [role, limits] of Object.entries(roles)) {
    if (role === '') problems.push('A role has no name.');
    if (limits === null || typeof limits !== 'object' || Array.isArray(limits)) {
      problems.push(`The role "${role}" needs limits, such as fits=1.`);
      continue;
    }
    for (const [name, value] of Object.entries(limits)) {
      if (!LIMITS.some((one) => one === name)) {
        problems.push(`The role "${role}" has an unknown limit "${name}"; there are fits and rows.`);
      } else if (!Number.isSafeInteger(value) || (value as number) < 1) {
        problems.push(`${name} of the role "${role}" must be a whole number of at least 1.`);
      }
    }
    quotas.push([role, limits as Quota]);
  }
  return Object.fromEntries(quotas);
}

/**
 * What a user with these roles may have: of each limit the most generous among the roles that are named. A named role
 * without a limit has none; a user none of whose roles is named has that of `*`.
 */
export function quotaOf(quotas: Quotas | undefined, roles: readonly string[]): UserQuota {
  if (!quotas) return {};
  const named = roles.filter((role) => role !== EVERYBODY && Object.hasOwn(quotas, role));
  const counting = named.length > 0 ? named : Object.hasOwn(quotas, EVERYBODY) ? [EVERYBODY] : [];
  const limitOf = (name: (typeof LIMITS)[number]): RoleLimit | undefined => {
    let best: RoleLimit | undefined;
    for (const role of counting) {
      const most = quotas[role][name];
      if (most === undefined) return undefined;
      if (!best || most > best.most) best = { role, most };
    }
    return best;
  };
  const fits = limitOf('fits');
  const rows = limitOf('rows');
  return { ...(fits && { fits }), ...(rows && { rows }) };
}

/** Of whom a limit is, as a message says it. */
export function roleName({ role }: RoleLimit): string {
  return role === EVERYBODY ? 'each user' : role;
}

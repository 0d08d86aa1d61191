import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConf } from './conf.ts';

export type Document = Record<string, unknown> & { _key: string; _user: string };

/** A condition of a query: `{"a":1,"b":{"$gt":2},"$or":[…]}`. */
type Query = Readonly<Record<string, unknown>>;

/** KV store collections of the apps, a JSON file each; those that `collections.conf` names. */
export class KvStore {
  private readonly loaded = new Map<string, Map<string, Document>>();

  constructor(private readonly splunkHome: string) {}

  has(app: string, collection: string): boolean {
    const folder = join(this.splunkHome, 'etc/apps', app);
    return readConf(join(folder, 'default/collections.conf'), join(folder, 'local/collections.conf')).has(
      collection,
    );
  }

  /** Documents by key. Owners have collections of their own; `nobody`'s are shared. */
  documents(owner: string, app: string, collection: string): Map<string, Document> {
    const file = this.fileOf(owner, app, collection);
    let documents = this.loaded.get(file);
    if (!documents) {
      const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Document[]) : [];
      documents = new Map(stored.map((document) => [document._key, document]));
      this.loaded.set(file, documents);
    }
    return documents;
  }

  save(owner: string, app: string, collection: string): void {
    const file = this.fileOf(owner, app, collection);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const documents = [...this.documents(owner, app, collection).values()];
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(documents), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  }

  newKey(): string {
    return randomBytes(12).toString('hex');
  }

  private fileOf(owner: string, app: string, collection: string): string {
    const name = [owner, app, collection].map(encodeURIComponent).join('/');
    return join(this.splunkHome, 'var/lib/kepler-sandbox/kvstore', `${name}.json`);
  }
}

const OPERATORS: Readonly<Record<string, (value: unknown, wanted: unknown) => boolean>> = {
  $gt: (value, wanted) => compare(value, wanted) > 0,
  $gte: (value, wanted) => compare(value, wanted) >= 0,
  $lt: (value, wanted) => compare(value, wanted) < 0,
  $lte: (value, wanted) => compare(value, wanted) <= 0,
  $ne: (value, wanted) => !same(value, wanted),
  $exists: (value, wanted) => (value !== undefined) === Boolean(wanted),
  $regex: (value, wanted) => typeof value === 'string' && new RegExp(String(wanted)).test(value),
};

export class QueryError extends Error {}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Of unlike kinds none is the greater one. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number.NaN;
}

/** Whether a document meets a query. Dots in a name lead into objects. */
export function meets(document: Readonly<Record<string, unknown>>, query: Query): boolean {
  return Object.entries(query).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Query[]).some((part) => meets(document, part));
    if (key === '$and') return (wanted as Query[]).every((part) => meets(document, part));
    if (key === '$not') return !meets(document, wanted as Query);
    const value = key
      .split('.')
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], document);
    if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return same(value, wanted);
    return Object.entries(wanted).every(([operator, operand]) => {
      if (!Object.hasOwn(OPERATORS, operator)) throw new QueryError(`Unknown operator '${operator}'.`);
      return OPERATORS[operator](value, operand);
    });
  });
}

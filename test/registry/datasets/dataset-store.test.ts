import { appendFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Table } from '../../../container/contract/table.ts';
import { DatasetStore } from '../../../container/registry/datasets/dataset-store.ts';
import type { DatasetDraft } from '../../../container/registry/datasets/types.ts';
import type { ModelId, Principal } from '../../../container/registry/types.ts';

const DAY = 86_400_000;
const ALICE: Principal = {
  user: 'alice',
  app: 'search',
  roles: ['user'],
  capabilities: [],
  acl: { read: ['*'], write: ['admin'] },
};
const BOB: Principal = { ...ALICE, user: 'bob' };
const ADMIN: Principal = { ...ALICE, user: 'carol', capabilities: ['edit_kepler_models'] };
const MINE: ModelId = { namespace: 'user', owner: 'alice', name: 'readings' };
const REFERENCE = { namespace: 'user', name: 'readings' } as const;

const TABLE: Table = {
  rows: 3,
  columns: [
    { kind: 'number', name: 'wear', values: Float64Array.of(1.5, NaN, -0) },
    { kind: 'text', name: 'site', codes: Int32Array.of(1, -1, 0), levels: ['Zürich, "HB"', 'Bern\n2'] },
  ],
};

const draft = (more: Partial<DatasetDraft> = {}): DatasetDraft => ({
  expiresAt: new Date(Date.now() + DAY).toISOString(),
  user: 'alice',
  app: 'search',
  sid: '1.2',
  fields: [
    { name: 'wear', kind: 'number', role: 'target', nulls: 1 },
    { name: 'site', kind: 'text', role: 'feature', nulls: 1 },
  ],
  template: 'MyTemplate',
  options: { shrink: '0.5' },
  spec: {
    algorithm: 'MyTemplate',
    mode: 'stage',
    options: { shrink: '0.5' },
    targets: ['wear'],
    fields: ['s*'],
    by: [],
    into: REFERENCE,
    apply: true,
    partialFit: false,
    promote: true,
  },
  ...more,
});

function fresh() {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-datasets-'));
  return { folder, store: new DatasetStore(folder) };
}

const texts = ({ columns }: Table, name: string) => {
  const column = columns.find((one) => one.name === name);
  if (column?.kind !== 'text') throw new Error(`${name} is no text`);
  return [...column.codes].map((code) => (code < 0 ? null : column.levels[code]));
};

test('rows come back as they were: numbers, texts and nulls; the newest version unless one is named', async () => {
  const { store } = fresh();
  const first = await store.put(MINE, draft(), TABLE);
  const second = await store.put(MINE, draft({ options: {} }), { ...TABLE, rows: 2 });
  expect([first.version, second.version]).toEqual([1, 2]);
  const { manifest, table } = await store.open({ ...REFERENCE, version: 1 }, ALICE);
  expect(manifest).toMatchObject({ template: 'MyTemplate', options: { shrink: '0.5' }, rows: 3 });
  expect(table.columns[0]).toEqual({ ...TABLE.columns[0], nulls: 1 });
  expect(texts(table, 'site')).toEqual(['Bern\n2', null, 'Zürich, "HB"']);
  expect((await store.open(REFERENCE, ALICE)).table.rows).toBe(2);
});

test('everybody sees their own and those of the app; the capability sees all', async () => {
  const { store } = fresh();
  await store.put(MINE, draft(), TABLE);
  await store.put({ namespace: 'app', owner: 'search', name: 'shared' }, draft(), TABLE);
  const names = async (principal: Principal) => (await store.list(principal)).map(({ id }) => id.name);
  expect(await names(ALICE)).toEqual(['readings', 'shared']);
  expect(await names(BOB)).toEqual(['shared']);
  expect(await names({ ...BOB, app: 'other' })).toEqual([]);
  expect(await names(ADMIN)).toEqual(['readings', 'shared']);
  await expect(store.find(REFERENCE, BOB)).rejects.toMatchObject({ code: 'dataset_not_found' });
  await expect(store.find(REFERENCE, BOB, { owner: 'alice' })).rejects.toThrow(
    /You may not read data sets of the user "alice"/,
  );
  await expect(store.remove({ namespace: 'app', name: 'shared' }, BOB)).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('what has expired is seen by nobody, then goes, and its number is not used again', async () => {
  const { folder, store } = fresh();
  await store.put(MINE, draft(), TABLE);
  await store.put(MINE, draft(), TABLE);
  await store.put(MINE, draft({ expiresAt: new Date(Date.now() - 1).toISOString() }), TABLE);
  expect((await store.list(ALICE)).map(({ version }) => version)).toEqual([2, 1]);
  expect((await store.find(REFERENCE, ALICE)).version).toBe(2);
  expect(await store.expire()).toBe(1);
  expect(await store.expire(Date.now() + 2 * DAY)).toBe(2);
  await expect(store.find(REFERENCE, ALICE)).rejects.toThrow(/no data set "readings", or it has expired/);
  // Of three numbers that are used up one mark is left.
  expect(readdirSync(join(folder, 'user', 'alice', 'readings'))).toEqual(['3']);
  expect((await store.put(MINE, draft(), TABLE)).version).toBe(4);
});

test('one version is removed, or all of them', async () => {
  const { store } = fresh();
  for (let i = 0; i < 3; i++) await store.put(MINE, draft(), TABLE);
  expect((await store.remove({ ...REFERENCE, version: 2 }, ALICE)).versions).toEqual([2]);
  expect((await store.list(ALICE)).map(({ version }) => version)).toEqual([3, 1]);
  await expect(store.remove({ ...REFERENCE, version: 2 }, ALICE)).rejects.toThrow(/with a version 2/);
  expect((await store.remove(REFERENCE, ALICE)).versions).toEqual([1, 3]);
  expect(await store.list(ALICE)).toEqual([]);
});

test('several may store at once: each gets a number of its own', async () => {
  const { folder, store } = fresh();
  const stores = [store, new DatasetStore(folder), new DatasetStore(folder)];
  const made = await Promise.all(stores.map((one) => one.put(MINE, draft(), TABLE)));
  expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
  expect(readdirSync(join(folder, '.aside'))).toEqual([]);
});

test('a file that was changed is told, never used', async () => {
  const { folder, store } = fresh();
  await store.put(MINE, draft(), TABLE);
  appendFileSync(join(folder, 'user', 'alice', 'readings', '1', 'data.arrow'), 'x');
  await expect(store.open(REFERENCE, ALICE)).rejects.toMatchObject({ code: 'model_damaged' });
});

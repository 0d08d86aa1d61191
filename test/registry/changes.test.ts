import { spawn } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelChanges } from '../../container/registry/model-changes.ts';
import { ModelIndex } from '../../container/registry/model-index.ts';
import { ModelStore } from '../../container/registry/model-store.ts';
import { Registry } from '../../container/registry/registry.ts';
import type { ModelId, Principal } from '../../container/registry/types.ts';
import { ANN, BOB, DRAFT, FILES, ID, newRoot } from './fixtures.ts';

const ADMIN: Principal = { ...ANN, user: 'root', roles: ['admin'], capabilities: ['edit_kepler_models'] };
const APP_ID: ModelId = { namespace: 'app', owner: 'search', name: 'iris' };
const REF = { namespace: 'user', name: 'iris' } as const;
const APP_REF = { namespace: 'app', name: 'iris' } as const;

let root: string;
let registry: Registry;
let changes: ModelChanges;
let index: ModelIndex;
beforeEach(() => {
  root = newRoot();
  const store = new ModelStore(root);
  registry = new Registry(root, store);
  changes = new ModelChanges(store, registry);
  index = new ModelIndex(store);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const fit = (id = ID, draft = DRAFT) => registry.create(id, draft, FILES, { promote: true });
const failure = (task: Promise<unknown>) =>
  task.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  );

describe('the champion', () => {
  it('goes back to the version before, and the one before that', async () => {
    for (let i = 0; i < 3; i++) await fit();
    expect(await changes.promote({ ...REF, version: 1 }, ANN)).toEqual([
      { object: 'iris', change: 'alias champion', before: '3', after: '1' },
    ]);
    const back = async () => {
      const told = (await index.list(ANN))[0].previous;
      const { after } = (await changes.rollback(REF, ANN))[0];
      // What lists say beforehand is what is done.
      expect(after).toBe(String(told));
      return after;
    };
    expect(await back()).toBe('3');
    expect(await back()).toBe('2');
    expect(await back()).toBe('1');
    expect(await failure(changes.rollback(REF, ANN))).toMatchObject({
      code: 'version_not_found',
      message: expect.stringMatching(/before version 1\. .*keplerctl promote iris@<version> \(iris@1/),
    });
  });

  it('passes over versions that were deleted', async () => {
    for (let i = 0; i < 3; i++) await fit();
    await changes.delete({ ...REF, version: 2 }, ANN);
    expect((await index.list(ANN))[0].previous).toBe(1);
    expect(await changes.rollback(REF, ANN)).toMatchObject([{ before: '3', after: '1' }]);
  });

  it('has a past also in another process, and none after only one fit', async () => {
    await fit();
    expect((await index.list(ANN))[0].previous).toBeUndefined();
    expect(await failure(changes.rollback(REF, ANN))).toMatchObject({ code: 'version_not_found' });
    await fit();
    const store = new ModelStore(root);
    const other = new ModelChanges(store, new Registry(root, store));
    expect(await other.rollback(REF, ANN)).toMatchObject([{ before: '2', after: '1' }]);
  });

  it('cannot be taken away', async () => {
    await fit();
    expect((await failure(changes.removeAlias({ ...REF, version: 1 }, ANN, 'champion')))?.message).toMatch(
      /cannot be taken away, because "apply iris" reads it/,
    );
  });
});

describe('aliases', () => {
  it('are set on a version that an alias names, and taken away from the one they point at', async () => {
    await fit();
    await fit();
    expect(await changes.alias({ ...REF, alias: 'champion' }, ANN, 'blue')).toEqual([
      { object: 'iris', change: 'alias blue', before: null, after: '2' },
    ]);
    expect((await failure(changes.removeAlias({ ...REF, version: 1 }, ANN, 'blue')))?.message).toMatch(
      /"blue" does not point at version 1 .*; it points at version 2/,
    );
    expect(await changes.removeAlias({ ...REF, version: 2 }, ANN, 'blue')).toMatchObject([
      { before: '2', after: null },
    ]);
    expect(await registry.aliases(ID)).toEqual({ champion: 2 });
  });

  it.each(['latest', '3', 'v2', 'a b', ''])('are not called %j', async (alias) => {
    await fit();
    expect(await failure(changes.alias({ ...REF, version: 1 }, ANN, alias))).toMatchObject({
      code: 'invalid_arguments',
    });
  });

  it('reads a book that an earlier Kepler wrote, without a past', async () => {
    await fit();
    await fit();
    const page = join(root, 'user/ann/iris/aliases/2.json');
    expect(JSON.parse(readFileSync(page, 'utf8'))).toEqual({
      aliases: { champion: 2 },
      history: { champion: [1] },
    });
    writeFileSync(page, '{"aliases":{"champion":2}}');
    expect(await registry.aliases(ID)).toEqual({ champion: 2 });
    expect(await failure(changes.rollback(REF, ANN))).toMatchObject({ code: 'version_not_found' });
  });
});

describe('a model of somebody else', () => {
  const tries: [string, (principal: Principal) => Promise<unknown>][] = [
    ['promoted', (who) => changes.promote({ ...REF, version: 1 }, who, { owner: 'ann' })],
    ['rolled back', (who) => changes.rollback(REF, who, { owner: 'ann' })],
    ['deleted', (who) => changes.delete(REF, who, { owner: 'ann' })],
    ['shared', (who) => changes.share(REF, who, 'app', { owner: 'ann' })],
    ['given an alias', (who) => changes.alias({ ...REF, version: 1 }, who, 'b', { owner: 'ann' })],
  ];

  it.each(tries)('is not %s without edit_kepler_models', async (_, attempt) => {
    await fit();
    await fit();
    const error = await failure(attempt(BOB));
    expect(error).toMatchObject({ code: 'forbidden', message: expect.stringMatching(/edit_kepler_models/) });
    expect(await registry.aliases(ID)).toEqual({ champion: 2 });
  });

  it.each(tries)('is %s with it', async (_, attempt) => {
    await fit();
    await fit();
    expect(await failure(attempt(ADMIN))).toBeUndefined();
  });

  it('is not told of before the right to see it is there', async () => {
    const known = await failure(changes.delete(REF, BOB, { owner: 'ann' }));
    await fit();
    expect(await failure(changes.delete(REF, BOB, { owner: 'ann' }))).toEqual(known);
  });

  it('of an app is named by the app, not by an owner', async () => {
    await fit(APP_ID);
    expect((await failure(changes.delete(APP_REF, ADMIN, { owner: 'ann' })))?.message).toMatch(
      /name the app with app=/,
    );
    expect(await changes.delete(APP_REF, { ...ADMIN, app: 'kepler' }, { app: 'search' })).toHaveLength(1);
  });

  it('of another app may be read where that app lets the role', async () => {
    await fit(APP_ID);
    const eve: Principal = { ...BOB, app: 'kepler', apps: { search: { read: ['power'], write: [] } } };
    expect(await registry.resolve(APP_REF, eve, { app: 'search' })).toMatchObject({ version: 1 });
    expect((await failure(changes.delete(APP_REF, eve, { app: 'search' })))?.message).toMatch(
      /that is for no role/,
    );
    expect(await failure(registry.resolve(APP_REF, { ...eve, apps: {} }, { app: 'search' }))).toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('sharing', () => {
  const WRITER: Principal = { ...ANN, roles: ['power'] };

  it('moves the whole model to the app, and back, and no number comes twice', async () => {
    await fit();
    await fit();
    await changes.alias({ ...REF, version: 1 }, WRITER, 'old');
    expect(await changes.share(REF, WRITER, 'app')).toEqual([
      { object: 'app:iris', change: 'shared', before: 'user ann', after: 'app search' },
    ]);
    expect(await registry.aliases(APP_ID)).toEqual({ champion: 2, old: 1 });
    expect((await registry.manifest(APP_ID, 2)).id).toEqual(APP_ID);
    expect((await registry.file(APP_ID, 1, 'state.bin')).toString()).toBe('state');
    expect(await failure(registry.resolve({ ...REF, explicitNamespace: true }, WRITER))).toMatchObject({
      code: 'model_not_found',
    });
    await fit(APP_ID);
    await changes.share(APP_REF, WRITER, 'private');
    expect((await registry.resolve(REF, WRITER)).version).toBe(3);
    expect((await fit()).version).toBe(4);
    expect(await changes.rollback(REF, WRITER)).toMatchObject([{ after: '3' }]);
  });

  it('goes on counting where the model was', async () => {
    await fit();
    await changes.share(REF, WRITER, 'app');
    expect((await fit()).version).toBe(2);
    expect(await failure(changes.share(APP_REF, WRITER, 'private'))).toMatchObject({ code: 'model_exists' });
  });

  it('refuses a name that is taken, or whose numbers were those of other versions', async () => {
    await fit();
    await fit(APP_ID);
    expect(await failure(changes.share(REF, WRITER, 'app'))).toMatchObject({ code: 'model_exists' });
    await changes.delete(APP_REF, WRITER);
    expect(await failure(changes.share(REF, WRITER, 'app'))).toMatchObject({ code: 'model_exists' });
    expect((await registry.resolve(REF, WRITER)).id).toEqual(ID);
  });

  it('asks for the right to write on both sides', async () => {
    await fit();
    expect((await failure(changes.share(REF, ANN, 'app')))?.message).toMatch(
      /for admin, power; your roles: user/,
    );
    await fit(APP_ID);
    expect((await failure(changes.share(APP_REF, ANN, 'private')))?.message).toMatch(/for admin, power/);
  });

  it('says where the model is already', async () => {
    await fit();
    expect((await failure(changes.share(REF, WRITER, 'private')))?.message).toMatch(/own model already/);
    expect((await failure(changes.share(APP_REF, WRITER, 'app')))?.message).toMatch(/the app's already/);
    expect(await failure(changes.share({ ...REF, name: 'irsi' }, WRITER, 'app'))).toMatchObject({
      code: 'model_not_found',
      message: expect.stringMatching(/Did you mean "iris"/),
    });
  });

  it('lets only one of two that share at once have it', async () => {
    await fit();
    const both = await Promise.all([1, 2].map(() => failure(changes.share(REF, WRITER, 'app'))));
    expect(both.filter((error) => error === undefined)).toHaveLength(1);
    expect((await registry.resolve(APP_REF, WRITER)).version).toBe(1);
  });
});

it('leaves the model whole, on one side alone, when it is killed at any moment of a change', async () => {
  await fit();
  await fit();
  const sides = [ID, APP_ID];
  for (let round = 0; round < 8; round++) {
    const script = join(__dirname, 'changes-child.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, root]);
    let failure = '';
    child.stderr.on('data', (text: Buffer) => (failure += text));
    const ended = new Promise((done) => child.on('close', done));
    await Promise.race([new Promise((done) => child.stdout.once('data', done)), ended]);
    expect(failure).toBe('');
    await new Promise((done) => setTimeout(done, (round * 13) % 40));
    child.kill('SIGKILL');
    await ended;
    const there = [];
    for (const id of sides) if ((await registry.versions(id)).length > 0) there.push(id);
    expect(there).toHaveLength(1);
    const versions = await registry.versions(there[0]);
    expect(versions.map(({ version, reason }) => [version, reason])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect([1, 2]).toContain((await registry.aliases(there[0])).champion);
    expect((await registry.file(there[0], 2, 'state.bin')).toString()).toBe('state');
  }
}, 300_000);

describe('the index', () => {
  const names = async (principal: Principal) =>
    (await index.list(principal)).map(({ id }) => `${id.owner}/${id.name}`);

  it('lists what a principal may read, and everything with edit_kepler_models', async () => {
    await fit();
    await fit({ ...ID, owner: 'bob' });
    await fit(APP_ID);
    await fit({ ...APP_ID, owner: 'other' });
    expect(await names(ANN)).toEqual(['ann/iris', 'search/iris']);
    expect(await names({ ...ANN, roles: [] })).toEqual(['ann/iris']);
    expect(await names(ADMIN)).toEqual(['ann/iris', 'bob/iris', 'other/iris', 'search/iris']);
    const elsewhere = { ...ANN, apps: { other: { read: ['user'], write: [] } } };
    expect(await names(elsewhere)).toEqual(['ann/iris', 'other/iris', 'search/iris']);
  });

  it('sees what was made, promoted, deleted, moved and damaged since it looked', async () => {
    const settle = () => new Promise((done) => setTimeout(done, 80));
    const look = async () => {
      await settle();
      const [entry] = await index.list(ANN);
      return entry && [entry.versions, entry.aliases.champion, entry.damaged.length, entry.whole.length];
    };
    await fit();
    expect(await look()).toEqual([[1], 1, 0, 1]);
    expect(await look()).toEqual([[1], 1, 0, 1]);
    await fit();
    expect(await look()).toEqual([[1, 2], 2, 0, 2]);
    await changes.rollback(REF, ANN);
    expect(await look()).toEqual([[1, 2], 1, 0, 2]);
    truncateSync(join(root, 'user/ann/iris/versions/2/model.onnx'), 1);
    expect(await look()).toEqual([[1, 2], 1, 1, 1]);
    await changes.delete({ ...REF, version: 2 }, ANN);
    expect(await look()).toEqual([[1], 1, 0, 1]);
    await changes.delete(REF, ANN);
    expect(await look()).toBeUndefined();
  });

  it('sees at once what changed within a tick of the clock', async () => {
    for (let version = 1; version <= 5; version++) {
      await fit();
      expect((await index.list(ANN))[0].versions).toHaveLength(version);
    }
  });
});

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../../container/contract/errors.ts';
import type { ModelReference } from '../../container/contract/requests.ts';
import { Registry } from '../../container/registry/registry.ts';
import type { ModelId } from '../../container/registry/types.ts';
import { ANN, BOB, DRAFT, FILES, ID, newRoot } from './fixtures.ts';

let root: string;
let registry: Registry;
beforeEach(() => {
  root = newRoot();
  registry = new Registry(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ref = (more: Partial<ModelReference> = {}): ModelReference => ({
  namespace: 'user',
  name: 'iris',
  ...more,
});
const APP_ID: ModelId = { namespace: 'app', owner: 'search', name: 'shared' };
const create = (id = ID, options = {}) => registry.create(id, DRAFT, FILES, { promote: true, ...options });
const folderOf = (id: ModelId, version: number) =>
  join(root, id.namespace, id.owner, id.name, 'versions', String(version));
const failure = async (task: Promise<unknown>): Promise<KeplerError> => {
  const error = await task.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KeplerError);
  return error as KeplerError;
};

describe('create and resolve', () => {
  it('numbers versions, moves the champion, and keeps the versions before', async () => {
    const first = await create();
    const second = await create();
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(await registry.resolve(ref(), ANN)).toEqual({ id: ID, version: 2 });
    expect(await registry.resolve(ref({ version: 1 }), ANN)).toEqual({ id: ID, version: 1 });
    expect(await registry.manifest(ID, 1)).toEqual(first);
    expect(await registry.file(ID, 1, 'state.bin')).toEqual(FILES['state.bin']);
    expect(first.files['state.bin'].bytes).toBe(5);
  });

  it('leaves the champion with promote=f, and sets another alias', async () => {
    await create();
    await create(ID, { promote: false, alias: 'challenger' });
    expect(await registry.aliases(ID)).toEqual({ champion: 1, challenger: 2 });
    expect((await registry.resolve(ref({ alias: 'challenger' }), ANN)).version).toBe(2);
    await registry.setAlias(ID, 'champion', 2);
    expect((await registry.resolve(ref(), ANN)).version).toBe(2);
    expect((await failure(registry.setAlias(ID, 'champion', 3))).code).toBe('version_not_found');
  });

  it('says how to go on where the first version was not promoted', async () => {
    await create(ID, { promote: false });
    const error = await failure(registry.resolve(ref(), ANN));
    expect(error.code).toBe('alias_not_found');
    expect(error.message).toContain('iris@1');
  });

  it('falls back to the app where no namespace was named', async () => {
    await create(APP_ID);
    const name = 'shared';
    expect((await registry.resolve(ref({ name }), ANN)).id).toEqual(APP_ID);
    expect((await failure(registry.resolve(ref({ name, explicitNamespace: true }), ANN))).message).toContain(
      'app:shared',
    );
    await create({ ...ID, name });
    expect((await registry.resolve(ref({ name }), ANN)).id.namespace).toBe('user');
    expect((await registry.resolve(ref({ name, namespace: 'app' }), ANN)).id).toEqual(APP_ID);
  });

  it.each([
    [ref({ name: 'irsi' }), 'model_not_found', 'Did you mean "iris"?'],
    [ref({ name: 'share' }), 'model_not_found', 'Did you mean "app:shared"?'],
    [ref({ name: 'nothing_like_it' }), 'model_not_found', 'listmodels'],
    [ref({ version: 7 }), 'version_not_found', 'there are: 1, 2'],
    [ref({ version: 0 }), 'version_not_found', '0'],
    [ref({ version: -1 }), 'version_not_found', '-1'],
    [ref({ alias: 'champoin' }), 'alias_not_found', 'did you mean "champion"?'],
    [ref({ name: '../x' }), 'invalid_model_name', '../x'],
    [ref({ name: '' }), 'invalid_model_name', 'starts with a letter'],
    [ref({ name: `m${'x'.repeat(200)}` }), 'invalid_model_name', '201 characters'],
  ])('explains %j', async (reference, code, text) => {
    await create();
    await create();
    await create(APP_ID);
    const error = await failure(registry.resolve(reference, ANN));
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
  });

  it.each(['latest', '3', 'v3', 'a b', ''])('refuses the alias %j', async (alias) => {
    expect((await failure(create(ID, { alias }))).code).toBe('invalid_arguments');
    expect(readdirSync(root)).toEqual([]);
  });

  it('refuses a model that is too large, and leaves nothing', async () => {
    const error = await failure(create(ID, { maxBytes: 9 }));
    expect(error.code).toBe('limit_model_size');
    expect(readdirSync(root)).toEqual([]);
  });

  it.each(['a/../../b', '..', '.', 'ümläut 日本', 'a%2Fb', 'nul\0byte', 'CON', '"quote\n'])(
    'keeps models of a user called %j apart and inside its folder',
    async (user) => {
      const id = { ...ID, owner: user };
      await create(id);
      await create();
      const principal = { ...ANN, user };
      expect((await registry.resolve(ref(), principal)).id).toEqual(id);
      expect((await registry.list(principal)).models.map(({ owner }) => owner)).toEqual([user]);
      expect(readdirSync(join(root, 'user'))).toHaveLength(2);
      expect(readdirSync(root).sort()).toEqual(['.aside', 'user']);
    },
  );

  it('refuses an owner without a name or with an endless one', async () => {
    for (const owner of ['', 'é'.repeat(100)]) {
      expect((await failure(create({ ...ID, owner }))).code).toBe('invalid_arguments');
    }
  });
});

describe('access', () => {
  beforeEach(async () => {
    await create();
    await create(APP_ID);
  });

  it("cannot see, read or delete another user's model", async () => {
    expect((await failure(registry.resolve(ref(), BOB))).code).toBe('model_not_found');
    expect((await failure(registry.resolve(ref({ version: 1 }), BOB))).code).toBe('model_not_found');
    expect((await failure(registry.delete(ref(), BOB))).code).toBe('model_not_found');
    expect((await registry.list(BOB)).models.map(({ name }) => name)).toEqual(['shared']);
    expect((await failure(registry.resolve(ref({ name: 'irsi' }), BOB))).message).not.toContain('iris"?');
  });

  it('lets read and write in the app who may read and write it', async () => {
    const shared = ref({ namespace: 'app', name: 'shared' });
    const error = await failure(registry.delete(shared, ANN));
    expect(error.code).toBe('forbidden');
    expect(error.message).toMatch(/admin, power.*your roles: user/);
    const hidden = { ...ANN, acl: { read: ['soc'], write: ['*'] } };
    expect((await failure(registry.resolve(shared, hidden))).code).toBe('forbidden');
    expect((await failure(registry.resolve(ref({ name: 'shared' }), hidden))).code).toBe('model_not_found');
    expect((await registry.list(hidden)).models.map(({ name }) => name)).toEqual(['iris']);
    expect((await registry.delete(shared, BOB)).versions).toEqual([1]);
  });

  it('leaves own models alone to whoever has no roles', async () => {
    const unknown = { ...ANN, roles: [] };
    expect((await registry.list(unknown)).models.map(({ name }) => name)).toEqual(['iris']);
    const error = await failure(registry.resolve(ref({ namespace: 'app', name: 'shared' }), unknown));
    expect(error.message).toContain('not known');
  });

  it("shows one app's models only in that app", async () => {
    const elsewhere = { ...ANN, app: 'other' };
    expect((await failure(registry.resolve(ref({ name: 'shared' }), elsewhere))).code).toBe(
      'model_not_found',
    );
  });
});

describe('list', () => {
  it('gives a row a model, its champion, and its versions', async () => {
    await create();
    await create(ID, { promote: false });
    expect((await registry.list(ANN)).models).toEqual([
      {
        name: 'iris',
        type: 'PCA',
        options: expect.stringContaining('"feature_variables":["a"]'),
        owner: 'ann',
        app: 'search',
        sharing: 'private',
        version: 1,
        versions: [1, 2],
      },
    ]);
  });

  it('is empty where nothing was ever stored', async () => {
    expect(await registry.list(ANN)).toEqual({ models: [], damaged: [] });
  });

  it('passes over what is not its own', async () => {
    await create();
    mkdirSync(join(root, 'user', 'ann', 'lost+found'));
    writeFileSync(join(root, 'user', 'ann', 'README'), '');
    mkdirSync(join(root, 'user', 'ann', 'iris', 'versions', 'x'));
    expect((await registry.list(ANN)).models.map(({ versions }) => versions)).toEqual([[1]]);
  });
});

describe('delete', () => {
  it('never uses a number again', async () => {
    await create();
    await create();
    expect((await registry.delete(ref(), ANN)).versions).toEqual([1, 2]);
    expect((await failure(registry.resolve(ref(), ANN))).code).toBe('model_not_found');
    expect((await failure(registry.delete(ref(), ANN))).code).toBe('model_not_found');
    expect((await failure(registry.manifest(ID, 2))).code).toBe('version_not_found');
    expect((await registry.list(ANN)).models).toEqual([]);
    expect((await create()).version).toBe(3);
    expect(await registry.aliases(ID)).toEqual({ champion: 3 });
  });

  it('deletes one version, its aliases with it, but not the champion of others', async () => {
    await create();
    await create(ID, { alias: 'b' });
    await create();
    const error = await failure(registry.delete(ref({ version: 3 }), ANN));
    expect(error.code).toBe('invalid_arguments');
    expect(error.message).toContain('champion');
    expect((await registry.delete(ref({ alias: 'b' }), ANN)).versions).toEqual([2]);
    expect(await registry.aliases(ID)).toEqual({ champion: 3 });
    expect((await failure(registry.delete(ref({ version: 2 }), ANN))).code).toBe('version_not_found');
    await registry.delete(ref({ version: 1 }), ANN);
    await registry.delete(ref({ version: 3 }), ANN);
    expect((await registry.list(ANN)).models).toEqual([]);
    expect((await create()).version).toBe(4);
  });

  it('means exactly the namespace named', async () => {
    await create(APP_ID);
    expect((await failure(registry.delete(ref({ name: 'shared' }), BOB))).code).toBe('model_not_found');
  });

  it('leaves no file of a deleted version', async () => {
    await create();
    await create();
    await registry.delete(ref({ version: 1 }), ANN);
    expect(readdirSync(folderOf(ID, 1))).toEqual(['deleted']);
  });
});

describe('damage', () => {
  beforeEach(async () => {
    await create();
    await create();
    await create({ ...ID, name: 'other' });
  });

  it.each([
    [
      'a file cut short',
      (folder: string) => writeFileSync(join(folder, 'state.bin'), 'sta'),
      'state.bin has 3 bytes',
    ],
    ['a file gone', (folder: string) => rmSync(join(folder, 'state.bin')), 'state.bin is missing'],
    [
      'a manifest gone',
      (folder: string) => rmSync(join(folder, 'manifest.json')),
      'manifest.json is missing',
    ],
    ['sums gone', (folder: string) => rmSync(join(folder, 'SHA256SUMS')), 'SHA256SUMS is missing'],
    [
      'an empty folder',
      (folder: string) => (rmSync(folder, { recursive: true }), mkdirSync(folder)),
      'is missing',
    ],
    [
      'a file for a folder',
      (folder: string) => (rmSync(folder, { recursive: true }), writeFileSync(folder, '')),
      'read',
    ],
    [
      'a folder for a file',
      (folder: string) => (rmSync(join(folder, 'manifest.json')), mkdirSync(join(folder, 'manifest.json'))),
      'cannot be read (EISDIR)',
    ],
    [
      'a manifest altered',
      (folder: string) => {
        const path = join(folder, 'manifest.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('"rows": 10', '"rows": 11'));
      },
      'manifest.json does not match its checksum',
    ],
  ])('names %s and hides nothing else', async (_what, damage, text) => {
    damage(folderOf(ID, 2));
    const error = await failure(registry.file(ID, 2, 'state.bin'));
    expect(error.code).toBe('model_damaged');
    expect(error.message).toContain('"iris" version 2');
    expect(error.message).toContain(text);
    const { models, damaged } = await registry.list(ANN);
    expect(models.map(({ name, versions }) => [name, versions])).toEqual([
      ['iris', [1]],
      ['other', [1]],
    ]);
    expect(damaged).toHaveLength(1);
    expect(damaged[0]).toContain('"iris" version 2');
    expect(await registry.file(ID, 1, 'state.bin')).toEqual(FILES['state.bin']);
    expect((await create()).version).toBe(3);
  });

  it('sees a single flipped bit', async () => {
    writeFileSync(join(folderOf(ID, 2), 'state.bin'), 'stase');
    expect((await failure(registry.file(ID, 2, 'state.bin'))).message).toContain(
      'does not match its checksum',
    );
  });

  it('does not take one version for another', async () => {
    rmSync(folderOf(ID, 2), { recursive: true });
    renameSync(folderOf(ID, 1), folderOf(ID, 2));
    expect((await failure(registry.manifest(ID, 2))).message).toContain('another version');
  });

  it('deletes a damaged version', async () => {
    writeFileSync(join(folderOf(ID, 1), 'manifest.json'), '');
    expect((await registry.delete(ref({ version: 1 }), ANN)).versions).toEqual([1]);
    expect((await registry.list(ANN)).damaged).toEqual([]);
  });

  it('does not guess the champion from damaged aliases', async () => {
    const folder = join(root, 'user', 'ann', 'iris', 'aliases');
    writeFileSync(join(folder, '2.json'), '{"aliases":{"champ');
    const error = await failure(registry.resolve(ref(), ANN));
    expect(error.code).toBe('model_damaged');
    expect(error.message).toContain('iris@2');
    expect((await registry.resolve(ref({ version: 2 }), ANN)).version).toBe(2);
    expect((await registry.list(ANN)).damaged[0]).toContain('aliases');
    await create();
    expect((await registry.resolve(ref(), ANN)).version).toBe(3);
  });
});

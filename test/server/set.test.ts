import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../container/server/settings.ts';
import { ask, authorized, startWorld } from './harness.ts';
import type { World } from './harness.ts';

let world: World;
beforeEach(async () => (world = await startWorld({ KEPLER_MAX_CLASSES: '7' })));
afterEach(() => world.end());

const ADMIN = { capabilities: ['edit_kepler_runtimes'] };
async function post(path: string, body: object, claims: object = ADMIN) {
  const headers = { ...authorized(await world.head.token(claims)), 'content-type': 'application/json' };
  return (await ask(world.url('unix'), path, { headers, body: JSON.stringify(body) })).json;
}
const set = (options: Record<string, string>, claims: object = ADMIN) =>
  post('/v1/change', { verb: 'set', options }, claims);
const shown = async (name: string) =>
  (await post('/v1/read', { noun: 'settings', name, options: {} })).rows[0].slice(0, 4);
const file = () => JSON.parse(readFileSync(join(world.home, 'settings.json'), 'utf8')) as object;

it('keeps limits, says where each comes from, and goes back to the default', async () => {
  expect(await shown('maxRows')).toEqual(['maxRows', '100000000', '100000000', 'default']);
  expect((await set({ maxRows: '500', maxColumns: '9' })).rows).toEqual([
    ['maxRows', 'set', '100000000', '500'],
    ['maxColumns', 'set', '4000', '9'],
  ]);
  expect(await shown('maxRows')).toEqual(['maxRows', '500', '100000000', 'set']);
  expect(file()).toEqual({ maxRows: 500, maxColumns: 9 });
  await set({ maxRows: '' });
  expect(await shown('maxRows')).toEqual(['maxRows', '100000000', '100000000', 'default']);
  expect(file()).toEqual({ maxColumns: 9 });
});

it('says which need a restart, and changes those only then', async () => {
  expect((await set({ fitWorkers: '3' })).rows[0][1]).toBe('set (after a restart of the runtime)');
  expect((await shown('fitWorkers'))[3]).toBe('default');
  const environment = { KEPLER_HOME: world.home, KEPLER_TRUSTED_KEYS: world.keys };
  expect(readSettings(environment)).toMatchObject({
    jobs: { fitWorkers: 3 },
    sources: { fitWorkers: 'set' },
  });
  const given = readSettings({ ...environment, KEPLER_FIT_WORKERS: '2' });
  expect(given).toMatchObject({ jobs: { fitWorkers: 2 }, sources: { fitWorkers: 'environment' } });
});

it('changes all or nothing', async () => {
  const { error } = await set({
    maxRows: '5',
    maxRow: '5',
    maxClasses: '9',
    maxColumns: '-1',
    idleSeconds: '1e3',
  });
  expect(error.message).toMatch(/no setting "maxRow".* Did you mean maxRows\?/);
  expect(error.message).toMatch(/KEPLER_MAX_CLASSES in the runtime's environment, which wins/);
  expect(error.message).toMatch(/maxColumns=-1 must be.*idleSeconds=1e3 must be/);
  expect((await shown('maxRows'))[1]).toBe('100000000');
  expect((await set({})).error.message).toMatch(/needs <setting>=<value>/);
});

it('needs the capability', async () => {
  const { error } = await set({ maxRows: '5' }, { roles: ['admin'] });
  expect(error).toMatchObject({ code: 'forbidden', message: expect.stringMatching(/edit_kepler_runtimes/) });
});

it('loses none of several that come at once', async () => {
  await Promise.all(
    ['maxRows', 'maxColumns', 'maxModelMb', 'maxFitSeconds'].map((name) => set({ [name]: '11' })),
  );
  expect(file()).toEqual({ maxRows: 11, maxColumns: 11, maxModelMb: 11, maxFitSeconds: 11 });
});

it('names a file that it did not write', () => {
  const home = mkdtempSync(join(tmpdir(), 'kepler-set-'));
  for (const text of ['', '[', 'null', '{"maxRows":"5"}']) {
    writeFileSync(join(home, 'settings.json'), text);
    expect(() => readSettings({ KEPLER_HOME: home, KEPLER_TRUSTED_KEYS: home })).toThrow(
      /settings\.json is not as keplerctl set/,
    );
  }
  rmSync(home, { recursive: true });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFromConf, setInConf } from '../../sandbox/splunkd/conf-writer.ts';
import { AppCommands } from '../../sandbox/splunkd/apps.ts';
import { RestClient } from './rest-client.ts';
import { SearchHead } from './search-head.ts';

let head: SearchHead;
let admin: RestClient;
let user: RestClient;
const appFile = (path: string) => join(head.home.path, 'etc/apps/kepler', path);
beforeAll(async () => {
  head = await SearchHead.start();
  admin = new RestClient(head, 'admin');
  user = new RestClient(head, 'user');
});
afterAll(() => head.stop());

const APP = '/servicesNS/nobody/kepler';

test('conf files keep comments and other settings; long values are continued', () => {
  const before = '# about\n[a]\nx = 1\n  # inner\ny = one \\\n  two\n\n[b]\nz = 3\n';
  const after = setInConf(before, 'a', [
    ['y', 'new'],
    ['w', 'l1\nl2'],
  ]);
  expect(after).toBe('# about\n[a]\nx = 1\n  # inner\ny = new\nw = l1\\\nl2\n\n[b]\nz = 3\n');
  expect(setInConf('', 'c', [['k', 'v']])).toBe('[c]\nk = v\n');
  expect(removeFromConf(before, 'a')).toBe('# about\n[b]\nz = 3\n');
});

test('settings are written to local, below what the app ships', async () => {
  const stanza = `${APP}/configs/conf-kepler/runtime%3Alab`;
  expect((await admin.get(`${stanza}?output_mode=json`)).status).toBe(404);
  const created = await admin.post(`${APP}/configs/conf-kepler`, {
    name: 'runtime:lab',
    url: 'https://lab:8600',
  });
  expect(created).toMatchObject({
    status: 201,
    body: { entry: [{ name: 'runtime:lab', content: { url: 'https://lab:8600' } }] },
  });
  expect((await admin.post(`${APP}/configs/conf-kepler`, { name: 'runtime:lab' })).status).toBe(409);
  await admin.post(stanza, { fingerprint: 'ab:cd' });
  expect((await user.get(stanza)).body.entry[0]).toMatchObject({
    content: { url: 'https://lab:8600', fingerprint: 'ab:cd', 'eai:appName': 'kepler' },
    acl: { app: 'kepler', sharing: 'app' },
  });
  expect(readFileSync(appFile('local/kepler.conf'), 'utf8')).toContain(
    '[runtime:lab]\nurl = https://lab:8600\nfingerprint = ab:cd\n',
  );
  // The sandbox's own line does not take away what was set.
  head.home.setRuntime('unix:///x.sock');
  expect((await user.get(stanza)).body.entry[0].content.fingerprint).toBe('ab:cd');
  expect((await user.post(stanza, { url: 'https://evil' })).status).toBe(403);
  expect((await admin.delete(stanza)).status).toBe(200);
  expect((await admin.get(stanza)).status).toBe(404);
});

test('an ordinary user’s own settings are seen by nobody else', async () => {
  const own = '/servicesNS/user/kepler/saved/searches';
  expect((await user.post(own, { name: 'mine' })).status).toBe(400);
  expect((await user.post(own, { name: 'mine', search: '| makeresults' })).status).toBe(201);
  expect((await user.get(`${own}/mine`)).body.entry[0].acl).toMatchObject({ owner: 'user', sharing: 'user' });
  expect((await new RestClient(head, 'ana').get('/servicesNS/-/kepler/saved/searches/mine')).status).toBe(
    404,
  );
});

test('sharing a command with all apps takes effect', async () => {
  writeFileSync(join(head.home.path, 'etc/apps/search/metadata/local.meta'), '');
  mkdirSync(join(head.home.path, 'etc/apps/other'), { recursive: true });
  const [command] = new AppCommands(head.home.path).names('kepler');
  expect(new AppCommands(head.home.path).find(command, 'other')).toBeUndefined();
  expect(
    (await user.post(`${APP}/configs/conf-commands/${command}/acl`, { sharing: 'global', owner: 'nobody' }))
      .status,
  ).toBe(403);
  const shared = await admin.post(`${APP}/data/commands/${command}/acl`, {
    sharing: 'global',
    owner: 'nobody',
  });
  expect(shared).toMatchObject({ status: 200, body: { entry: [{ acl: { sharing: 'global' } }] } });
  expect(new AppCommands(head.home.path).find(command, 'other')).toBeDefined();
  expect(readFileSync(appFile('metadata/local.meta'), 'utf8')).toContain(`[commands/${command}]`);
  await admin.post(`${APP}/configs/conf-commands/${command}/acl`, { sharing: 'app' });
  expect(new AppCommands(head.home.path).find(command, 'other')).toBeUndefined();
});

test('passwords are encrypted where they lie, and given out to who may list them', async () => {
  const path = `${APP}/storage/passwords`;
  expect((await user.post(path, { name: 'hec', realm: 'kepler', password: 's3cret' })).status).toBe(403);
  expect((await admin.post(path, { name: 'hec', realm: 'kepler', password: 's3cret' })).status).toBe(201);
  const stored = readFileSync(appFile('local/passwords.conf'), 'utf8');
  expect(stored).toMatch(/^\[credential:kepler:hec:\]\npassword = \$7\$/);
  expect(stored).not.toContain('s3cret');
  expect((await admin.get(`${path}/kepler%3Ahec%3A`)).body.entry[0]).toMatchObject({
    name: 'kepler:hec:',
    content: { realm: 'kepler', username: 'hec', password: '********', clear_password: 's3cret' },
  });
  expect(await user.get(path)).toMatchObject({
    status: 403,
    body: { messages: [{ text: expect.stringContaining('requires capability: list_storage_passwords') }] },
  });
  expect((await user.get(`${APP}/configs/conf-passwords`)).status).toBe(403);
  const system = new RestClient(head, 'splunk-system-user');
  await admin.post(`${path}/kepler%3Ahec%3A`, { password: 'new' });
  expect((await system.get(path)).body.entry[0].content.clear_password).toBe('new');
  await admin.delete(`${path}/kepler%3Ahec%3A`);
  expect((await admin.get(path)).body.entry).toEqual([]);
});

test('the app is told to be configured by who may edit apps', async () => {
  expect((await user.post('/services/apps/local/kepler', { configured: 'true' })).status).toBe(403);
  expect((await admin.get('/services/apps/local/kepler')).body.entry[0].content.configured).toBe(false);
  await admin.post('/services/apps/local/kepler', { configured: 'true' });
  expect((await admin.get('/services/apps/local/kepler')).body.entry[0].content.configured).toBe(true);
  expect((await admin.get('/services/apps/local/Splunk_ML_Toolkit')).status).toBe(404);
});

test('roles and capabilities come from Splunk and from the app’s authorize.conf', async () => {
  const { body } = await admin.get('/services/authorization/roles?count=0');
  const power = body.entry.find(({ name }: { name: string }) => name === 'power').content;
  expect(power.imported_roles).toEqual(['user']);
  expect(power.imported_capabilities).toContain('search');
  expect(
    (await user.get('/services/authorization/capabilities')).body.entry[0].content.capabilities,
  ).toContain('list_storage_passwords');
});

test('KV store: documents of a collection that the app names', async () => {
  writeFileSync(appFile('local/collections.conf'), '[notes]\n');
  const base = `${APP}/storage/collections/data`;
  expect((await user.get(`${base}/nowhere`)).status).toBe(404);
  const { body } = await user.post(`${base}/notes`, JSON.stringify({ n: 1, text: 'a' }));
  expect((await user.get(`${base}/notes/${body._key}`)).body).toEqual({
    n: 1,
    text: 'a',
    _key: body._key,
    _user: 'nobody',
  });
  const saved = await user.post(
    `${base}/notes/batch_save`,
    JSON.stringify([
      { _key: 'k2', n: 2 },
      { _key: 'k3', n: 3 },
    ]),
  );
  expect(saved.body).toEqual(['k2', 'k3']);
  const query = encodeURIComponent(JSON.stringify({ n: { $gte: 2 } }));
  expect((await user.get(`${base}/notes?query=${query}&sort=n:-1&fields=n`)).body).toEqual([
    { n: 3 },
    { n: 2 },
  ]);
  expect((await user.post(`${base}/notes/k2`, '{"n":5}')).body).toEqual({ _key: 'k2' });
  expect((await user.post(`${base}/notes`, 'no json')).status).toBe(400);
  await user.delete(`${base}/notes/k2`);
  expect(await user.get(`${base}/notes/k2`)).toMatchObject({
    status: 404,
    body: { messages: [{ type: 'ERROR' }] },
  });
});

import { SearchHead } from './search-head.ts';

let head: SearchHead;
beforeAll(async () => {
  head = await SearchHead.start();
});
afterAll(() => head.stop());

const get = (path: string, key: string) =>
  fetch(`${head.rest.url}${path}?output_mode=json`, { headers: { authorization: `Splunk ${key}` } });

test.each([
  ['admin', ['admin']],
  ['ana', ['power']],
  ['analyst', ['power', 'user']],
  ['viewer', ['user']],
  ['somebody', ['user']],
])('%s has the roles %j', async (user, roles) => {
  const response = await get('/services/authentication/current-context', head.rest.sessions.open(user));
  expect(await response.json()).toMatchObject({ entry: [{ content: { username: user, roles } }] });
});

test('an unknown key is refused, and so is one whose session was closed', async () => {
  expect((await get('/services/authentication/current-context', 'nonsense')).status).toBe(401);
  const key = head.rest.sessions.open('admin');
  await fetch(`${head.rest.url}/services/authentication/httpauth-tokens`, {
    method: 'DELETE',
    headers: { authorization: `Splunk ${key}` },
  });
  expect((await get('/services/server/info', key)).status).toBe(401);
});

test('a session needs the password', async () => {
  const login = (password: string) =>
    fetch(`${head.rest.url}/services/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'admin', password }),
    });
  expect((await login('wrong')).status).toBe(401);
  expect(await (await login(head.home.password)).json()).toMatchObject({ sessionKey: expect.any(String) });
});

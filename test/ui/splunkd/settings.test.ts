/** @jest-environment jsdom */
import '../page-setup.ts';
import {
  hasApp,
  hasSecret,
  readStanza,
  setConfigured,
  storeSecret,
  writeStanza,
} from '../../../ui/splunkd/settings.ts';
import { FakeSplunkd, type Call, type Reply } from '../splunkd.ts';

let splunkd: FakeSplunkd;
beforeEach(() => {
  splunkd = new FakeSplunkd();
  splunkd.install();
});
const posts = (): Call[] => splunkd.calls.filter(({ method }) => method === 'POST');
const entries = (...content: Record<string, unknown>[]): Reply => ({
  status: 200,
  body: { entry: content.map((c) => ({ name: 'x', content: c })) },
});

test('a secret is made in the app, by the body of a POST, never by an address', async () => {
  splunkd.rest = ({ path }) => (path.includes('storage/passwords') ? entries() : undefined);
  await storeSecret('hec_token', 'very secret');
  expect(posts()).toHaveLength(1);
  expect(posts()[0]).toMatchObject({ path: '/servicesNS/nobody/kepler/storage/passwords' });
  expect(Object.fromEntries(posts()[0].body)).toMatchObject({
    realm: 'kepler',
    name: 'hec_token',
    password: 'very secret',
  });
  expect(splunkd.calls.some(({ query }) => query.toString().includes('secret'))).toBe(false);
});

test('a secret that is there is replaced', async () => {
  splunkd.rest = ({ path }) =>
    path.includes('storage/passwords') ? entries({ realm: 'kepler', username: 'hec_token' }) : undefined;
  await expect(hasSecret('hec_token')).resolves.toBe(true);
  await expect(hasSecret('other')).resolves.toBe(false);
  await storeSecret('hec_token', 'new');
  expect(posts()[0].path).toBe('/servicesNS/nobody/kepler/storage/passwords/kepler%3Ahec_token%3A');
  expect(posts()[0].body.get('password')).toBe('new');
});

test('a stanza is made where there is none, else written', async () => {
  splunkd.rest = ({ method }) => (method === 'POST' ? entries({}) : undefined);
  await writeStanza('runtime:main', { url: 'https://h:1' });
  expect(posts()[0]).toMatchObject({ path: '/servicesNS/nobody/kepler/configs/conf-kepler' });
  expect(posts()[0].body.get('name')).toBe('runtime:main');
  splunkd.rest = ({ path }) =>
    path.endsWith('runtime%3Amain') ? entries({ url: 'https://h:1' }) : undefined;
  await expect(readStanza('runtime:main')).resolves.toEqual({ url: 'https://h:1' });
  await writeStanza('runtime:main', { url: 'https://h:2' });
  expect(posts()[1]).toMatchObject({ path: '/servicesNS/nobody/kepler/configs/conf-kepler/runtime%3Amain' });
});

test('the end of the setup is told to Splunk; another app is there or not', async () => {
  splunkd.rest = ({ path }) =>
    path.endsWith('apps/local/kepler') ? entries({ configured: true }) : undefined;
  await setConfigured();
  expect(posts()[0].body.get('configured')).toBe('true');
  // Splunk's own list is searched by words: other apps may come with it.
  const listed = (...apps: [string, string][]): Reply => ({
    status: 200,
    body: { entry: apps.map(([name, disabled]) => ({ name, content: { disabled } })) },
  });
  splunkd.rest = () => listed(['Splunk_ML_Toolkit_addon', '0']);
  await expect(hasApp('Splunk_ML_Toolkit')).resolves.toBe(false);
  splunkd.rest = () => listed(['Splunk_ML_Toolkit', '1']);
  await expect(hasApp('Splunk_ML_Toolkit')).resolves.toBe(false);
  splunkd.rest = () => listed(['Splunk_ML_Toolkit', '0']);
  await expect(hasApp('Splunk_ML_Toolkit')).resolves.toBe(true);
});

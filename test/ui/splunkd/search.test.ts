/** @jest-environment jsdom */
import '../page-setup.ts';
import { SplunkFailure } from '../../../ui/splunkd/failure.ts';
import { runSearch } from '../../../ui/splunkd/search.ts';
import { until } from '../../eventually.ts';
import { FakeSplunkd } from '../splunkd.ts';

let splunkd: FakeSplunkd;
beforeEach(() => {
  splunkd = new FakeSplunkd();
  splunkd.install();
  // search-job tells the console of each poll that failed, unless it is built for production.
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});

const failureOf = (search: Promise<unknown>): Promise<SplunkFailure> =>
  search.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: SplunkFailure) => error,
  );

test('a search answers its rows, in the app, with the form key', async () => {
  splunkd.answer = () => ({ rows: [{ name: 'main', aliases: ['a', 'b'] }] });
  await expect(runSearch('| kepler runtimes')).resolves.toMatchObject({
    rows: [{ name: 'main', aliases: ['a', 'b'] }],
    fields: ['name', 'aliases'],
  });
  const [create] = splunkd.calls;
  expect(create.path).toMatch(/^\/servicesNS\/[^/]+\/kepler\/search\/jobs$/);
  expect(create.headers['X-Splunk-Form-Key']).toBe('form-key');
  expect(create.body.get('search')).toBe('| kepler runtimes');
});

test('a job that failed is a failure with the command’s own words', async () => {
  splunkd.answer = () => ({ error: "Error in 'kepler' command: The runtime does not answer." });
  const failure = await failureOf(runSearch('| kepler runtimes'));
  expect(failure).toBeInstanceOf(SplunkFailure);
  expect(failure).toMatchObject({ kind: 'search', message: 'The runtime does not answer.', sid: '17.1' });
});

test('a session that ended is told from a search that failed', async () => {
  splunkd.signedIn = false;
  expect(await failureOf(runSearch('| kepler runtimes'))).toMatchObject({ kind: 'signed-out', status: 401 });
});

test('a search head that is away is told from both', async () => {
  splunkd.up = false;
  expect(await failureOf(runSearch('| kepler runtimes'))).toMatchObject({ kind: 'unreachable' });
});

test('what splunkd refuses says why', async () => {
  splunkd.rest = ({ path, method }) =>
    method === 'POST' && path.endsWith('/search/jobs')
      ? { status: 400, body: { messages: [{ type: 'FATAL', text: 'Unknown search command kepler.' }] } }
      : undefined;
  expect(await failureOf(runSearch('| kepler runtimes'))).toMatchObject({
    kind: 'search',
    message: 'Unknown search command kepler.',
  });
});

async function untilPolled(): Promise<void> {
  await until(() => splunkd.calls.some(({ query }) => query.has('id')));
}

test('a search that is given up is cancelled and says nothing more', async () => {
  splunkd.answer = () => ({ pending: true });
  const abort = new AbortController();
  let settled = false;
  void runSearch('| kepler jobs', { signal: abort.signal }).finally(() => (settled = true));
  await untilPolled();
  abort.abort();
  await until(() => splunkd.cancelled.length > 0);
  expect(splunkd.cancelled.map(({ path }) => path)).toEqual(['/services/search/jobs/17.1/control']);
  expect(settled).toBe(false);
});

test('when the page goes, what runs is cancelled by requests that outlive it, and nothing else', async () => {
  splunkd.answer = (spl) => (spl.includes('jobs') ? { pending: true } : { rows: [] });
  void runSearch('| kepler jobs');
  await runSearch('| kepler runtimes');
  window.dispatchEvent(new Event('pagehide'));
  await until(() => splunkd.cancelled.length > 0);
  expect(splunkd.cancelled).toMatchObject([{ path: '/services/search/jobs/17.1/control', keepalive: true }]);
});

/** @jest-environment jsdom */
import '../page-setup.ts';
import { act, renderHook, waitFor } from '@testing-library/react';
import { doneAhead, searchAhead } from '../../../ui/splunkd/ahead.ts';
import { RETRY_SECONDS, useRows } from '../../../ui/splunkd/use-rows.ts';
import { FakeSplunkd } from '../splunkd.ts';

let splunkd: FakeSplunkd;
beforeEach(() => {
  splunkd = new FakeSplunkd();
  splunkd.install();
  // search-job tells the console of each poll that failed, unless it is built for production.
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  splunkd.answer = () => ({ rows: [{ name: 'main' }] });
});
afterEach(() => jest.useRealTimers());

test('rows come, and loading is over only then', async () => {
  const { result } = renderHook(() => useRows('| kepler runtimes'));
  expect(result.current).toMatchObject({ state: 'loading', rows: [], updatedAt: undefined });
  await waitFor(() => expect(result.current.state).toBe('ready'));
  expect(result.current.rows).toEqual([{ name: 'main' }]);
  expect(result.current.updatedAt).toBeGreaterThan(0);
});

test('a search begun while the page loads is one call, is not run twice, and ends with who took it', async () => {
  searchAhead('| kepler models');
  const { result, unmount } = renderHook(() => useRows('| kepler models'));
  await waitFor(() => expect(result.current.state).toBe('ready'));
  expect(splunkd.calls.map(({ path }) => path)).toEqual(['/servicesNS/-/kepler/search/jobs']);
  unmount();
  splunkd.answer = () => ({ pending: true });
  searchAhead('| kepler models');
  await waitFor(() => expect(splunkd.searches).toHaveLength(2));
  renderHook(() => useRows('| kepler models')).unmount();
  await waitFor(() => expect(splunkd.cancelled).toHaveLength(1));
  expect(splunkd.cancelled[0].path).toContain(splunkd.calls[1].body.get('id'));
});

test('rows that are there before the page are in its first drawing, which is the only one', async () => {
  searchAhead('| kepler models');
  await waitFor(() => expect(doneAhead('| kepler models')).toBeDefined());
  const drawn: string[] = [];
  const { result } = renderHook(() => {
    const rows = useRows('| kepler models');
    drawn.push(rows.state);
    return rows;
  });
  const { rows } = result.current;
  await waitFor(() => expect(result.current.busy).toBe(false));
  expect(drawn).not.toContain('loading');
  expect(result.current.rows).toBe(rows);
});

test('a search begun ahead that fails is run as a job, which says why', async () => {
  splunkd.answer = () => ({ error: "Error in 'kepler' command: The runtime does not answer." });
  searchAhead('| kepler models');
  const { result } = renderHook(() => useRows('| kepler models'));
  await waitFor(() => expect(result.current.state).toBe('failed'));
  expect(result.current.error).toMatchObject({ kind: 'search', message: 'The runtime does not answer.' });
});

test('without a search nothing is asked', () => {
  const { result } = renderHook(() => useRows(null));
  expect(result.current).toMatchObject({ state: 'loading', busy: false });
  expect(splunkd.calls).toEqual([]);
});

test('a first failure is said, and put right by itself when the runtime is back', async () => {
  jest.useFakeTimers();
  splunkd.answer = () => ({ error: 'The runtime does not answer.' });
  const { result } = renderHook(() => useRows('| kepler runtimes'));
  await act(() => jest.advanceTimersByTimeAsync(2000));
  expect(result.current).toMatchObject({
    state: 'failed',
    error: { message: 'The runtime does not answer.' },
  });
  splunkd.answer = () => ({ rows: [{ name: 'main' }] });
  await act(() => jest.advanceTimersByTimeAsync(RETRY_SECONDS * 1000 + 2000));
  expect(result.current).toMatchObject({ state: 'ready', error: undefined });
});

test('rows stay and are called stale while Splunk is away, and become fresh when it is back', async () => {
  jest.useFakeTimers();
  const { result } = renderHook(() => useRows('| kepler runtimes', { refreshSeconds: 5 }));
  await act(() => jest.advanceTimersByTimeAsync(2000));
  splunkd.up = false;
  await act(() => jest.advanceTimersByTimeAsync(8000));
  expect(result.current).toMatchObject({
    state: 'stale',
    rows: [{ name: 'main' }],
    error: { kind: 'unreachable' },
  });
  splunkd.up = true;
  await act(() => jest.advanceTimersByTimeAsync(RETRY_SECONDS * 1000 + 2000));
  expect(result.current).toMatchObject({ state: 'ready', error: undefined });
});

test('a search that is under way when Splunk goes is not waited for without end', async () => {
  jest.useFakeTimers();
  splunkd.answer = () => ({ pending: true });
  const { result } = renderHook(() => useRows('| kepler runtimes'));
  await act(() => jest.advanceTimersByTimeAsync(2000));
  expect(result.current.state).toBe('loading');
  splunkd.up = false;
  await act(() => jest.advanceTimersByTimeAsync(20_000));
  expect(result.current).toMatchObject({ state: 'failed', error: { kind: 'unreachable' } });
});

test('a component that goes cancels its search; rows of another search are never shown for it', async () => {
  splunkd.answer = (spl) => (spl.includes('two') ? { pending: true } : { rows: [{ name: 'one' }] });
  const { result, rerender, unmount } = renderHook(({ spl }) => useRows(spl), {
    initialProps: { spl: '| kepler runtimes one' },
  });
  await waitFor(() => expect(result.current.state).toBe('ready'));
  rerender({ spl: '| kepler runtimes two' });
  expect(result.current).toMatchObject({ state: 'loading', rows: [] });
  await waitFor(() => expect(splunkd.calls.some(({ query }) => query.get('id') === '17.2')).toBe(true));
  unmount();
  await waitFor(() => expect(splunkd.cancelled).toHaveLength(1));
  expect(splunkd.cancelled[0].path).toContain('17.2');
});

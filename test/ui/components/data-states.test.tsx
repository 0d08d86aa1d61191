/** @jest-environment jsdom */
import '../page-setup.ts';
import { SplunkThemeProvider } from '@splunk/themes';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { DataStates } from '../../../ui/components/data-states.tsx';
import { setFormatLocale, setTimeZone } from '../../../ui/i18n/format.ts';
import { SplunkFailure, type Rows } from '../../../ui/splunkd/index.ts';

beforeAll(() => {
  setFormatLocale('en-US');
  setTimeZone('UTC');
});
afterEach(cleanup);

const base: Rows = {
  state: 'loading',
  rows: [],
  fields: [],
  messages: [],
  error: undefined,
  updatedAt: undefined,
  busy: false,
  reload: () => undefined,
};
const shown = (data: Partial<Rows>, more: { noMatch?: boolean } = {}): string => {
  const { container } = render(
    <SplunkThemeProvider family="enterprise" colorScheme="light" density="compact">
      <DataStates
        data={{ ...base, ...data }}
        loading={<p>bars</p>}
        empty={<p>nothing yet</p>}
        noMatchContent={<p>no match</p>}
        {...more}
      >
        <p>the rows</p>
      </DataStates>
    </SplunkThemeProvider>,
  );
  return container.textContent ?? '';
};
const failure = new SplunkFailure('search', 'The runtime does not answer. Its container stopped.', {
  sid: '17.4',
});
const rows = [{ name: 'main' }];

test('one state at a time: loading, empty, no match, rows', () => {
  expect(shown({ state: 'loading' })).toBe('bars');
  expect(shown({ state: 'ready' })).toBe('nothing yet');
  expect(shown({ state: 'ready', rows }, { noMatch: true })).toBe('no match');
  expect(shown({ state: 'ready', rows })).toBe('the rows');
});

test('a failure says what, why, where to look, and tries again on a click', () => {
  const reload = jest.fn();
  const text = shown({ state: 'failed', error: failure, reload });
  expect(text).toContain('The search failed.');
  expect(text).toContain('The runtime does not answer. Its container stopped.');
  expect(text).toContain('Search id: 17.4');
  expect(text).not.toContain('nothing yet');
  fireEvent.click(screen.getByText('Try again'));
  expect(reload).toHaveBeenCalledTimes(1);
});

test('old rows stay, with since when there was no answer and why', () => {
  const text = shown({ state: 'stale', rows, error: failure, updatedAt: 9 * 3600 + 36 * 60 });
  expect(text).toContain('Not answered since 09:36:00, trying again every 10 s.');
  expect(text).toContain('The runtime does not answer.');
  expect(text).toContain('the rows');
});

test('who is signed out is told so, with the way back to this page', () => {
  shown({ state: 'failed', error: new SplunkFailure('signed-out', 'unauthorized') });
  expect(screen.getByText('Sign in again').closest('a')?.getAttribute('href')).toMatch(
    /^\/en-US\/account\/login\?return_to=%2Fen-US%2Fapp%2Fkepler%2Fruntimes$/,
  );
});

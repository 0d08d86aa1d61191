/** @jest-environment jsdom */
import '../page-setup.ts';
import { PAUSES_MS, quickLook } from '../../../ui/splunkd/quick-look.ts';
import { runSearch } from '../../../ui/splunkd/search.ts';
import { FakeSplunkd, type Call, type Reply } from '../splunkd.ts';

let splunkd: FakeSplunkd;
beforeEach(() => {
  splunkd = new FakeSplunkd();
  splunkd.install();
});

/** Jobs that are done at the look of this number. */
function doneAt(look: number): void {
  let looks = 0;
  splunkd.rest = ({ path, method, query }: Call): Reply | undefined => {
    if (method !== 'GET' || !path.endsWith('/search/jobs')) return undefined;
    looks += 1;
    const content = {
      sid: query.get('id'),
      isDone: looks >= look,
      isFailed: false,
      isFinalized: false,
      messages: [],
    };
    return { status: 200, body: { entry: [{ name: content.sid, content }] } };
  };
}

async function look(givenUp = () => false) {
  const pauses: number[] = [];
  const found = await quickLook('17.1', givenUp, (ms) => {
    pauses.push(ms);
    return Promise.resolve();
  });
  return { found, pauses };
}

test('looks often at first, ever less often, and leaves the rest to search-job', async () => {
  expect(PAUSES_MS[0]).toBeLessThanOrEqual(50);
  expect([...PAUSES_MS].sort((a, b) => a - b)).toEqual(PAUSES_MS);
  doneAt(4);
  const { found, pauses } = await look();
  expect(found).toMatchObject({ isDone: true });
  expect(pauses).toEqual(PAUSES_MS.slice(0, 4));
  doneAt(1000);
  expect(await look()).toEqual({ found: undefined, pauses: PAUSES_MS });
});

test('ends with the search that it looks for, and where splunkd does not answer', async () => {
  doneAt(1);
  expect((await look(() => true)).found).toBeUndefined();
  expect(splunkd.calls).toEqual([]);
  splunkd.up = false;
  expect(await look()).toEqual({ found: undefined, pauses: [PAUSES_MS[0]] });
});

test('rows are read once, whoever sees first that the job is done', async () => {
  doneAt(3);
  splunkd.answer = () => ({ rows: [{ name: 'main' }] });
  expect(await runSearch('| kepler runtimes')).toMatchObject({ rows: [{ name: 'main' }] });
  await new Promise((next) => setTimeout(next, 300));
  expect(splunkd.calls.filter(({ path }) => path.endsWith('/results'))).toHaveLength(1);
});

import { SearchHead } from './search-head.ts';

let head: SearchHead;
beforeAll(async () => {
  head = await SearchHead.start();
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i},"${i / 8}","text ${i % 7}"\n`);
  head.lookup('large.csv', `n,x,"a text"\n${rows.join('')}`);
});
afterAll(() => head.stop());

test('many chunks go through commands that want some of the fields, and come out whole and in order', async () => {
  const { rows } = await head.search(
    '| inputlookup large.csv | echo fields=x | echo type=events | where echoed!="" | stats count sum(n) first(n) last("a text") dc(x)',
  );
  expect(rows).toEqual([
    {
      count: '60000',
      'sum(n)': String((60_000 * 59_999) / 2),
      'first(n)': '0',
      'last(a text)': 'text 2',
      'dc(x)': '60000',
    },
  ]);
});

test('a search that is left early stops reading', async () => {
  const { job, close } = await head.open('| inputlookup large.csv | echo');
  for await (const batch of job.run()) {
    expect(batch.rows).toBe(2500);
    break;
  }
  await close();
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timeOf } from '../../sandbox/spl/time-modifier.ts';
import { SearchHead } from './search-head.ts';

let head: SearchHead;
beforeAll(async () => {
  head = await SearchHead.start();
  const local = join(head.home.path, 'etc/apps/kepler/local');
  mkdirSync(local, { recursive: true });
  writeFileSync(
    join(local, 'macros.conf'),
    `[plain]
definition = eval m="plain"
[two(2)]
args = a,b
definition = eval m="$a$|$b$" | \`plain\`2
[twice(1)]
args = f
definition = eval '$f$'='$f$'*2 | \`once(n)\`
[once(1)]
args = f
definition = where '$f$'>0
[loop]
definition = \`loop\`
[asked(1)]
args = n
definition = head $n$
validation = isnum($n$)
errormsg = A number is needed.
[made(1)]
args = n
definition = "head ".tostring($n$+1)
iseval = 1
`,
  );
  head.lookup('people.csv', 'id,name,team\n1,ann,red\n2,bob,blue\n2,ben,blue\n');
});
afterAll(() => head.stop());

const csv = (text: string) => `| makeresults format=csv data="${text}"`;
const rows = async (search: string) => {
  const { rows: found, error } = await head.search(search);
  if (error) throw new Error(error);
  return found;
};

describe('macros', () => {
  test('stand for their definition, with arguments, inside each other, as expressions', async () => {
    expect(await rows('| makeresults | `plain` | table m')).toEqual([{ m: 'plain' }]);
    expect(await rows(`${csv('n\n1\n-1')} | \`twice(n)\``)).toEqual([{ n: '2' }]);
    expect(await rows('| makeresults count=5 | `made(2)` | stats count')).toEqual([{ count: '3' }]);
    expect(await rows(`${csv('predicted(y)\n3')} | \`once("predicted(y)")\``)).toEqual([
      { 'predicted(y)': '3' },
    ]);
  });

  test.each([
    ['`nowhere`', /macro 'nowhere' that cannot be found with no arguments/],
    ['`plain(1)`', /'plain' that cannot be found with 1 argument\b/],
    ['`loop`', /calls itself/],
    ['`asked(x)`', /A number is needed/],
  ])('%s says what is wrong', async (macro, problem) => {
    expect((await head.search(`| makeresults | ${macro}`)).error).toMatch(problem);
  });

  test('comments are no macros', async () => {
    expect(await rows('| makeresults ```a `nowhere` b``` | `asked(1)` | stats count')).toEqual([
      { count: '1' },
    ]);
  });
});

describe('charts', () => {
  const data = csv('k,s,v\na,x,1\na,y,2\nb,x,3\nb,x,5');

  test('chart: a row a value, a column a series', async () => {
    expect(await rows(`${data} | chart count over k by s`)).toEqual([
      { k: 'a', x: '1', y: '1' },
      { k: 'b', x: '2', y: '0' },
    ]);
    expect(await rows(`${data} | chart avg(v) as m max(v) by k`)).toEqual([
      { k: 'a', m: '1.5', 'max(v)': '2' },
      { k: 'b', m: '4', 'max(v)': '5' },
    ]);
    expect(await rows(`${data} | chart sum(v) by k s`)).toEqual([
      { k: 'a', x: '1', y: '2' },
      { k: 'b', x: '8', y: null },
    ]);
  });

  test('chart: what is beyond the limit becomes OTHER, empty ones NULL', async () => {
    const many = csv('k,s\na,p\na,p\na,q\na,r\na,');
    expect(await rows(`${many} | chart limit=1 count over k by s`)).toEqual([{ k: 'a', p: '2', OTHER: '3' }]);
    expect(await rows(`${many} | chart limit=0 usenull=f count over k by s`)).toEqual([
      { k: 'a', p: '2', q: '1', r: '1' },
    ]);
    expect(await rows(`${many} | chart limit=1 useother=f count over k by s`)).toEqual([{ k: 'a', p: '2' }]);
  });

  test('timechart: buckets without rows are there too', async () => {
    const times = csv('_time,h,v\n1700000000,a,1\n1700000010,b,2\n1700007300,a,4');
    expect(await rows(`${times} | timechart span=1h count`)).toEqual([
      { _time: '1699999200', count: '2' },
      { _time: '1700002800', count: '0' },
      { _time: '1700006400', count: '1' },
    ]);
    expect(await rows(`${times} | timechart span=1h sum(v) by h | head 1`)).toEqual([
      { _time: '1699999200', a: '1', b: '2' },
    ]);
    expect(await rows(`${times} | timechart span=1mon count`)).toEqual([{ _time: '1698796800', count: '3' }]);
  });

  test('bin, makecontinuous', async () => {
    const numbers = csv('v\n1\n4\n12\n38');
    expect(await rows(`${numbers} | bin v span=10`)).toEqual(
      ['0-10', '0-10', '10-20', '30-40'].map((v) => ({ v })),
    );
    expect(
      await rows(`${numbers} | bin v span=10 | stats count by v | makecontinuous v | fillnull count`),
    ).toEqual([
      { v: '0-10', count: '2' },
      { v: '10-20', count: '1' },
      { v: '20-30', count: '0' },
      { v: '30-40', count: '1' },
    ]);
    expect(await rows(`${numbers} | bin v bins=4 as w | table w | dedup w`)).toEqual(
      ['0-10', '10-20', '30-40'].map((w) => ({ w })),
    );
    expect(await rows(`${csv('_time\n1700000000')} | bin _time span=1d`)).toEqual([{ _time: '1699920000' }]);
  });

  test('top and rare, with count and share', async () => {
    const colours = csv('c,g\nred,1\nred,1\nblue,2\nred,2');
    expect(await rows(`${colours} | top c`)).toEqual([
      { c: 'red', count: '3', percent: '75.000000' },
      { c: 'blue', count: '1', percent: '25.000000' },
    ]);
    expect(await rows(`${colours} | top limit=1 c by g showperc=f`)).toEqual([
      { g: '1', c: 'red', count: '2' },
      { g: '2', c: 'blue', count: '1' },
    ]);
    expect(await rows(`${colours} | rare 1 c`)).toMatchObject([{ c: 'blue', count: '1' }]);
  });
});

test('lookup: all lines that agree; OUTPUTNEW keeps what is there', async () => {
  const ids = csv('id,team\n1,own\n2,\n3,');
  expect(await rows(`${ids} | lookup people id OUTPUT name team as squad`)).toEqual([
    { id: '1', team: 'own', name: 'ann', squad: 'red' },
    { id: '2', team: null, name: ['bob', 'ben'], squad: ['blue', 'blue'] },
    { id: '3', team: null, name: null, squad: null },
  ]);
  expect(await rows(`${ids} | lookup people.csv id OUTPUTNEW team | table team`)).toEqual([
    { team: 'own' },
    { team: ['blue', 'blue'] },
    { team: null },
  ]);
  expect((await head.search(`${ids} | lookup people id OUTPUT nothing`)).error).toMatch(/no field 'nothing'/);
});

test('appendpipe sends the rows so far through commands of its own', async () => {
  expect(await rows(`${csv('n\n1\n2')} | appendpipe [ stats sum(n) as n | eval kind="sum" ]`)).toEqual([
    { n: '1', kind: null },
    { n: '2', kind: null },
    { n: '3', kind: 'sum' },
  ]);
});

test('aggregates of wildcards, a column each', async () => {
  expect(await rows(`${csv('a1,a2,k\n1,2,x\n3,4,x')} | stats max(a*) as top_* min(*) by k`)).toEqual([
    { k: 'x', top_1: '3', top_2: '4', 'min(a1)': '1', 'min(a2)': '2' },
  ]);
});

test('points in time', () => {
  const now = Date.UTC(2026, 10, 21, 15, 45, 57) / 1000;
  const iso = (text: string) => new Date(timeOf(text, now) * 1000).toISOString();
  expect(iso('-24h@h')).toBe('2026-11-20T15:00:00.000Z');
  expect(iso('@d')).toBe('2026-11-21T00:00:00.000Z');
  expect(iso('-1mon@mon+2d')).toBe('2026-10-03T00:00:00.000Z');
  expect(iso('@w1')).toBe('2026-11-16T00:00:00.000Z');
  expect(iso('now')).toBe('2026-11-21T15:45:57.000Z');
  expect(timeOf('1700000000.5', now)).toBe(1700000000.5);
  expect(() => timeOf('-1zebra', now)).toThrow(/time term/);
});

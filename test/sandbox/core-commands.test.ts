import { SearchHead } from './search-head.ts';

let head: SearchHead;
beforeAll(async () => {
  head = await SearchHead.start();
  head.lookup('t.csv', 'k,n,s\na,10,x y\nb,9,\na,,z\nc,100,x\n');
  head.lookup('odd.csv', '"a ""q""",ü,"x=1",by\n1,2,3,4\n');
});
afterAll(() => head.stop());

const rows = async (search: string) => {
  const found = await head.search(search);
  if (found.error) throw new Error(found.error);
  return found.rows;
};
const column = (search: string, field: string) => head.cells(search, field);

test('inputlookup: start, max, where, append, and the name without .csv', async () => {
  expect(await column('| inputlookup t start=1 max=2', 'k')).toEqual(['b', 'a']);
  expect(await column('| inputlookup t.csv where n>9', 'n')).toEqual(['10', '100']);
  expect(await column('| inputlookup t.csv where k=a OR s=X*', 'n')).toEqual(['10', null, '100']);
  expect(await column('| makeresults | eval k="z" | inputlookup append=t t.csv max=1', 'k')).toEqual([
    'z',
    'a',
  ]);
});

test('outputlookup writes what inputlookup reads back, multivalues too', async () => {
  await rows(
    '| makeresults count=2 | eval m=split("a$;b c",";"), n=1.5 | fields - _time | outputlookup out.csv',
  );
  expect(await rows('| inputlookup out.csv')).toEqual([
    { m: ['a$', 'b c'], n: '1.5' },
    { m: ['a$', 'b c'], n: '1.5' },
  ]);
  const { error } = await head.search('| makeresults | outputlookup t.csv');
  expect(error).toMatch(/'t.csv' is a file of the folder given with --lookups/);
  expect(await column('| inputlookup t.csv', 'n')).toHaveLength(4);
});

test('makeresults: count, annotate and data', async () => {
  expect(await rows('| makeresults count=3 | stats count')).toEqual([{ count: '3' }]);
  expect(Object.keys((await rows('| makeresults annotate=t'))[0])).toContain('sourcetype');
  expect(await rows('| makeresults format=csv data="a,b\n1,x\n2,"')).toHaveLength(2);
  expect(await rows('| makeresults format=json data="[{\\"a\\":1},{\\"a\\":[\\"x\\",\\"y\\"]}]"')).toEqual([
    { a: '1' },
    { a: ['x', 'y'] },
  ]);
});

test('head, tail, reverse', async () => {
  expect(await column('| inputlookup t.csv | head 2', 'k')).toEqual(['a', 'b']);
  expect(await column('| inputlookup t.csv | head limit=1', 'k')).toEqual(['a']);
  expect(await column('| inputlookup t.csv | tail 2', 'k')).toEqual(['c', 'a']);
  expect(await column('| makeresults count=6000 | streamstats count | tail 3', 'count')).toEqual([
    '6000',
    '5999',
    '5998',
  ]);
  expect(await column('| inputlookup t.csv | reverse', 'k')).toEqual(['c', 'a', 'b', 'a']);
});

test('head with a condition: rows from the first one on as long as it holds', async () => {
  const counted = '| makeresults count=6000 | streamstats count as i';
  expect(await column(`${counted} | head (i<5998) | stats count`, 'count')).toEqual(['5997']);
  expect(await column(`${counted} | head i<3 keeplast=true`, 'i')).toEqual(['1', '2', '3']);
  expect(await column(`${counted} | head limit=2 (i < 9)`, 'i')).toEqual(['1', '2']);
  expect(await column('| inputlookup t.csv | head (n<=10) null=t', 'k')).toEqual(['a', 'b', 'a']);
  expect(await column('| inputlookup t.csv | head (n<=10)', 'k')).toEqual(['a', 'b']);
  expect((await head.search('| inputlookup t.csv | head while')).error).toMatch(/not 'while'/);
  expect((await head.search('| inputlookup t.csv | head n >')).error).toMatch(/Error in 'head' command/);
});

test('fields, table and rename, with wildcards and odd names', async () => {
  expect((await head.search('| inputlookup t.csv | fields - n s')).fields).toEqual(['k']);
  expect((await head.search('| inputlookup t.csv | fields s, k')).fields).toEqual(['s', 'k']);
  expect((await head.search('| inputlookup t.csv | table n absent k*')).fields).toEqual(['n', 'absent', 'k']);
  expect((await head.search('| inputlookup t.csv | rename k as "a b", n AS m')).fields).toEqual([
    'a b',
    'm',
    's',
  ]);
  expect((await head.search('| inputlookup t.csv | rename * as x_*')).fields).toEqual(['x_k', 'x_n', 'x_s']);
  expect((await head.search('| inputlookup t.csv | rename k as n')).fields).toEqual(['n', 's']);
  expect((await head.search('| inputlookup odd.csv | table ü "a \\"q\\"" "x=1"')).fields).toEqual([
    'ü',
    'a "q"',
    'x=1',
  ]);
});

test('sort: numbers by size, signs, limit, nulls last', async () => {
  expect(await column('| inputlookup t.csv | sort n', 'n')).toEqual(['9', '10', '100', null]);
  expect(await column('| inputlookup t.csv | sort - n', 'n')).toEqual(['100', '10', '9', null]);
  expect(await column('| inputlookup t.csv | sort -k, +n', 'k')).toEqual(['c', 'b', 'a', 'a']);
  expect(await column('| inputlookup t.csv | sort 2 str(n)', 'n')).toEqual(['10', '100']);
  expect(await column('| makeresults count=10050 | sort _time | stats count', 'count')).toEqual(['10000']);
  expect(await column('| makeresults count=10050 | sort 0 _time | stats count', 'count')).toEqual(['10050']);
});

test('dedup', async () => {
  expect(await column('| inputlookup t.csv | dedup k', 'k')).toEqual(['a', 'b', 'c']);
  expect(await column('| inputlookup t.csv | dedup 2 k | stats count', 'count')).toEqual(['4']);
  expect(await column('| inputlookup t.csv | dedup s', 'k')).toEqual(['a', 'a', 'c']);
  expect(await column('| inputlookup t.csv | dedup k sortby - n', 'k')).toEqual(['c', 'a', 'b']);
  expect(await column('| inputlookup t.csv | dedup k keepevents=true', 'k')).toEqual(['a', 'b', null, 'c']);
  expect(await column('| inputlookup t.csv | sort k | dedup consecutive=t k', 'k')).toEqual(['a', 'b', 'c']);
  expect(
    await column('| inputlookup t.csv | append [| inputlookup t.csv] | dedup k consecutive=t', 'k'),
  ).toEqual(['a', 'b', 'a', 'c', 'a', 'b', 'a', 'c']);
});

test('search: terms, comparisons, wildcards, OR before AND, NOT, IN, quoted fields', async () => {
  const k = (condition: string) => column(`| inputlookup t.csv | search ${condition}`, 'n');
  expect(await k('k=a')).toEqual(['10', null]);
  expect(await k('k!=a')).toEqual(['9', '100']);
  expect(await k('n>9')).toEqual(['10', '100']);
  expect(await k('s="X*"')).toEqual(['10', '100']);
  expect(await k('NOT s=*')).toEqual(['9']);
  expect(await k('k=a OR k=b n=9')).toEqual(['9']);
  expect(await k('k=a OR (k=b n=9)')).toEqual(['10', '9', null]);
  expect(await k('k IN (b, c)')).toEqual(['9', '100']);
  expect(await k('"x y"')).toEqual(['10']);
  expect(
    await column('| inputlookup t.csv | rename n as "IsOutlier(n)" | search "IsOutlier(n)"=9', 'k'),
  ).toEqual(['b']);
  expect(await column('| inputlookup t.csv | rename n as predicted(n) | search predicted(n)=9', 'k')).toEqual(
    ['b'],
  );
});

test('where and eval, with fields made from one another', async () => {
  expect(
    await column("| inputlookup t.csv | where n>=10 AND isnotnull(s) | eval d='n'*2, e=d+1", 'e'),
  ).toEqual(['21', '201']);
  const { error } = await head.search('| makeresults | eval a=(1=1)');
  expect(error).toMatch(/Fields cannot be assigned a boolean result/);
  expect((await head.search('| makeresults | where nosuch(1)')).error).toMatch(
    /Error in 'where' command: .*'nosuch'/,
  );
});

test('stats: functions, by, as, eval inside, multivalue results', async () => {
  expect(
    await rows(
      '| inputlookup t.csv | stats count count(n) as c sum(n) avg(n) min(n) max(n) dc(k) values(k) list(k) first(n) last(s)',
    ),
  ).toEqual([
    {
      count: '4',
      c: '3',
      'sum(n)': '119',
      'avg(n)': String(119 / 3),
      'min(n)': '9',
      'max(n)': '100',
      'dc(k)': '3',
      'values(k)': ['a', 'b', 'c'],
      'list(k)': ['a', 'b', 'a', 'c'],
      'first(n)': '10',
      'last(s)': 'x',
    },
  ]);
  expect(await rows('| inputlookup t.csv | stats count(eval(n>9)) as big by k')).toEqual([
    { k: 'a', big: '1' },
    { k: 'b', big: '0' },
    { k: 'c', big: '1' },
  ]);
  expect(
    await rows('| inputlookup t.csv | stats stdev(n) var(n) median(n) perc50(n) range(n) mode(k)'),
  ).toEqual([
    {
      'stdev(n)': expect.stringMatching(/^52\.25\d+$/),
      'var(n)': expect.stringMatching(/^2730\.33\d+$/),
      'median(n)': '10',
      'perc50(n)': '10',
      'range(n)': '91',
      'mode(k)': 'a',
    },
  ]);
  expect(
    await rows('| inputlookup t.csv | rename n as "predicted(n)" | stats avg("predicted(n)") as m by k, s'),
  ).toHaveLength(3);
  expect(await rows('| inputlookup t.csv | stats avg("n") by "k"')).toHaveLength(3);
  expect((await head.search('| inputlookup t.csv | stats nosuch(n)')).error).toMatch(
    /'nosuch' is not a function/,
  );
  expect((await head.search('| inputlookup t.csv | stats avg')).error).toMatch(/'avg' needs a field/);
});

test('stats by a multivalue field counts each value', async () => {
  expect(await rows('| makeresults | eval m=split("a,b,b",",") | stats count by m')).toEqual([
    { m: 'a', count: '1' },
    { m: 'b', count: '2' },
  ]);
});

test('eventstats and streamstats keep the rows', async () => {
  expect(await column('| inputlookup t.csv | eventstats max(n) as top by k', 'top')).toEqual([
    '10',
    '9',
    '10',
    '100',
  ]);
  expect(await column('| inputlookup t.csv | streamstats sum(n) as run', 'run')).toEqual([
    '10',
    '19',
    '19',
    '119',
  ]);
  expect(await column('| inputlookup t.csv | streamstats current=f count by k', 'count')).toEqual([
    '0',
    '0',
    '1',
    '0',
  ]);
});

test('fillnull with and without fields', async () => {
  expect(await column('| inputlookup t.csv | fillnull n', 'n')).toEqual(['10', '9', '0', '100']);
  expect(await column('| inputlookup t.csv | fillnull value=- s new', 'new')).toEqual(['-', '-', '-', '-']);
  expect(await rows('| inputlookup t.csv | fillnull | search s=0 OR n=0')).toHaveLength(2);
});

test('rex, makemv and mvexpand', async () => {
  expect(await column('| inputlookup t.csv | rex field=s "^(?<first>\\w)"', 'first')).toEqual([
    'x',
    null,
    'z',
    'x',
  ]);
  expect(await column('| makeresults | eval a="1;2;3" | makemv delim=";" a | mvexpand a', 'a')).toEqual([
    '1',
    '2',
    '3',
  ]);
});

test('append, join and return', async () => {
  expect(await column('| inputlookup t.csv | head 1 | append [| inputlookup t.csv | tail 1]', 'k')).toEqual([
    'a',
    'c',
  ]);
  expect(
    await column(
      '| inputlookup t.csv | join k [| inputlookup t.csv | dedup k | eval id=k."!" | fields k id]',
      'id',
    ),
  ).toEqual(['a!', 'b!', 'a!', 'c!']);
  expect(
    await column(
      '| inputlookup t.csv | join type=left k [| inputlookup t.csv | search k=b | eval id=1 | fields k id]',
      'id',
    ),
  ).toEqual([null, '1', null, null]);
  expect(
    await column('| inputlookup t.csv | search [| inputlookup t.csv | search n=9 | fields k]', 'k'),
  ).toEqual(['b']);
  expect(await column('| inputlookup t.csv | head [| makeresults | eval n=2 | return $n]', 'k')).toEqual([
    'a',
    'b',
  ]);
});

test.each([
  ['| nosuch x', /Unknown search command 'nosuch'.*inputlookup/],
  ['| inputlookup absent.csv', /lookup 'absent.csv' does not exist. There are: .*t.csv/],
  ['| inputlookup ../../etc/passwd', /does not exist/],
  ['| inputlookup t.csv | makeresults', /'makeresults' command: This command must be the first/],
  ['| makeresults count=-1', /count must be a whole number/],
  ['| inputlookup t.csv | rename k', /<field> AS <name>/],
  ['| inputlookup t.csv | sort', /at least one field/],
])('%s is refused', async (search, problem) => {
  expect((await head.search(search)).error).toMatch(problem);
});

test('a ragged lookup is refused, by name and row', async () => {
  head.lookup('ragged.csv', 'a,b\n1,2\n3\n4,5,6\n');
  expect((await head.search('| inputlookup ragged.csv | stats sum(a)')).error).toBe(
    "Lookup 'ragged.csv': row 3 has 3 cells, but the header names 2 fields.",
  );
});

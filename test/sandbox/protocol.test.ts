import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SearchHead } from './search-head.ts';

let head: SearchHead;
let log: string;
beforeAll(async () => {
  head = await SearchHead.start();
  log = join(head.folder, 'commands.log');
  head.lookup('t.csv', 'a,b c,d\n1,1.5,x\n2,2.5,\n3,3.5,z\n');
});
beforeEach(() => rmSync(log, { force: true }));
afterAll(() => head.stop());

interface Logged {
  readonly action?: string;
  readonly finished?: boolean;
  readonly body?: string;
  readonly rows?: number;
  readonly pid?: number;
  readonly searchinfo?: Record<string, unknown>;
}
const logged = (): Logged[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Logged)
    : [];
const executes = () => logged().filter(({ action }) => action === 'execute');
const isGone = (pid: number) => !existsSync(`/proc/${pid}`);

test('a probe without search id comes first, in a process that sees only getinfo', async () => {
  const search = `| inputlookup t.csv | echo log=${log} a = "two words"`;
  await head.search(search, { user: 'analyst' });
  const [probe, work] = logged().filter(({ action }) => action === 'getinfo');
  expect(probe.searchinfo).toMatchObject({ sid: '', dispatch_dir: '' });
  expect(probe.pid).not.toBe(work.pid);
  expect(work.searchinfo).toEqual({
    args: [`log=${log}`, 'a', '=', 'two words'],
    raw_args: [`log=${log}`, 'a', '=', '"two words"'],
    dispatch_dir: expect.stringContaining(work.searchinfo!.sid as string),
    sid: expect.stringMatching(/^\d+\.\d+$/),
    app: 'kepler',
    owner: 'analyst',
    username: 'analyst',
    session_key: expect.stringMatching(/^[0-9a-f]{64}$/),
    splunkd_uri: head.rest.url,
    splunk_version: expect.any(String),
    search: encodeURIComponent(search),
    command: 'echo',
    maxresultrows: 50000,
    earliest_time: '0',
    latest_time: '0',
  });
});

test('chunks: the first small, then larger; the last one says so', async () => {
  const { rows } = await head.search(`| makeresults count=25 | echo log=${log}`, {
    chunks: { firstRows: 5, rows: 10 },
  });
  expect(rows).toHaveLength(25);
  expect(executes().map(({ rows, finished }) => [rows, finished])).toEqual([
    [5, false],
    [10, false],
    [10, true],
  ]);
});

test('every field has its companion column, behind all fields', async () => {
  await head.search(`| inputlookup t.csv | eval m=split("a,b",",") | echo log=${log}`);
  expect(executes()[0].body!.split('\n')[0]).toBe('a,"b c",d,m,"__mv_a","__mv_b c","__mv_d","__mv_m"');
  expect(executes()[0].body!.split('\n').slice(1, 3).join('\n')).toBe('1,"1.5",x,"a\nb",,,,"$a$;$b$"');
});

test.each(['streaming', 'stateful'])(
  'required fields alone reach a %s command; the others are joined again',
  async (type) => {
    const { fields, rows } = await head.search(
      `| inputlookup t.csv | echo type=${type} fields=b*,absent,a log=${log} backwards=t`,
    );
    expect(executes()[0].body!.split('\n')[0]).toBe(
      '"b c",a,"_chunked_idx","__mv_b c","__mv_a","__mv__chunked_idx"',
    );
    expect(fields).toEqual(['a', 'b c', 'd', 'echoed']);
    expect(rows.map((row) => [row.a, row['b c'], row.d])).toEqual([
      ['3', '3.5', 'z'],
      ['2', '2.5', null],
      ['1', '1.5', 'x'],
    ]);
  },
);

test('an events command gets every field, answers at the end, and is told the end with its rows or behind them', async () => {
  const { rows } = await head.search(`| inputlookup t.csv | echo type=events fields=a log=${log}`, {
    chunks: { firstRows: 2, rows: 2 },
  });
  expect(rows).toEqual([
    { a: '1', 'b c': '1.5', d: 'x' },
    { a: '2', 'b c': '2.5', d: null },
    { a: '3', 'b c': '3.5', d: 'z' },
  ]);
  expect(executes().map(({ finished }) => finished)).toEqual([false, true]);
});

test('a generating command is asked until it has finished, and must come first', async () => {
  expect(await head.cells(`| echo generating=3 log=${log}`, 'n')).toEqual(['1', '2', '3']);
  expect(executes()).toHaveLength(3);
  const { error } = await head.search('| makeresults | echo generating=3');
  expect(error).toMatch(/'echo' command: This command must be the first/);
});

test('without rows a command gets one empty chunk that ends it', async () => {
  expect((await head.search(`| makeresults count=0 | echo log=${log}`)).rows).toEqual([]);
  expect(executes().map(({ body, finished }) => [body, finished])).toEqual([['', true]]);
});

test('several commands work as one pipeline', async () => {
  const { rows } = await head.search(
    '| inputlookup t.csv | echo fields=a | echo type=events | echo fields=d',
    {
      chunks: { firstRows: 1, rows: 1 },
    },
  );
  expect(rows.map(({ a }) => a)).toEqual(['1', '2', '3']);
});

test('a command that finishes early is given no more', async () => {
  const { rows } = await head.search(`| makeresults count=100 | echo stop=2 log=${log}`, {
    chunks: { firstRows: 10, rows: 10 },
  });
  expect(rows).toHaveLength(20);
  expect(executes()).toHaveLength(2);
});

test('a search that needs no more rows ends its commands', async () => {
  const { rows } = await head.search(`| makeresults count=1000 | echo log=${log} | head 5`, {
    chunks: { firstRows: 10, rows: 10 },
  });
  expect(rows).toHaveLength(5);
  expect(executes().length).toBeLessThan(6);
  for (const { pid } of logged()) if (pid) expect(isGone(pid)).toBe(true);
});

test('messages reach the search once, metrics its job', async () => {
  const { job, close } = await head.open('| makeresults count=30 | echo say=WARN:careful', {
    chunks: { firstRows: 10, rows: 10 },
  });
  for await (const batch of job.run()) void batch;
  await close();
  expect(job.messages).toEqual([{ type: 'WARN', text: 'careful' }]);
  expect(job.metrics.get('echo')).toEqual({ 'metric.echo': [0.1, 3, 0, 0] });
});

test('a fatal error is told once', async () => {
  expect(await head.search('| makeresults | echo refuse="No such thing"')).toMatchObject({
    error: '"No such thing"',
    messages: [],
    rows: [],
  });
});

test('of a refused search the message is what its own process says, which may know more than a probe', async () => {
  expect(await head.search('| makeresults | echo refuse_probe=half refuse=whole')).toMatchObject({
    error: 'whole',
    messages: [],
  });
  expect(await head.search('| makeresults | echo refuse_probe=half')).toMatchObject({ error: 'half' });
});

test.each([
  ['die=probe', /External search command exited unexpectedly: 'echo' ended with status 1/],
  ['die=getinfo', /External search command exited unexpectedly: 'echo' ended with status 1/],
  ['die=1', /External search command exited unexpectedly: 'echo' ended with status 7/],
  ['die=2', /External search command exited unexpectedly: 'echo' ended with status 7/],
  ['garbage=t', /Invalid message received from external search command/],
  ['twice=t', /Failure writing result chunk, buffer full/],
  ['type=odd', /its type 'odd' is none of/],
])('a command that misbehaves (%s) fails the search with a message', async (args, problem) => {
  const { error } = await head.search(`| makeresults count=3000 | echo ${args}`);
  expect(error).toMatch(problem);
});

test('what a command writes to stderr stays in search.log', async () => {
  expect(await head.search('| makeresults | echo stderr=oops')).toMatchObject({ messages: [] });
});

test('a search whose log cannot be written goes on without it, and says so', async () => {
  const { job, close } = await head.open('| makeresults | echo stderr=oops');
  mkdirSync(join(head.home.dispatch, job.sid, 'search.log'), { recursive: true });
  for await (const batch of job.run()) expect(batch.rows).toBe(1);
  await close();
  expect(job.messages).toEqual([
    { type: 'WARN', text: expect.stringMatching(/search\.log cannot be written/) },
  ]);
});

test('cancelling ends the commands and clears the dispatch folder', async () => {
  const { job, close } = await head.open(`| makeresults count=10 | echo hang=1 log=${log}`);
  const ended = (async () => {
    for await (const batch of job.run()) void batch;
  })();
  ended.catch(() => undefined);
  while (!readFile(log).includes('hangs')) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(readdirSync(head.home.dispatch)).toHaveLength(1);
  await job.cancel();
  await expect(ended).rejects.toThrow('The search was cancelled.');
  await close();
  for (const { pid } of logged()) if (pid) expect(isGone(pid)).toBe(true);
  expect(readdirSync(head.home.dispatch)).toEqual([]);
});

const readFile = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

test('an app shows other apps only the commands that it exports', async () => {
  expect((await head.search('| makeresults | echo', { app: 'search' })).error).toMatch(
    /Unknown search command 'echo'/,
  );
  expect((await head.search('| makeresults | kecho', { app: 'search' })).rows).toHaveLength(1);
  expect((await head.search('| makeresults | kecho')).rows).toHaveLength(1);
});

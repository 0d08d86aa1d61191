import { Bench, into } from './harness.ts';

let bench: Bench;
beforeAll(() => void (bench = new Bench()));
afterAll(() => bench.close());

const ROWS = Array.from(
  { length: 60 },
  (_, i) => `${i % 7},${(i * 5) % 11},${i % 3 ? 'no' : 'yes'},${2 * (i % 7) - ((i * 5) % 11)}`,
);
const TABLE = `a,b,c,y\n${ROWS.join('\n')}\n`;

async function failure(spec: Parameters<Bench['fit']>[0], chunk = TABLE) {
  try {
    await bench.fit(spec, [chunk]);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('the fit did not fail');
}

it('prepares as MLTK does, with its warnings', async () => {
  const [{ meta, csv }] = await bench.fit(
    { algorithm: 'LinearRegression', targets: ['y'], fields: ['*', 'gone'], into: into('all') },
    ['y,b,__mv_b,empty,c,a\n1,2,,,x,1\n2,,,,y,2\n3,3,,,x,4\n5,1,,,y,2\n'],
  );
  const texts = meta.messages.map(({ text }) => text).join('\n');
  expect(texts).toMatch(/missing .*"gone"/);
  expect(texts).toMatch(/without any value .*"empty"/);
  expect(texts).toMatch(/1 of 4 rows was left out/);
  expect(csv.split('\n')[2]).toBe('2,,,,y,2,');
  const plan = await bench.jobs.plan(
    { model: into('all'), options: {} },
    { user: 'alice', app: 'search', roles: [], capabilities: [], acl: { read: [], write: [] } },
  );
  expect([...plan.requiredFields].sort()).toEqual(['a', 'b', 'c']);
});

it.each([
  [{ algorithm: 'LinearRegresion', targets: ['y'], fields: ['a'] }, 'unknown_algorithm', 'LinearRegression'],
  [{ algorithm: 'LinearRegression', fields: ['a'] }, 'invalid_arguments', 'before "from"'],
  [{ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], options: { fit_intercpt: 't' } }, 'invalid_arguments', 'fit_intercept'],
  [{ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], by: ['y'] }, 'invalid_arguments', 'cannot be grouped by it'],
  [{ algorithm: 'LinearRegression', targets: ['z'], fields: ['a'] }, 'target_missing', '"z"'],
  [{ algorithm: 'LinearRegression', targets: ['c'], fields: ['a'] }, 'not_numeric', '"yes"'],
  [{ algorithm: 'LinearRegression', targets: ['y'], fields: ['y'] }, 'no_features', '"y"'],
  [{ algorithm: 'LinearRegression', targets: ['y'], fields: ['nope'] }, 'no_features', '"nope"'],
  [{ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], kfoldCv: 1 }, 'invalid_arguments', 'kfold_cv'],
])('%j fails with %s', async (spec, code, text) => {
  const error = await failure(spec);
  expect(error.code).toBe(code);
  expect(error.message).toContain(text);
  expect(bench.spooled()).toEqual([]);
}); // prettier-ignore

it('refuses targets that cannot be learnt', async () => {
  const spec = { algorithm: 'LogisticRegression', targets: ['c'], fields: ['a'] };
  expect((await failure(spec, 'a,c\n1,\n2,\n')).code).toBe('target_null');
  expect((await failure(spec, 'a,c\n1,x\n2,x\n')).code).toBe('target_constant');
  const many = Array.from({ length: 101 }, (_, i) => `${i},c${i}`).join('\n');
  expect((await failure(spec, `a,c\n${many}\n`)).code).toBe('too_many_classes');
  expect((await failure(spec, 'a,c\n1,\n,x\n')).code).toBe('no_valid_rows');
  expect((await failure(spec, 'a,c\n')).code).toBe('no_valid_rows');
});

it('says why no field is left, each by its name', async () => {
  const spec = { algorithm: 'LinearRegression', targets: ['y'], fields: ['i*', 'gone', 'e'] };
  const body = `y,id,e\n${Array.from({ length: 101 }, (_, i) => `${i},t${i},`).join('\n')}\n`;
  expect((await failure(spec, body)).message).toMatch(
    /search results: "gone"; without any value: "e"; text with too many .*: "id"\./,
  );
  expect((await failure({ ...spec, fields: ['y*'] }, body)).message).toMatch(
    /nothing but the field to predict/,
  );
});

it('warns of bytes that are not UTF-8 in fields it learns from', async () => {
  const rows = Array.from(
    { length: 6 },
    (_, i) => `${i},${i % 2 ? 'ab' : '\xff\xfe'},${i % 2 ? 'x' : '\xe9'}\n`,
  );
  const body = Buffer.from(`n,t,c\n${rows.join('')}`, 'latin1');
  const spec = { algorithm: 'DecisionTreeClassifier', targets: ['c'], fields: ['n', 't'] };
  const [{ meta }] = await bench.fit(spec, [body]);
  const texts = meta.messages.filter(({ text }) => text.includes('not UTF-8')).map(({ text }) => text);
  expect(texts).toEqual([expect.stringContaining('"t"'), expect.stringContaining('"c"')]);
});

it('names classes as text, whole numbers without a point', async () => {
  const body = `a,c\n${Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? '10.0' : '9'}`).join('\n')}\n`;
  const [{ csv }] = await bench.fit({ algorithm: 'LogisticRegression', targets: ['c'], fields: ['a'] }, [
    body,
  ]);
  const predicted = new Set(
    csv
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(',')[2]),
  );
  expect([...predicted].sort()).toEqual(['10', '9']);
});

it('sample_count trains on a sample; all rows come back', async () => {
  const spec = {
    algorithm: 'LinearRegression',
    targets: ['y'],
    fields: ['a', 'b'],
    sampleCount: 30,
    sampleSeed: 1,
  };
  const [{ csv, meta }] = await bench.fit(spec, [TABLE]);
  expect(csv.split('\n').length).toBe(62);
  expect(meta.metrics?.trained_rows).toBe(30);
});

it('kfold_cv gives a row per fold in place of the rows', async () => {
  const numbers = await bench.fit(
    { algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'b'], kfoldCv: 3 },
    [TABLE],
  );
  const lines = numbers[0].csv.trim().split('\n');
  expect(lines[0]).toBe('r2,neg_mean_squared_error');
  expect(lines.slice(1).map((line) => Math.round(Number(line.split(',')[0]) * 1e6))).toEqual([1e6, 1e6, 1e6]);
  const classes = await bench.fit(
    { algorithm: 'LogisticRegression', targets: ['c'], fields: ['a', 'b'], kfoldCv: 4 },
    [TABLE],
  );
  expect(classes[0].csv.split('\n')[0]).toBe('f1_weighted,accuracy,precision_weighted,recall_weighted');
  expect(classes[0].csv.trim().split('\n')).toHaveLength(5);
});

it('as renames: the output, or its prefix', async () => {
  const one = await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], as: 'guess' }, [
    TABLE,
  ]);
  expect(one[0].csv.split('\n')[0]).toBe('a,b,c,y,guess');
  const two = await bench.fit({ algorithm: 'StandardScaler', fields: ['a', 'b'], as: 'Z' }, [TABLE]);
  expect(two[0].csv.split('\n')[0]).toBe('a,b,c,y,Z_a,Z_b');
});

it('partial_fit goes on from the version before', async () => {
  const spec = { algorithm: 'StandardScaler', fields: ['a'], into: into('scaler'), partialFit: true };
  await bench.fit(spec, ['a\n1\n3\n']);
  const [{ meta }] = await bench.fit(spec, ['a\n5\n7\n']);
  expect(meta.version?.version).toBe(2);
  const { csv } = await bench.apply('scaler', 'a\n4\n');
  expect(csv).toBe('a,SS_a\n4,0\n');
  await expect(
    bench.fit({ ...spec, algorithm: 'LinearRegression', targets: ['a'], fields: ['b'] }, [TABLE]),
  ).rejects.toMatchObject({ code: 'invalid_arguments' });
});

it('score puts its table in place of the rows', async () => {
  const reply = await bench.score({ method: 'r2_score', options: {}, a: ['y'], b: ['a'] }, [TABLE, TABLE]);
  expect(reply.csv.split('\n')[0]).toContain('r2_score');
  expect(reply.csv.trim().split('\n')).toHaveLength(2);
});

it('sample keeps rows as they are, or adds the partition', async () => {
  const kept = (await bench.sample({ count: 7, seed: 3 }, [TABLE, `${TABLE}`])).csv.trim().split('\n');
  expect(kept).toHaveLength(8);
  for (const line of kept.slice(1)) expect(ROWS).toContain(line);
  const parts = (await bench.sample({ partitions: 3, seed: 3 }, [TABLE])).csv.trim().split('\n');
  expect(parts[0]).toBe('a,b,c,y,partition_number');
  parts.slice(1).forEach((line, i) => expect(line).toMatch(new RegExp(`^${ROWS[i]},[012]$`)));
  const by = (await bench.sample({ count: 2, by: 'c', seed: 3 }, [TABLE])).csv.trim().split('\n');
  expect(by).toHaveLength(5);
});

/** Tables at the edges of CSV, through the whole engine: exactly the bytes that went in come back, with the prediction. */
import { Bench, feed, fitSpec, into, ALICE } from './harness.ts';

let bench: Bench;
const TRAIN = 'a,b,c,y\n0,0,x,1\n1,0,y,2\n0,1,x,3\n1,1,y,4\n2,1,x,5\n';

beforeAll(async () => {
  bench = new Bench();
  // y = 1 + a + 2 b, exactly.
  await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'b'], into: into('m') }, [
    'a,b,y\n0,0,1\n1,0,2\n0,1,3\n1,1,4\n',
  ]);
  await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 'c'], into: into('text') }, [
    TRAIN,
  ]);
});
afterAll(() => bench.close());

/** Predictions are rounded, so that bytes can be compared: coefficients are exact up to the last digits only. */
function rounded(csv: string): string {
  return csv.replace(/(?<=,)-?\d+\.\d{6,}(?:e-?\d+)?(?=\r?\n|$)/g, (text) =>
    String(Math.round(Number(text) * 1e6) / 1e6),
  );
}

const CASES: [string, string, string][] = [
  ['plain', 'a,b\n1,2\n', 'a,b,predicted(y)\n1,2,6\n'],
  ['quoted numbers', 'a,b\n"1.5","-2"\n', 'a,b,predicted(y)\n"1.5","-2",-1.5\n'],
  ['CR LF', 'a,b\r\n1,2\r\n"1","1"\r\n', 'a,b,predicted(y)\r\n1,2,6\r\n"1","1",4\r\n'],
  ['mixed line ends', 'a,b\n1,2\r\n1,1\n', 'a,b,predicted(y)\n1,2,6\r\n1,1,4\n'],
  ['no final newline', 'a,b\n1,2\n1,1', 'a,b,predicted(y)\n1,2,6\n1,1,4\n'],
  ['byte-order mark', '\ufeffa,b\n1,2\n', 'a,b,predicted(y)\n1,2,6\n'],
  ['header only', 'a,b\n', 'a,b,predicted(y)\n'],
  ['header without newline', 'a,b', 'a,b,predicted(y)\n'],
  ['empty', '', ''],
  ['short rows', 'a,b,z\n1,2\n1\n1,2,3\n', 'a,b,z,predicted(y)\n1,2,,6\n1,,,\n1,2,3,6\n'],
  ['nulls', 'a,b\n,2\n"",1\n1,2\n', 'a,b,predicted(y)\n,2,\n"",1,\n1,2,6\n'],
  ['other order and fields', 'z,b,"q ""x""",a\n"l1\nl2","2",",",1\n', 'z,b,"q ""x""",a,predicted(y)\n"l1\nl2","2",",",1,6\n'],
  ['exponents and blanks', 'a,b\n1e2, 1 \n', 'a,b,predicted(y)\n1e2, 1 ,103\n'],
  ['text in a number', 'a,b\nfoo,1\n"1,234",1\n0x10,1\n1,1\n', 'a,b,predicted(y)\nfoo,1,\n"1,234",1,\n0x10,1,\n1,1,4\n'],
  ['a field that is there already', 'predicted(y),a,b\nold,1,2\n"o,ld",1\n', 'predicted(y),a,b\n6,1,2\n,1,\n'],
  ['values of a field that is not there', '__mv_predicted(y),a,b\n$1$;$2$,1,2\n', '__mv_predicted(y),a,b,predicted(y)\n,1,2,6\n'],
  ['a multivalue field that is replaced', 'predicted(y),__mv_predicted(y),a,b\n1,$1$;$2$,1,2\n', 'predicted(y),__mv_predicted(y),a,b\n6,,1,2\n'],
]; // prettier-ignore

describe.each(['splice', 'csv'] as const)('as %s', (accept) => {
  it.each(CASES)('%s', async (_, chunk, expected) => {
    for (const step of [65536, 1]) {
      const { csv } = await bench.apply('m', chunk, { accept, step });
      expect(rounded(csv)).toBe(expected);
    }
  });

  it('bytes that are not UTF-8 come back as they went in', async () => {
    const chunk = Buffer.concat([
      Buffer.from('a,b,t\n1,2,"'),
      Buffer.from([0xff, 0xc3, 0x28, 0x00]),
      Buffer.from('"\n'),
    ]);
    const { bytes } = await bench.apply('m', chunk, { accept });
    expect(bytes.subarray(0, 6 + 13).toString('latin1')).toBe('a,b,t,predicted(y)\n');
    expect(bytes.subarray(19, 19 + chunk.length - 7)).toEqual(chunk.subarray(6, -1));
  });

  it('cells of 10 MB and 5,000 columns', async () => {
    const names = Array.from({ length: 4998 }, (_, i) => `f${i}`);
    const big = 'x'.repeat(10 << 20);
    const body = `a,${names.join(',')},b\n1,${names.map((_, i) => (i === 7 ? big : i)).join(',')},2\n`;
    const { bytes } = await bench.apply('m', body, { accept });
    const lines = bytes.toString().split('\n');
    const [header, row] = body.split('\n');
    expect(lines[0] === `${header},predicted(y)`).toBe(true);
    expect(lines[1].startsWith(`${row},`)).toBe(true);
    expect(Number(lines[1].slice(row.length + 1))).toBeCloseTo(6, 9);
  });
});

it('says what is missing, what is text and what is not finite', async () => {
  const gone = await bench.apply('m', 'a\n1\n', { chunk: 1 });
  expect(gone.csv).toBe('a,predicted(y)\n1,\n');
  expect(gone.meta.messages[0].text).toContain('"b"');
  const rare = await bench.apply('m', 'a,b\nfoo,inf\n"bar",NaN\n');
  expect(rare.meta.messages.map(({ text }) => text)).toEqual([
    expect.stringMatching(/"a" was numeric .* 2 of its values are text \(such as "foo"\)/),
    expect.stringMatching(/2 values of field "b" are NaN or infinite/),
  ]);
  await expect(bench.apply('m', 'z\n1\n')).rejects.toMatchObject({ code: 'no_features' });
});

it('counts one value in the singular, and lets the command add up what chunks count', async () => {
  const { meta } = await bench.apply('m', 'a,b\nfoo,1\n1,inf\n');
  expect(meta.messages).toEqual([
    {
      level: 'WARN',
      text: expect.stringContaining('1 of its values is text (such as "foo") and counts as null'),
      tally: { key: 'text:a', count: 1, total: expect.stringContaining('{n} of its values are text') },
    },
    {
      level: 'WARN',
      text: '1 value of field "b" is NaN or infinite and counts as null.',
      tally: { key: 'not-finite:b', count: 1, total: expect.stringContaining('{n} values') },
    },
  ]);
});

it('takes a header without the fields for what it is: rows may follow in another chunk', async () => {
  const { csv, meta } = await bench.apply('m', '_chunked_idx\n');
  expect(csv).toBe('_chunked_idx,predicted(y)\n');
  expect(meta.messages).toEqual([]);
});

describe('a fit says what people need to mend their search', () => {
  const linear = (chunk: string, fields: string[]) =>
    bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields }, [chunk]);

  it('that there are no rows', async () => {
    await expect(linear('a,y\n', ['a'])).rejects.toThrow('There are no rows to learn from');
    await expect(linear('', ['a'])).rejects.toThrow('There are no rows to learn from');
    await expect(bench.fit({ algorithm: 'KMeans', fields: ['a'] }, ['a\n'])).rejects.toThrow(
      'There are no rows to learn from',
    );
  });

  it('which field was meant, also of those that it did not ask for', async () => {
    const chunk = 'petal_length,other,y\n1,2,3\n2,3,5\n';
    await expect(linear(chunk, ['petal_lenght'])).rejects.toThrow('did you mean "petal_length"?');
    await expect(
      bench.fit({ algorithm: 'LinearRegression', targets: ['othr'], fields: ['y'] }, [chunk]),
    ).rejects.toThrow('did you mean "other"?');
    await expect(
      bench.score({ method: 'r2_score', options: {}, a: ['y'], b: ['nope'] }, [chunk]),
    ).rejects.toThrow('The search has petal_length, other, y.');
  });

  it('that one cell made text of numbers', async () => {
    for (const cell of ['0x10', '"1,234"', 'N/A']) {
      const [{ meta }] = await linear(`a,y\n1,2\n${cell},3\n3,4\n4,4\n`, ['a']);
      const text = cell.replaceAll('"', '');
      expect(meta.messages.map((message) => message.text)).toEqual([
        expect.stringContaining(`"${text}" is no number`),
      ]);
    }
    const many = Array.from({ length: 150 }, (_, i) => `${i},${i},${i}\n`).join('');
    const [{ meta }] = await linear(`a,b,y\n${many}1,N/A,7\n`, ['a', 'b']);
    expect(meta.messages[0].text).toContain('it is text because "N/A" is no number');
    const [plain] = await linear('a,y\nred,2\nblue,3\n3,4\n', ['a']);
    expect(plain.meta.messages).toEqual([]);
  });

  it('how many rows were left out, in the singular too', async () => {
    const [{ meta }] = await linear('a,y\n1,2\n,3\n3,4\n', ['a']);
    expect(meta.messages[0].text).toBe(
      '1 of 3 rows was left out of training for a null in one of the fields used; its new fields are empty.',
    );
  });
});

describe('a text of 10 MB', () => {
  const big = 'x'.repeat(10 << 20);

  it('is no category: its field is left out, and the rows come back', async () => {
    const [{ csv, meta }] = await bench.fit(
      { algorithm: 'LinearRegression', targets: ['y'], fields: ['a', 't'] },
      [`a,t,y\n1,${big},1\n2,u,2\n3,v,3\n`],
    );
    expect(meta.messages.map(({ text }) => text)).toEqual([
      'Field "t" was left out: it holds a text of 10485760 characters; a category has at most 10000.',
    ]);
    expect(csv.length).toBeGreaterThan(big.length);
  });

  it('is no class', async () => {
    const made = bench.fit(
      { algorithm: 'LogisticRegression', targets: ['y'], fields: ['a'], into: into('big') },
      [`a,y\n1,${big}\n2,u\n3,v\n`],
    );
    await expect(made).rejects.toMatchObject({ code: 'invalid_data' });
    await expect(made).rejects.toThrow(/"y", holds a text of 10485760 characters/);
  });

  it('is told by its beginning where numbers are needed', async () => {
    const made = bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'] }, [
      `a,y\n1,${big}\n2,2\n`,
    ]);
    await expect(made).rejects.toThrow(/^.{20,200} text such as "x{60}… \(10485760 characters\)"/);
  });
});

it('refuses a name that would stand twice in the header', async () => {
  const spec = { algorithm: 'KMeans', fields: ['a'], options: { k: '1' }, into: into('clusters') };
  await bench.fit(spec, ['a\n1\n2\n']);
  const model = { namespace: 'user', name: 'clusters' } as const;
  const refusal = 'as "cluster_distance" would give two fields the name "cluster_distance"';
  await expect(bench.apply({ model, options: {}, as: 'cluster_distance' }, 'a\n1\n')).rejects.toThrow(
    refusal,
  );
  await expect(bench.fit({ ...spec, as: 'cluster_distance' }, ['a\n1\n2\n'])).rejects.toThrow(refusal);
});

it('samples nothing out of nothing', async () => {
  expect((await bench.sample({ count: 5, by: 'host' }, [''])).csv).toBe('');
  expect((await bench.sample({ proportional: 'p' }, ['a\n'])).csv).toBe('a\n');
});

it.each([
  ['a,b\n1,2\n1,2,3\n', 'invalid_csv', 'Row 2'],
  ['a,b,a\n1,2\n', 'duplicate_field', '"a"'],
  ['a,b\n1,"2\n', 'invalid_csv', 'never closed'],
  ['a,"b\n1,2\n', 'invalid_csv', 'The header'],
])('refuses %j', async (chunk, code, text) => {
  await expect(bench.apply('m', chunk)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text),
  });
  await expect(
    bench.fit({ algorithm: 'LinearRegression', targets: ['a'], fields: ['b'] }, ['a,b\n1,2\n', chunk]),
  ).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  expect(bench.spooled()).toEqual([]);
});

it('codes text, whatever its quoting; unseen levels count as none', async () => {
  const { csv } = await bench.apply('text', 'c,a\nx,1\n"x",1\ny,1\n"never ""seen""",1\n,1\n');
  const predicted = csv
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(',').pop());
  expect(predicted[0]).toBe(predicted[1]);
  expect(predicted[2]).not.toBe(predicted[0]);
  expect(Number(predicted[3])).not.toBeNaN();
  expect(predicted[3]).not.toBe('');
  expect(predicted[4]).toBe('');
});

it('columns that change from chunk to chunk come back as all of them', async () => {
  const replies = await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['a'] }, [
    'a,y,p\n1,2,p1\n2,4,"p,2"\n',
    '',
    'q,y,a\nq1,6,3\nq2\n',
    'a,y,p\r\n4,8,p4\r\n',
    'y\n',
  ]);
  expect(rounded(replies[4].csv)).toBe(
    'a,y,p,q,predicted(y)\n1,2,p1,,2\n2,4,"p,2",,4\n3,6,,q1,6\n,,,q2,\n4,8,p4,,8\r\n',
  );
});

it('a column that turns out to be text is text from its first row on', async () => {
  const numbers = Array.from({ length: 9000 }, (_, i) => `${i % 3 ? '1.0' : '2'},${i % 3 ? 5 : 7}`);
  const rows = ['k,y', ...numbers].join('\n');
  const replies = await bench.fit(
    { algorithm: 'LinearRegression', targets: ['y'], fields: ['k'], into: into('promoted') },
    [`${rows}\n`, 'k,y\nhigh,9\nNaN,3\n1.0,5\n'],
  );
  expect(replies[1].csv.split('\n').length).toBe(9000 + 3 + 2);
  const { csv } = await bench.apply('promoted', 'k\n1.0\n2\nhigh\nNaN\n');
  const predicted = csv
    .split('\n')
    .slice(1, -1)
    .map((line) => Math.round(Number(line.split(',')[1]) * 1e6) / 1e6);
  expect(predicted).toEqual([5, 7, 9, 3]);
});

it('apply=f gives each chunk back as it came', async () => {
  const chunks = ['a,y\n1,1\n2,2\n', 'a,y\r\n3,3\r\n4,4'];
  for (const accept of ['splice', 'csv'] as const) {
    const replies = await bench.fit(
      { algorithm: 'LinearRegression', targets: ['y'], fields: ['a'], apply: false, into: into('f') },
      chunks,
      { accept },
    );
    expect(replies.map(({ csv }) => csv)).toEqual(chunks);
    expect(replies[1].meta.version).toBeDefined();
  }
});

it('intakes copy what they are given', async () => {
  const body = Buffer.from('a,b\n1,2\n');
  const intake = await bench.jobs.apply({
    meta: {
      job: bench.job(),
      chunk: 0,
      finished: true,
      spec: { model: into('m'), options: {} },
    },
    principal: ALICE,
    bytes: body.length,
    accept: 'csv',
    connection: 3,
  });
  expect(rounded((await feed(intake, body, 3)).csv)).toBe('a,b,predicted(y)\n1,2,6\n');
  expect(fitSpec({ algorithm: 'X' }).promote).toBe(true);
});

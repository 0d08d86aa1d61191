import { Batch } from '../../sandbox/table/batch.ts';
import { decodeMultivalue, encodeMultivalue } from '../../sandbox/table/cell.ts';
import { readCsv } from '../../sandbox/table/csv-reader.ts';
import { toCsv } from '../../sandbox/table/csv-writer.ts';

const LIMITS = { origin: "Lookup 'x.csv'", firstRows: 1000, rows: 1000, bytes: 1 << 20 };

async function read(text: string | Buffer, limits = {}, pieceBytes = Infinity): Promise<Batch[]> {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  const batches: Batch[] = [];
  for await (const batch of readCsv(pieces, { ...LIMITS, ...limits })) batches.push(batch);
  return batches;
}

test('reads quotes, doubled quotes, quoted newlines, CRLF, a byte-order mark and a last row without an end', async () => {
  const [batch] = await read('\ufeffa,"b ""x""",c\r\n1,"two\nlines",\r\n"say ""hi""",é,3');
  expect(batch.fields).toEqual(['a', 'b "x"', 'c']);
  expect(batch.cells('a')).toEqual(['1', 'say "hi"']);
  expect(batch.cells('b "x"')).toEqual(['two\nlines', 'é']);
  expect(batch.cells('c')).toEqual([null, '3']);
});

test('gives the same rows however the bytes arrive', async () => {
  const text = 'a,b\n1,"x,""y"\n2,"line\nline"\n,\n4,"ü"\n';
  const whole = (await read(text)).flatMap((batch) => [...batch.cells('b')]);
  for (const size of [1, 2, 3, 7]) {
    const batches = await read(text, { firstRows: 1, rows: 2 }, size);
    expect(batches.map((batch) => batch.rows)).toEqual([1, 2, 1]);
    expect(batches.flatMap((batch) => [...batch.cells('b')])).toEqual(whole);
  }
});

test('cuts batches by bytes too', async () => {
  const batches = await read('a\n11111111\n22222222\n33333333\n', { bytes: 10 });
  expect(batches.map((batch) => batch.rows)).toEqual([2, 1]);
});

test('fills short rows with nulls and names a longer one', async () => {
  const [batch] = await read('a,b,c\n1\n1,2\n');
  expect(batch.cells('c')).toEqual([null, null]);
  await expect(read('a,b\n1,2\n1,2,3\n')).rejects.toThrow(
    "Lookup 'x.csv': row 2 has 3 cells, but the header names 2 fields.",
  );
});

test('refuses a header that names a field twice, and gives the fields of a body without rows', async () => {
  await expect(read('a,a\n1,2\n')).rejects.toThrow("names the field 'a' twice");
  const [batch] = await read('a,b\n');
  expect([batch.rows, batch.fields]).toEqual([0, ['a', 'b']]);
  expect(await read('')).toEqual([]);
});

test('reads companion columns as multivalues, and keeps them apart from the fields', async () => {
  const [batch] = await read('a,b,__mv_a,__mv_b\n"x\ny",1,$x$;$y$z$$$,\n');
  expect(batch.fields).toEqual(['a', 'b']);
  expect(batch.cells('a')).toEqual(['x\ny']);
  const [good] = await read('a,__mv_a\n"x\ny",$x$;$y$$z$\n');
  expect(good.cells('a')).toEqual([['x', 'y$z']]);
});

test.each([[['a', 'b']], [['$', 'a;$b$', '']], [['one']]])(
  'multivalue %j is read as it was written',
  (values) => {
    expect(decodeMultivalue(encodeMultivalue(values))).toEqual(values);
  },
);

test('writes cells as splunkd does: quoted unless letters and digits, companions behind all fields', () => {
  const batch = Batch.fromCells(2, [
    ['_time', ['1', null]],
    ['x', ['-1.5', 'say "hi"']],
    ['m', [['a', 'b$'], 'plain']],
  ]);
  expect(toCsv(batch).toString()).toBe(
    '"_time",x,m,"__mv__time","__mv_x","__mv_m"\n' +
      '1,"-1.5","a\nb$",,,"$a$;$b$$$"\n' +
      ',"say ""hi""",plain,,,\n',
  );
  expect(toCsv(batch.select(['x']), 'needed').toString()).toBe('x\n"-1.5"\n"say ""hi"""\n');
});

test('hands bytes through that are as splunkd writes them, and makes others so', async () => {
  const canonical = 'a,"b c"\n1,"2.5"\nx,\n';
  const [whole] = await read(canonical);
  expect(toCsv(whole).toString()).toBe(canonical);
  const [other] = await read('a,b c\r\n1,2.5\r\nx"y,');
  expect(toCsv(other, 'needed').toString()).toBe('a,"b c"\n1,"2.5"\n"x""y",\n');
});

test('keeps bytes that are not UTF-8 as they are, through selecting and taking rows', async () => {
  const [batch] = await read(
    Buffer.from([...Buffer.from('a,b\n1,'), 0xff, 0xfe, ...Buffer.from('\n2,ok\n')]),
  );
  const part = batch.select(['b']).take(Uint32Array.of(1, 0));
  expect([...toCsv(part, 'needed')]).toEqual([...Buffer.from('b\nok\n"'), 0xff, 0xfe, ...Buffer.from('"\n')]);
});

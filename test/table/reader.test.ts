import { readNumber } from '../../container/table/numbers.ts';
import { NUMBER, SKIP, TEXT } from '../../container/table/reader.ts';
import { readHeader } from '../../container/table/header.ts';
import { plainRows } from './plain-csv.ts';
import { KernelReader } from './read-rows.ts';

/** A generator of the same numbers each time (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CELLS = [
  '', '""', '1', '"1"', '-2.5', '"-0"', '"12345678901234"', '123456789012345678', '"1e5"', ' 7 ', '" 7 "', 'NaN',
  '"inf"', '"a"', 'abc', '"a, b"', '"line\nbreak"', '"cr\r\nlf"', '"say ""hi"""', '""""', '"x"y', '"1"2', 'lone\rcr',
  '"1,234"', '0x10', '"\u00e4\u00f6"', '"0.000001"', '1e400', '+5', '.5', '5.', '-', '"a much longer text than sixteen bytes"',
  '"quoted ""twice"" and longer than sixteen"', '99999999999999999999', '"', 
].slice(0, -1); // prettier-ignore

const REGULAR = [
  '1', '"1.5"', '-2.25', '"-1052.79"', '"123456.78"', '"0.00510377"', '1732000000', '"1234567.89"', '"-123456789012.5"', '', '""',
  '"12345678"', '"123456789"', '"-0.0"', '0', 'abc', '"GET /cart/1?item=2"', '"a, b"', '"line\nbreak"', '"say ""hi"", twice"', '"-"', '.',
  '"a text that is much longer than the sixty-four bytes that are looked at at once, with, commas"', '"000000001.5"',
]; // prettier-ignore

/** Rows of which most have cells as splunkd writes them, so that many are read together. */
function regularChunk(random: () => number, columns: number, rows: number): string {
  const lines = [Array.from({ length: columns }, (_, i) => `f${i}`).join(',')];
  for (let r = 0; r < rows; r++) {
    const from = random() < 0.01 ? CELLS : REGULAR;
    lines.push(Array.from({ length: columns }, () => from[Math.floor(random() * from.length)]).join(','));
    if (random() < 0.005) lines.push('');
  }
  return lines.join('\n') + '\n';
}

function randomChunk(random: () => number, columns: number): string {
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)];
  const names = Array.from({ length: columns }, (_, i) => pick([`f${i}`, `"f ${i}"`, `"f,${i}"`]));
  let text = `${random() < 0.1 ? '\ufeff' : ''}${names.join(',')}${pick(['\n', '\r\n'])}`;
  const rows = Math.floor(random() * 40);
  for (let r = 0; r < rows; r++) {
    if (random() < 0.05) text += pick(['\n', '\r\n']);
    const some = random() < 0.1 ? 1 + Math.floor(random() * columns) : columns;
    text += Array.from({ length: some }, () => pick(CELLS)).join(',');
    text += r === rows - 1 && random() < 0.5 ? pick(['', '\r']) : pick(['\n', '\n', '\r\n']);
  }
  return text;
}

/** Reads the chunk with the kernels in steps, and holds every row and cell against the plain parser's. */
function compare(chunk: Buffer, columns: number, kinds: readonly number[], steps: readonly number[]): void {
  const text = chunk.toString('latin1');
  const header = readHeader(chunk.at(-1) === 10 ? chunk : Buffer.concat([chunk, Buffer.from('\n')]), 100)!;
  const expected = plainRows(text, header.bytes, columns);
  let rows;
  try {
    rows = new KernelReader().read(chunk, kinds, steps);
  } catch (error) {
    throw new Error(`${JSON.stringify(chunk.toString())}: ${(error as Error).message}`, { cause: error });
  }
  const wanted = expected.rows.map(({ start, end, crlf, cells }) => ({
    start,
    end,
    crlf,
    missing: columns - cells.length,
    cells: kinds.map((kind, c) => {
      const cell = Buffer.from(cells[c] ?? '', 'latin1').toString('utf8');
      if (kind === SKIP) return null;
      if (kind === TEXT) return cell === '' ? null : cell;
      const reading = readNumber(cell);
      return reading.kind === 'number' ? reading.value : null;
    }),
  }));
  try {
    expect(rows).toEqual(wanted);
  } catch (error) {
    throw new Error(`${JSON.stringify(chunk.toString())}\n${(error as Error).message}`, { cause: error });
  }
}

describe('ChunkReader', () => {
  it('reads what the plain parser reads, in one piece or byte by byte', () => {
    const random = randomOf(7);
    for (let round = 0; round < 600; round++) {
      const columns = 1 + Math.floor(random() * 5);
      const chunk = Buffer.from(randomChunk(random, columns));
      const kinds = Array.from({ length: columns }, () => (random() < 0.5 ? NUMBER : TEXT));
      const steps =
        random() < 0.5
          ? [chunk.length]
          : Array.from(chunk, (_, i) => i + 1).filter((n) => n === chunk.length || random() < 0.5);
      compare(chunk, columns, kinds, steps);
    }
  });

  it('reads regular rows, with others among them, as the plain parser does', () => {
    const random = randomOf(11);
    for (let round = 0; round < 60; round++) {
      const columns = 1 + Math.floor(random() * (round % 3 === 0 ? 60 : 8));
      const chunk = Buffer.from(regularChunk(random, columns, Math.floor(random() * 400)));
      const kinds = Array.from({ length: columns }, () => [NUMBER, TEXT, SKIP][Math.floor(random() * 3)]);
      const piece = 1 + Math.floor(random() * chunk.length);
      const steps = Array.from({ length: Math.ceil(chunk.length / piece) }, (_, i) =>
        Math.min(chunk.length, (i + 1) * piece),
      );
      compare(chunk, columns, kinds, steps);
    }
  });

  it.each([
    ['a,b\n1,2\n3,4,5\n', 'Row 2 of the chunk (line 3) has more cells than the header, which has 2'],
    ['a,b\n1,"x\ny"\n\n3,4,\n', 'Row 2 of the chunk (line 5)'],
    ['a,b\n1,2\n3,"4\n', 'Row 2 of the chunk (line 3) opens a quote that is never closed'],
    ['a\n"', 'Row 1 of the chunk (line 2) opens a quote'],
  ])('names the row and line of %j', (chunk, message) => {
    expect(() => new KernelReader().read(Buffer.from(chunk), [NUMBER])).toThrow(message);
  });

  it('finds a field that stands twice', () => {
    expect(() => readHeader(Buffer.from('a,"b ""q""",a\n'), 10)).toThrow('"a" stands twice');
  });

  it('reads a header over several lines and with any character', () => {
    const header = readHeader(Buffer.from('\n\r\n"a\nb","c, ""d""",\u00e4 \r\n1'), 10)!;
    expect(header.names).toEqual(['a\nb', 'c, "d"', '\u00e4 ']);
    expect(header.crlf).toBe(true);
    expect(readHeader(Buffer.from('"a\nb"'), 10)).toBeUndefined();
  });
});

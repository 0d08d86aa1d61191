import { weavePlain } from '../../splunk_app/src/bridge/splice-plain.ts';
import { Weaver } from '../../splunk_app/src/bridge/weaver.ts';
import { appendTo, spliceList, type SpliceRow } from './small-runtime.ts';

const weaver = new Weaver();

function weave(chunk: Buffer, list: Buffer): Buffer {
  chunk.copy(weaver.chunk(chunk.length));
  list.copy(weaver.list(list.length));
  const total = weaver.check();
  const pieces: Buffer[] = [];
  weaver.weave((bytes) => pieces.push(Buffer.from(bytes)));
  const woven = Buffer.concat(pieces);
  expect(woven.length).toBe(total);
  return woven;
}

/** A small generator with a seed: failures can be repeated. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomChunk(seed: number): { chunk: Buffer; list: Buffer; woven: Buffer } {
  const next = random(seed);
  const pick = (n: number) => Math.floor(next() * n);
  const header = 'a,b';
  const headerCrlf = pick(2) === 1;
  const pieces = [`${pick(4) === 0 ? '\uFEFF' : ''}${header}${headerCrlf ? '\r\n' : '\n'}`];
  const out = [`${header},p\n`];
  const rows: SpliceRow[] = [];
  const count = pick(40);
  for (let r = 0; r < count; r++) {
    const sizes = [0, 1, 15, 16, 17, 1023, 1024, 1025, 65534, 65535, 65536, pick(300)];
    const size = sizes[pick(pick(5) === 0 ? sizes.length : 5)];
    const row = String.fromCharCode(97 + (r % 26)).repeat(size);
    const texts = [0, 1, 2, 15, 16, 17, 125, 126, 127, 128, 5000];
    const text = `${'7'.repeat(texts[pick(texts.length)])}\n`;
    const crlf = pick(2) === 1;
    const last = r === count - 1 && pick(2) === 1;
    pieces.push(row, last ? '' : crlf ? '\r\n' : '\n');
    rows.push({ row: size, text, crlf: crlf && !last });
    out.push(row, text);
  }
  const chunk = Buffer.from(pieces.join(''));
  const list = spliceList(Buffer.byteLength(pieces[0]), out[0], rows);
  return { chunk, list, woven: Buffer.from(out.join('')) };
}

describe('weaving', () => {
  it('equals its plain form, and what is expected, on rows of every kind', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { chunk, list, woven } = randomChunk(seed);
      expect(weavePlain(chunk, list)?.equals(woven)).toBe(true);
      expect(weave(chunk, list).equals(woven)).toBe(true);
    }
  });

  it('writes rows and texts that are larger than its block', () => {
    const row = 'x'.repeat(3_000_000);
    const text = `,${'y'.repeat(2_500_000)}\n`;
    const chunk = Buffer.from(`a\nshort\n${row}\r\nlast`);
    const list = spliceList(2, 'a,b\n', [
      { row: 5, text: ',1\n' },
      { row: row.length, text, crlf: true },
      { row: 4, text: ',3\n' },
    ]);
    const expected = Buffer.from(`a,b\nshort,1\n${row}${text}last,3\n`);
    expect(weave(chunk, list).equals(expected)).toBe(true);
    expect(weavePlain(chunk, list)?.equals(expected)).toBe(true);
  });

  it('takes chunks of 50,000 rows, one after another, in the same memory', () => {
    const line = '"1.25","-3.5",text,"2024-01-01"\n';
    const chunk = Buffer.from('a,b,c,d\n' + line.repeat(50_000));
    const list = appendTo(chunk, 'p', (row) => String(row));
    for (let i = 0; i < 3; i++) {
      const woven = weave(chunk, list);
      expect(woven.equals(weavePlain(chunk, list)!)).toBe(true);
      expect(woven.toString('utf8', woven.length - 40)).toContain('"2024-01-01",49999\n');
    }
  });

  it('passes a chunk without rows', () => {
    expect(weave(Buffer.from('a,b\n'), spliceList(4, 'a,b,p\n', [])).toString()).toBe('a,b,p\n');
    expect(weave(Buffer.alloc(0), spliceList(0, '', [])).toString()).toBe('');
  });

  it('allows blank lines at the end to be no rows', () => {
    const list = spliceList(2, 'a,p\n', [{ row: 1, text: ',2\n' }]);
    expect(weave(Buffer.from('a\n1\n\r\n\n'), list).toString()).toBe('a,p\n1,2\n');
  });
});

describe('a list that does not fit', () => {
  const chunk = Buffer.from('a\n11\n22\n');
  const rows = [
    { row: 2, text: ',x\n' },
    { row: 2, text: ',y\n' },
  ];
  const good = spliceList(2, 'a,p\n', rows);
  const bad: Record<string, Buffer> = {
    'is empty': Buffer.alloc(0),
    'has no whole preamble': good.subarray(0, 11),
    'announces another total': spliceList(2, 'a,p\n', rows, 18),
    'skips more than the chunk': spliceList(9, 'a,p\n', rows),
    'has a longer header than itself': (() => {
      const list = Buffer.from(good);
      list.writeUInt32LE(1000, 8);
      return list;
    })(),
    'has a row too few': spliceList(2, 'a,p\n', rows.slice(1)),
    'has a row too many': spliceList(2, 'a,p\n', [...rows, { row: 0, text: '\n' }, { row: 0, text: '\n' }]),
    'has a row past the end': spliceList(2, 'a,p\n', [rows[0], { row: 4, text: '\n' }]),
    'has a row that is too short': spliceList(2, 'a,p\n', [rows[0], { row: 1, text: '\n' }]),
    'sees CR LF where there is LF': spliceList(2, 'a,p\n', [{ ...rows[0], crlf: true }, rows[1]]),
    'is for another chunk': spliceList(1, 'a,p\n', rows),
  };

  it.each(Object.keys(bad))('%s', (name) => {
    expect(weavePlain(chunk, bad[name])).toBeNull();
    expect(() => weave(chunk, bad[name])).toThrow(/does not fit the rows/);
  });

  it('is refused wherever it is cut', () => {
    for (let cut = 0; cut < good.length; cut++) {
      expect(weavePlain(chunk, good.subarray(0, cut))).toBeNull();
      expect(() => weave(chunk, good.subarray(0, cut))).toThrow(/does not fit/);
    }
    expect(weave(chunk, good).toString()).toBe('a,p\n11,x\n22,y\n');
  });

  it('is refused or woven alike by kernel and plain form, whichever bytes are wrong', () => {
    const next = random(7);
    for (let i = 0; i < 3000; i++) {
      const list = Buffer.from(good);
      list[Math.floor(next() * list.length)] = Math.floor(next() * 256);
      const plain = weavePlain(chunk, list);
      if (plain) expect(weave(chunk, list).equals(plain)).toBe(true);
      else expect(() => weave(chunk, list)).toThrow(/does not fit/);
    }
  });
});

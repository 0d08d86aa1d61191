import { FrameReader, ProtocolError } from '../../splunk_app/src/protocol/frame-reader.ts';
import { frame, sourceOf } from './sources.ts';

function bodyOf(reader: FrameReader, step = 1 << 20): Buffer {
  const pieces: Buffer[] = [];
  for (;;) {
    const into = Buffer.alloc(step);
    const count = reader.read(into, 0, step);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(into.subarray(0, count));
  }
}

function readAll(bytes: Buffer, step?: number): { metadata: unknown; body: string }[] {
  const reader = new FrameReader(sourceOf(bytes, step));
  const frames = [];
  for (let head = reader.next(); head; head = reader.next()) {
    frames.push({ metadata: head.metadata, body: bodyOf(reader, 7).toString() });
  }
  return frames;
}

const getinfo = frame({ action: 'getinfo', searchinfo: { args: ['é✓'] } });
const rows = 'a,b\n"1","ü\n2"\n';
const execute = frame({ action: 'execute', finished: true }, rows);
const both = Buffer.concat([getinfo, execute]);

describe('reading frames', () => {
  it.each([1, 2, 3, 16, 1000])('understands them %i bytes at a time', (step) => {
    expect(readAll(both, step)).toEqual([
      { metadata: { action: 'getinfo', searchinfo: { args: ['é✓'] } }, body: '' },
      { metadata: { action: 'execute', finished: true }, body: rows },
    ]);
  });

  it('skips blank lines before a header', () => {
    const bytes = Buffer.concat([
      Buffer.from('\n\r\n'),
      getinfo,
      Buffer.from('\n\n\n'),
      execute,
      Buffer.from('\n'),
    ]);
    expect(readAll(bytes, 1)).toHaveLength(2);
    expect(readAll(bytes)).toHaveLength(2);
  });

  it('reads a body in pieces and skips what is left of it', () => {
    const big = 'x'.repeat(300_000);
    const reader = new FrameReader(sourceOf(Buffer.concat([frame({}, big), execute])));
    reader.next();
    expect(reader.read(Buffer.alloc(100), 0, 100)).toBe(100);
    expect(reader.remaining).toBe(299_900);
    expect(reader.next()?.metadata).toEqual({ action: 'execute', finished: true });
    expect(bodyOf(reader).toString()).toBe(rows);
    expect(reader.next()).toBeNull();
  });

  it('takes metadata that is larger than its buffer', () => {
    const search = 'é'.repeat(200_000);
    expect(readAll(frame({ search }), 5000)).toEqual([{ metadata: { search }, body: '' }]);
  });

  it('passes bytes that are not UTF-8', () => {
    const body = Buffer.from([0x61, 10, 0xff, 0xfe, 0, 10]);
    const reader = new FrameReader(sourceOf(frame({}, body)));
    reader.next();
    expect(bodyOf(reader)).toEqual(body);
  });
});

describe('input that ends', () => {
  it('ends in silence between frames, and with an error at every other byte', () => {
    for (let cut = 0; cut <= both.length; cut++) {
      const read = () => readAll(both.subarray(0, cut), 5);
      if (cut === 0 || cut === getinfo.length || cut === both.length) expect(read).not.toThrow();
      else expect(read).toThrow(/The input ended in the middle of a chunk's (header|metadata|body)/);
    }
  });

  it('says how much of a body is missing', () => {
    expect(() => readAll(execute.subarray(0, execute.length - 4))).toThrow(
      `4 of ${rows.length + 1} bytes are missing`,
    );
  });
});

describe('input that is not the protocol', () => {
  it.each([
    'GET / HTTP/1.1\r\n\r\n',
    'x',
    'chunked 2.0,1,1\n{',
    'chunked 1.0,-1,0\n',
    'chunked 1.0,2\n{}',
    'chunked 1.0,12345678901234567890,0\n',
    'chunked 1.0,' + '1'.repeat(100),
    'chunked 1.0,2,0 {}\n',
  ])('refuses %j as a header', (text) => {
    expect(() => readAll(Buffer.from(text), 1)).toThrow(ProtocolError);
    expect(() => readAll(Buffer.from(text))).toThrow(/Expected a chunk's header/);
  });

  it.each(['{"a":', '[1]', '3', 'null'])('refuses %j as metadata', (text) => {
    expect(() => readAll(frame(text))).toThrow(/metadata/);
  });

  it('tells a body that is longer than declared before its last byte is handed on', () => {
    const bytes = Buffer.concat([
      Buffer.from(`chunked 1.0,2,${Buffer.byteLength(rows)}\n{}`),
      Buffer.from(rows + '3,4\n'),
    ]);
    expect(() => readAll(bytes)).toThrow(/longer than the \d+ bytes that its header declares/);
    // A byte at a time nothing may be read ahead; then it is the next header that is none.
    expect(() => readAll(bytes, 1)).toThrow(/Expected a chunk's header|longer than/);
  });

  it('tells a body that is shorter than declared from the frame that follows', () => {
    const bytes = Buffer.concat([Buffer.from('chunked 1.0,2,20\n{}a,b\n1,2\n'), execute]);
    expect(() => readAll(bytes)).toThrow(ProtocolError);
  });
});

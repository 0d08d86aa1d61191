import { FrameWriter } from '../../splunk_app/src/protocol/frame-writer.ts';
import { framesOf } from './sources.ts';

function collector() {
  const pieces: Buffer[] = [];
  const sink = { write: (bytes: Uint8Array) => void pieces.push(Buffer.from(bytes)) };
  return { writer: new FrameWriter(sink), bytes: () => Buffer.concat(pieces) };
}

describe('writing frames', () => {
  it('counts bytes, not characters', () => {
    const { writer, bytes } = collector();
    writer.send({ error: 'für ✓' }, Buffer.from('a\né\n'));
    writer.send({ finished: true });
    expect(framesOf(bytes())).toEqual([
      { metadata: { error: 'für ✓' }, body: Buffer.from('a\né\n') },
      { metadata: { finished: true }, body: Buffer.alloc(0) },
    ]);
  });

  it('refuses a body of another length than announced', () => {
    const { writer } = collector();
    writer.begin({}, 3);
    writer.write(Buffer.from('ab'));
    expect(writer.remaining).toBe(1);
    expect(() => writer.write(Buffer.from('cd'))).toThrow(/exceeds/);
    expect(() => writer.begin({}, 0)).toThrow(/lacks 1 bytes/);
  });
});

import { FrameDecoder, encodeFrame } from '../../container/templates/process/frames.ts';

const frames = [
  { header: { id: 1, text: 'ü"\n' }, body: new Uint8Array(0) },
  { header: { id: 2 }, body: Uint8Array.from({ length: 1000 }, (_, i) => i) },
  { header: { id: 3, odd: 'x' }, body: new Uint8Array(new Float64Array([1.5, NaN]).buffer) },
];
const bytes = Buffer.concat(frames.flatMap(({ header, body }) => encodeFrame(header, body)));

test.each([1, 3, 7, 64, 1e6])('frames come out as they went in, %d bytes at a time', (step) => {
  const decoder = new FrameDecoder(1000);
  const got = [];
  for (let at = 0; at < bytes.length; at += step) got.push(...decoder.push(bytes.subarray(at, at + step)));
  expect(got.map(({ header }) => header)).toEqual(frames.map(({ header }) => header));
  got.forEach(({ body }, i) => {
    expect(Buffer.compare(body, frames[i].body)).toBe(0);
    expect(body.byteOffset % 8).toBe(0);
  });
});

test('a body that is too long, and bytes that are no frame, are refused before they are taken in', () => {
  const decode = (piece: Uint8Array) => [...new FrameDecoder(999).push(piece)];
  expect(() => decode(bytes)).toThrow(/1000 bytes is longer than the 999 allowed/);
  expect(() => decode(Buffer.from('Traceback (most recent call last)'))).toThrow(/no frame/);
});

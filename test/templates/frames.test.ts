import type { OutputColumn } from '../../container/contract/template.ts';
import { FrameDecoder, encodeFrame } from '../../container/templates/process/frames.ts';
import { decodeOutputs, encodeOutputs } from '../../container/templates/tables.ts';

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

test('a body may come in several pieces', () => {
  const pieces = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
  const [frame] = new FrameDecoder(3).push(Buffer.concat(encodeFrame({ id: 4 }, ...pieces)));
  expect(frame).toMatchObject({ header: { id: 4 }, body: Uint8Array.of(1, 2, 3) });
});

test('columns of numbers come out as they went in, wherever they lie', () => {
  const outputs: Extract<OutputColumn, { kind: 'number' }>[] = [
    { name: 'predicted(ü "x")', kind: 'number', values: Float64Array.of(1.5, NaN, -0) },
    { name: 'b', kind: 'number', values: Float64Array.of(1e-300, 2, Infinity, 4) },
  ];
  const bytes = encodeOutputs(outputs, 3);
  const moved = new Uint8Array(bytes.length + 1);
  moved.set(bytes, 1);
  for (const read of [bytes, moved.subarray(1)]) {
    expect(decodeOutputs(read)).toEqual({
      rows: 3,
      outputs: outputs.map((one) => ({ ...one, values: one.values.subarray(0, 3) })),
    });
  }
});

test('one array may stand in two columns, beside texts', () => {
  const values = Float64Array.of(1, 2);
  const outputs: OutputColumn[] = [
    { name: 'a', kind: 'number', values },
    { name: 'b', kind: 'number', values },
    { name: 'c', kind: 'text', values: ['x', null] },
  ];
  expect(decodeOutputs(encodeOutputs(outputs, 2))).toEqual({ rows: 2, outputs });
});

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorSink, descriptorSource, PipeGauge } from '../../splunk_app/src/protocol/descriptors.ts';

test('what was read at once tells how much may be written at once', () => {
  const gauge = new PipeGauge();
  expect(gauge.piece).toBeLessThan(64 << 10);
  gauge.note(64 << 10);
  expect(gauge.piece).toBeLessThan(64 << 10);
  gauge.note((64 << 10) + 1);
  gauge.note(10);
  expect(gauge.piece).toBe(Infinity);
});

test.each([1 << 10, 64 << 10, 1 << 20])(
  'bytes written in pieces are those that were read %d at a time',
  (step) => {
    const folder = mkdtempSync(join(tmpdir(), 'kepler-descriptors-'));
    const file = join(folder, 'bytes');
    const bytes = Buffer.from(Float64Array.from({ length: 40_000 }, Math.sin).buffer);
    writeFileSync(file, bytes);
    const [input, output] = [openSync(file, 'r'), openSync(`${file}.out`, 'w')];
    const gauge = new PipeGauge();
    const source = descriptorSource(input, undefined, gauge);
    const sink = descriptorSink(output, gauge);
    const piece = Buffer.alloc(step);
    for (let count = source.read(piece, 0, step); count > 0; count = source.read(piece, 0, step)) {
      sink.write(piece.subarray(0, count));
    }
    closeSync(input);
    closeSync(output);
    const written = readFileSync(`${file}.out`);
    rmSync(folder, { recursive: true });
    expect(written.equals(bytes)).toBe(true);
  },
);

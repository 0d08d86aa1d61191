/**
 * Columns of numbers as they are, in a sixth of the time that Arrow takes for the rows of a chunk:
 *
 *   u32 'PLAN'   u32 bytes of the head   head (JSON, blanks up to a multiple of 8): {rows, names}   a column's doubles behind the other's
 *
 * Little-endian. An Arrow stream begins with ff ff ff ff.
 */
import type { OutputColumn } from '../contract/template.ts';

const MARK = 0x4e414c50;
const PREAMBLE = 8;

/** Undefined where not all columns are numbers. */
export function encodePlainNumbers(outputs: readonly OutputColumn[], rows: number): Uint8Array | undefined {
  const columns = outputs.map((output) => (output.kind === 'number' ? output.values : undefined));
  if (!columns.every((column) => column !== undefined)) return undefined;
  const json = Buffer.from(JSON.stringify({ rows, names: outputs.map(({ name }) => name) }));
  const head = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(PREAMBLE + head + columns.length * rows * 8);
  new Uint32Array(bytes.buffer, 0, 2).set([MARK, head]);
  bytes.set(json, PREAMBLE);
  bytes.fill(0x20, PREAMBLE + json.length, PREAMBLE + head);
  columns.forEach((values, c) => {
    new Float64Array(bytes.buffer, PREAMBLE + head + c * rows * 8, rows).set(values.subarray(0, rows));
  });
  return bytes;
}

/** Undefined where the bytes are of another form. The columns are views of them. */
export function decodePlainNumbers(bytes: Uint8Array): { rows: number; outputs: OutputColumn[] } | undefined {
  if (bytes.byteLength < PREAMBLE) return undefined;
  // Doubles are read where they lie, at multiples of 8.
  const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const [mark, head] = new Uint32Array(buffer, byteOffset, 2);
  if (mark !== MARK) return undefined;
  const json = Buffer.from(buffer, byteOffset + PREAMBLE, head).toString('utf8');
  const { rows, names } = JSON.parse(json) as { rows: number; names: string[] };
  const outputs = names.map((name, c): OutputColumn => {
    const values = new Float64Array(buffer, byteOffset + PREAMBLE + head + c * rows * 8, rows);
    return { name, kind: 'number', values };
  });
  return { rows, outputs };
}

import { cells, type Row } from '../../splunkd/index.ts';
import { sha256 } from './sha256.ts';

/** What is wrong with the parts of a file that came through a search. */
export type FileFault = 'none' | 'missing-parts' | 'wrong-size' | 'wrong-hash';

export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(fault);
    this.fault = fault;
  }
}

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/**
 * Joins the parts of `file=onnx`, in whichever order they came, and checks size and SHA-256 of the whole.
 * @throws BrokenFile when there is no part, one is missing, or the whole is not what the runtime has
 */
export async function joinParts(rows: readonly Row[]): Promise<Uint8Array> {
  if (rows.length === 0) throw new BrokenFile('none');
  const parts = [...rows].sort((a, b) => (cells.number(a.part) ?? 0) - (cells.number(b.part) ?? 0));
  const numbered = parts.every((row, index) => cells.number(row.part) === index + 1);
  if (!numbered || cells.number(parts[0].parts) !== parts.length) throw new BrokenFile('missing-parts');
  const pieces = parts.map((row) => bytesOf(cells.text(row.base64)));
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size !== cells.number(parts[0].bytes)) throw new BrokenFile('wrong-size');
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  if ((await sha256(whole)) !== cells.text(parts[0].sha256).toLowerCase()) throw new BrokenFile('wrong-hash');
  return whole;
}

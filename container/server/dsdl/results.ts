/** New columns as the text of `results`: CSV inside JSON, made piece by piece. */
import { encodeCell } from '../../table/csv-cells.ts';
import { readHeader } from '../../table/header.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LF = 0x0a;
const CR = 0x0d;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;

/** `predicted(y)` is `predicted_y` there; all other columns keep their names. */
export function dsdlName(column: string): string {
  const target = /^predicted\((.*)\)$/s.exec(column)?.[1];
  return target === undefined ? column : `predicted_${target}`;
}

export class ResultsText {
  #head: Buffer | undefined = Buffer.alloc(0);
  #alone = false;
  #lineStart = true;
  #quoted = false;

  /** Escapes a piece of the CSV; what comes back is its own memory. */
  push(piece: Uint8Array): Buffer {
    if (this.#head === undefined) return this.#escape(piece);
    this.#head = Buffer.concat([this.#head, piece]);
    const header = readHeader(this.#head, Infinity);
    if (!header) return Buffer.alloc(0);
    const rest = this.#head.subarray(header.bytes);
    this.#head = undefined;
    const line = Buffer.from(`${header.names.map((name) => encodeCell(dsdlName(name))).join(',')}\n`);
    const head = this.#escape(line);
    this.#alone = header.names.length === 1;
    return Buffer.concat([head, this.#escape(rest)]);
  }

  #escape(piece: Uint8Array): Buffer {
    // The longest a byte becomes is \u00XX; texts with control characters are rare, so room for them is made at need.
    let out = Buffer.allocUnsafe(piece.length * 2 + 64);
    let at = 0;
    for (const byte of piece) {
      if (at + 8 > out.length) out = Buffer.concat([out, Buffer.allocUnsafe(out.length)]);
      if (this.#lineStart && this.#alone && (byte === LF || byte === CR)) {
        // An empty cell alone in its line: pandas, as it reads, would leave the row out.
        at += out.write('\\"\\"', at, 'latin1');
      }
      this.#lineStart = byte === LF && !this.#quoted;
      if (byte === QUOTE) {
        this.#quoted = !this.#quoted;
        out[at++] = BACKSLASH;
        out[at++] = QUOTE;
      } else if (byte === BACKSLASH) {
        out[at++] = BACKSLASH;
        out[at++] = BACKSLASH;
      } else if (byte >= 0x20) out[at++] = byte;
      // Line ends as pandas writes them, whatever those of the rows that came.
      else if (byte === CR && !this.#quoted) continue;
      else if (byte === LF || byte === CR) {
        out[at++] = BACKSLASH;
        out[at++] = byte === LF ? LETTER_N : LETTER_R;
      } else at += out.write(`\\u00${byte.toString(16).padStart(2, '0')}`, at, 'latin1');
    }
    return out.subarray(0, at);
  }
}

/**
 * A queue of lines on disk: what was put in survives the process's end, also by kill -9. Lines go into segments that are only
 * appended to; a small file says how far they were taken. A segment that was taken wholly is removed.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const NEWLINE = 10;
const POSITION = 'position.json';
const LARGEST_SEGMENT = 16e6;
/** So many bytes are read at a time: small batches share a reading. */
const READING = 1024 * 1024;

interface Segment {
  readonly number: number;
  bytes: number;
  lines: number;
}

/** Where a reader stands: a segment and a byte in it. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

/** A batch that a collector has taken, and not acknowledged yet. */
export interface Sent {
  readonly end: Position;
  readonly lines: number;
  /** Acknowledgements of its parts that have not come. */
  readonly acks: readonly number[];
}

/** What is on its way to a collector: the next process asks for the same acknowledgements. */
export interface OnTheWay {
  /** Tells one collector and token from others. */
  readonly collector: string;
  readonly channel: string;
  readonly sent: readonly Sent[];
}

interface Kept extends Position {
  /** Lines that ever arrived. */
  readonly arrived?: number;
  readonly onTheWay?: OnTheWay;
}

export interface SpoolListener {
  /** Lines were written. */
  written(): void;
  /** Lines were lost: the disk is full, say. */
  failed(error: Error): void;
}

export interface Batch {
  /** Whole lines with a line break between them, none behind the last. */
  readonly bytes: Buffer;
  readonly lines: number;
  /** Behind the last line; give it to `taken` once the lines have arrived. */
  readonly end: Position;
}

export class Spool {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #segments: Segment[] = [];
  /** Up to here everything has arrived. */
  #taken: Position;
  #arrived: number;
  #onTheWay: OnTheWay | undefined;
  readonly #position: number;
  #keptBytes: number;
  #file = -1;
  #reader: { segment: number; handle: FileHandle } | null = null;
  /** What was read last: its segment, and the byte in it with which it begins. */
  #reading: { readonly segment: number; readonly offset: number; readonly bytes: Buffer } | null = null;
  #waiting: string[] = [];
  #dropped = 0;
  #closed = false;
  readonly #listener: SpoolListener;

  /**
   * Opens the folder, or makes it. What an earlier process left in it is given first.
   * @param maxBytes When more is kept, the oldest segments go, counted in `dropped`.
   */
  constructor(folder: string, maxBytes: number, listener: SpoolListener) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#segmentBytes = Math.min(LARGEST_SEGMENT, maxBytes / 4);
    this.#listener = listener;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const numbers = readdirSync(folder)
      .map((name) => /^(\d+)\.ndjson$/.exec(name)?.[1])
      .filter((number) => number !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
    const kept = this.#readKept(numbers[0] ?? 1);
    this.#position = openSync(join(folder, POSITION), constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#keptBytes = fstatSync(this.#position).size;
    this.#taken = { segment: kept.segment, offset: kept.offset };
    this.#arrived = kept.arrived ?? 0;
    this.#onTheWay = kept.onTheWay;
    for (const number of numbers) {
      if (number < this.#taken.segment) rmSync(this.#path(number), { force: true });
      else this.#segments.push(this.#measure(number));
    }
    this.#openSegment((numbers.at(-1) ?? 0) + 1);
  }

  /** Where the lines begin that have not arrived. */
  get start(): Position {
    return this.#taken;
  }

  /** Lines that have not arrived. */
  get length(): number {
    return this.#segments.reduce((sum, { lines }) => sum + lines, 0) + this.#waiting.length;
  }

  /** Lines that were ever put in and not lost, by earlier processes too. */
  get ever(): number {
    return this.#arrived + this.length;
  }

  /** What was on its way when it was noted last. */
  get onTheWay(): OnTheWay | undefined {
    return this.#onTheWay;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0) - this.#taken.offset;
  }

  /** Lines that were lost because the spool or the disk was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Keeps a line; it may hold no line break. It is out of this process's reach, in the system's hands, when the current turn of
   * the event loop is over: all that one turn puts in takes one write.
   */
  put(line: string): void {
    if (!this.#closed && this.#waiting.push(line) === 1) queueMicrotask(() => this.#flush());
  }

  /** Lines behind `from`, at most so many and so many bytes (a longer line goes alone); null when there are none yet. */
  async next(from: Position, maxBytes: number, maxLines: number): Promise<Batch | null> {
    let { segment: number, offset } = from;
    for (;;) {
      const at = this.#segments.findIndex((segment) => segment.number >= number);
      const segment = this.#segments[at];
      if (segment.number !== number) [number, offset] = [segment.number, 0];
      const batch =
        cut(this.#read(number, offset), maxBytes, maxLines) ??
        (await this.#firstLines(segment, offset, maxBytes, maxLines));
      if (batch) {
        const { bytes, lines } = batch;
        return { bytes, lines, end: { segment: number, offset: offset + bytes.length + 1 } };
      }
      if (at === this.#segments.length - 1) return null;
      [number, offset] = [this.#segments[at + 1].number, 0];
    }
  }

  /** Reads until there is a whole line; null where all that is left is nothing, or half a line of a killed process or a full disk. */
  async #firstLines(
    segment: Segment,
    offset: number,
    maxBytes: number,
    maxLines: number,
  ): Promise<Lines | null> {
    for (let size = READING; ; size *= 2) {
      const left = segment.bytes - offset;
      if (left <= 0) return null;
      const bytes = await this.#readFile(segment.number, offset, Math.min(size, left));
      this.#reading = { segment: segment.number, offset, bytes };
      const batch = cut(bytes, maxBytes, maxLines);
      if (batch || bytes.length >= left) return batch;
    }
  }

  /** What was read already of the bytes behind `offset`. */
  #read(segment: number, offset: number): Buffer {
    const reading = this.#reading;
    if (reading?.segment !== segment || offset < reading.offset) return NOTHING;
    return reading.bytes.subarray(offset - reading.offset);
  }

  /** What the next process should ask for before it sends anything again. */
  note(onTheWay: OnTheWay): void {
    this.#onTheWay = onTheWay;
    this.#keep();
  }

  /**
   * The lines up to `end` have arrived: neither this process nor the next gives them again. In order only.
   * @param onTheWay what is left of it
   */
  taken(end: Position, lines: number, onTheWay?: OnTheWay): void {
    this.#onTheWay = onTheWay;
    while (this.#segments[0].number < end.segment) this.#drop();
    // Dropped in the meantime for want of room: it is counted as lost already.
    if (this.#segments[0].number > end.segment) return;
    this.#segments[0].lines = Math.max(0, this.#segments[0].lines - lines);
    this.#arrived += lines;
    this.#taken = end;
    this.#keep();
  }

  #keep(): void {
    const kept: Kept = {
      ...this.#taken,
      arrived: this.#arrived,
      ...(this.#onTheWay && { onTheWay: this.#onTheWay }),
    };
    // Over what was there, in one write that a killed process has done or not: a file and a rename for each batch took longer
    // than to send it. Spaces stand behind what is shorter than the one before.
    const text = Buffer.from(JSON.stringify(kept));
    this.#keptBytes = Math.max(this.#keptBytes, text.length);
    writeSync(this.#position, Buffer.concat([text, Buffer.alloc(this.#keptBytes - text.length, ' ')]), 0, this.#keptBytes, 0); // prettier-ignore
  }

  /** Ends writing and reading; what is kept stays for the next process. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    closeSync(this.#file);
    closeSync(this.#position);
    await this.#reader?.handle.close();
  }

  #flush(): void {
    if (this.#waiting.length === 0 || this.#closed) return;
    const lines = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    try {
      let last = this.#segments[this.#segments.length - 1];
      if (last.bytes > 0 && last.bytes + bytes.length > this.#segmentBytes)
        last = this.#openSegment(last.number + 1);
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
      last.bytes += bytes.length;
      last.lines += lines.length;
      this.#makeRoom();
      this.#listener.written();
    } catch (error) {
      this.#lose(lines.length, error as Error);
    }
  }

  /** A full disk must fail no search. The next lines begin a segment of their own: what half of a line got there is not read. */
  #lose(lines: number, error: Error): void {
    this.#dropped += lines;
    this.#listener.failed(error);
    try {
      this.#openSegment(this.#segments[this.#segments.length - 1].number + 1);
    } catch {
      // The same disk; told already. The next lines are tried where these failed.
    }
  }

  #makeRoom(): void {
    while (this.#segments.length > 1 && this.bytes > this.#maxBytes) {
      this.#dropped += this.#segments[0].lines;
      this.#drop();
      this.#taken = { segment: this.#segments[0].number, offset: 0 };
    }
  }

  #drop(): void {
    const [oldest] = this.#segments.splice(0, 1);
    rmSync(this.#path(oldest.number), { force: true });
  }

  #path(number: number): string {
    return join(this.#folder, `${String(number).padStart(8, '0')}.ndjson`);
  }

  #readKept(first: number): Kept {
    try {
      return JSON.parse(readFileSync(join(this.#folder, POSITION), 'utf8')) as Kept;
    } catch (error) {
      // Without it, lines are sent again rather than lost; their event_id tells.
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
        return { segment: first, offset: 0 };
      throw error;
    }
  }

  /** What an earlier process left: read once, at the start. */
  #measure(number: number): Segment {
    const bytes = readFileSync(this.#path(number));
    let lines = 0;
    const from = number === this.#taken.segment ? this.#taken.offset : 0;
    for (let at = bytes.indexOf(NEWLINE, from); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
    return { number, bytes: bytes.length, lines };
  }

  #openSegment(number: number): Segment {
    const file = openSync(this.#path(number), 'a', 0o600);
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = file;
    const segment = { number, bytes: 0, lines: 0 };
    this.#segments.push(segment);
    return segment;
  }

  async #readFile(segment: number, offset: number, length: number): Promise<Buffer> {
    if (this.#reader?.segment !== segment) {
      await this.#reader?.handle.close();
      this.#reader = null;
      this.#reader = { segment, handle: await open(this.#path(segment), 'r') };
    }
    const piece = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#reader.handle.read(piece, 0, length, offset);
    return piece.subarray(0, bytesRead);
  }
}

const NOTHING = Buffer.alloc(0);

interface Lines {
  readonly bytes: Buffer;
  readonly lines: number;
}

/** Whole lines from the start of `piece`, one of them at least; null where not even one is whole. */
function cut(piece: Buffer, maxBytes: number, maxLines: number): Lines | null {
  let [end, lines] = [0, 0];
  while (lines < maxLines) {
    const at = piece.indexOf(NEWLINE, end);
    if (at < 0 || (lines > 0 && at > maxBytes)) break;
    end = at + 1;
    lines++;
  }
  return lines === 0 ? null : { bytes: piece.subarray(0, end - 1), lines };
}

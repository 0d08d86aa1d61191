/**
 * A runtime that does of a fit what is not the fit: reads the rows into columns in its event loop as their bytes come, spools
 * them, and sends all of them back with one column more. It speaks the runtime's contract to `fit`, and takes one search at a time.
 *   node --import tsx --import ./build/wasm-bytes.mjs bench/peers/reading-sink.ts SOCKET FOLDER FIELD…
 * The last field is the column that comes back once more, in a prediction's place.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTRACT_VERSION } from '../../container/contract/version.ts';
import { HEADERS, MEDIA, PATHS } from '../../container/contract/wire.ts';
import { Control } from '../../container/jobs/control.ts';
import { RowsBack } from '../../container/jobs/rows-back.ts';
import { Spool } from '../../container/jobs/spool.ts';
import { Growing } from '../../container/table/growing.ts';
import { readHeader } from '../../container/table/header.ts';
import type { Header } from '../../container/table/header.ts';
import { ChunkReader, NUMBER, SKIP } from '../../container/table/reader.ts';
import { Region, TableMemory, newSharedMemory } from '../../container/table/table-memory.ts';

const [socket, folder, ...fields] = process.argv.slice(2);
const MOST_COLUMNS = 5000;
const MOST_BYTES = 16 * 2 ** 30;

const memory = new TableMemory(newSharedMemory());
/** One search's rows. */
class Search {
  readonly reader: ChunkReader;
  readonly chunk: Region;
  readonly spool = new Spool(folder, MOST_BYTES);
  readonly columns = fields.map(() => new Growing<Float64Array>((n) => new Float64Array(n)));
  readonly lengths = new Growing<Uint32Array>((n) => new Uint32Array(n));
  readonly headers: { header: Header; firstRow: number }[] = [];
  rows = 0;
  #start = 0;
  #filled = 0;
  #header: Header | undefined;

  constructor() {
    // What the search before laid out is forgotten.
    memory.reset();
    this.reader = new ChunkReader(memory);
    this.chunk = new Region(memory);
  }

  begin(bytes: number): void {
    this.#start = this.chunk.ensure(bytes);
    this.#filled = 0;
    this.#header = undefined;
  }

  take(data: Buffer): void {
    // By `fill`: into shared memory it copies faster than `set`.
    memory.bytes.fill(data, this.#start + this.#filled, this.#start + this.#filled + data.length);
    this.#filled += data.length;
    const end = this.#start + this.#filled;
    this.#header ??= this.#open(end);
    if (!this.#header) return;
    for (let rows = this.reader.next(end); rows > 0; rows = this.reader.next(end)) {
      this.#keep(this.#header, rows);
    }
  }

  #open(end: number): Header | undefined {
    const header = readHeader(memory.bytes.subarray(this.#start, end), MOST_COLUMNS);
    if (!header) return undefined;
    const kinds = Uint8Array.from(header.names, (name) => (fields.includes(name) ? NUMBER : SKIP));
    this.reader.open(this.#start, header, kinds);
    this.headers.push({ header, firstRow: this.rows });
    return header;
  }

  #keep(header: Header, rows: number): void {
    const { doubles, words, bytes } = memory;
    fields.forEach((field, i) => {
      const at = this.reader.column(header.names.indexOf(field)) / 8;
      this.columns[i].append(doubles.subarray(at, at + rows));
    });
    const lengths = this.reader.lengths / 4;
    this.lengths.append(words.subarray(lengths, lengths + rows));
    this.spool.write(bytes.subarray(this.reader.blockStart, this.reader.blockEnd));
    this.rows += rows;
  }

  back(): RowsBack {
    const values = this.columns[this.columns.length - 1].take();
    const spooled = { rows: this.rows, headers: this.headers, lengths: this.lengths.take() };
    return new RowsBack(memory, new Control(), this.spool, spooled, [
      { name: 'once more', kind: 'number', values },
    ]);
  }
}

let search: Search | undefined;

function receive(request: IncomingMessage, reply: ServerResponse): void {
  const metaBytes = Number(request.headers[HEADERS.metaLength]);
  const csvBytes = Number(request.headers['content-length']) - metaBytes;
  let pending: Buffer = Buffer.alloc(0);
  let meta: { chunk: number; finished: boolean } | undefined;
  request.on('data', (data: Buffer) => {
    if (!meta) {
      pending = pending.length > 0 ? Buffer.concat([pending, data]) : data;
      if (pending.length < metaBytes) return;
      meta = JSON.parse(pending.toString('utf8', 0, metaBytes)) as { chunk: number; finished: boolean };
      if (meta.chunk === 0) search = new Search();
      search!.begin(csvBytes);
      data = pending.subarray(metaBytes);
    }
    search!.take(data);
  });
  request.on('end', () => void answer(reply, meta!.finished));
}

async function answer(reply: ServerResponse, finished: boolean): Promise<void> {
  const head = Buffer.from('{"messages":[]}');
  const back = finished ? search!.back() : undefined;
  const rows = back ? await back.measure() : 0;
  reply.writeHead(200, {
    'content-type': MEDIA.csv,
    'content-length': head.length + rows,
    [HEADERS.contract]: String(CONTRACT_VERSION),
    [HEADERS.metaLength]: String(head.length),
  });
  reply.write(head);
  for (const { start, bytes } of back?.produce() ?? []) {
    const piece = memory.bytes.subarray(start, start + bytes);
    if (!reply.write(piece)) await new Promise((drained) => reply.once('drain', drained));
  }
  reply.end();
  if (finished) search!.spool.close();
}

createServer((request, reply) => {
  if (request.url === PATHS.fit) return receive(request, reply);
  request.resume();
  request.on('end', () => {
    const text = '{"messages":[]}';
    const headers = { 'content-type': 'application/json', [HEADERS.contract]: String(CONTRACT_VERSION) };
    reply.writeHead(200, headers).end(text);
  });
}).listen(socket, () => process.stdout.write('listening\n'));

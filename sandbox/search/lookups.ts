import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Batch } from '../table/batch.ts';
import { readCsv } from '../table/csv-reader.ts';
import { quote, toCsv } from '../table/csv-writer.ts';
import { SplError } from '../spl/pipeline.ts';
import type { ChunkSettings } from './settings.ts';

/** CSV files by name: those of folders that a search was given first, then those that searches wrote. */
export class Lookups {
  /**
   * @param given Folders of the person who searches; never written to.
   * @param own Folders of the sandbox; the first one takes what `outputlookup` writes.
   */
  constructor(
    private readonly given: readonly string[],
    private readonly own: readonly string[],
  ) {}

  names(): string[] {
    const names = [...this.given, ...this.own].flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [],
    );
    return [...new Set(names)].sort();
  }

  /** The file's path. A name without `.csv` means the same file. */
  path(name: string): string {
    for (const folder of [...this.given, ...this.own]) {
      for (const file of [name, `${name}.csv`]) {
        const path = join(folder, file);
        if (basename(file) === file && existsSync(path)) return path;
      }
    }
    const names = this.names();
    const known =
      names.length === 0
        ? 'There are none; give a folder of them with --lookups.'
        : `There are: ${names.join(', ')}.`;
    throw new SplError(`The lookup '${name}' does not exist. ${known}`);
  }

  read(name: string, chunks: ChunkSettings): AsyncGenerator<Batch> {
    const pieces = createReadStream(this.path(name), { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
    return readCsv(pieces, { ...chunks, origin: `Lookup '${name}'` });
  }

  /** Writes the rows behind those that the file has. Gives them on as they are. */
  async *append(name: string, input: AsyncIterable<Batch>, chunks: ChunkSettings): AsyncGenerator<Batch> {
    const given: Batch[] = [];
    for await (const batch of input) given.push(batch);
    const before: Batch[] = [];
    if (this.names().includes(name.endsWith('.csv') ? name : `${name}.csv`))
      for await (const batch of this.read(name, chunks)) before.push(batch);
    const all = async function* () {
      yield* before;
      yield* given;
    };
    for await (const batch of this.write(name, all(), [])) void batch;
    yield* given;
  }

  /** Writes all rows; the file appears whole or not at all. Gives the rows on as they are. */
  async *write(
    name: string,
    input: AsyncIterable<Batch>,
    fallbackFields: readonly string[],
  ): AsyncGenerator<Batch> {
    const file = name.endsWith('.csv') ? name : `${name}.csv`;
    if (basename(file) !== file || file.startsWith('.')) {
      throw new SplError(`Error in 'outputlookup' command: '${name}' is not a lookup's name.`);
    }
    if (this.given.some((folder) => existsSync(join(folder, file)))) {
      throw new SplError(
        `Error in 'outputlookup' command: '${file}' is a file of the folder given with --lookups, which searches do not overwrite. Choose another name.`,
      );
    }
    mkdirSync(this.own[0], { recursive: true });
    const path = join(this.own[0], file);
    const temporary = `${path}.${process.pid}.${Date.now()}`;
    const handle = await open(temporary, 'w');
    try {
      let fields: readonly string[] | undefined;
      for await (const batch of input) {
        if (batch.fields.length > 0) {
          fields ??= batch.fields;
          const missing = batch.fields.filter((field) => !fields!.includes(field));
          if (missing.length > 0) {
            throw new SplError(
              `Error in 'outputlookup' command: the field '${missing[0]}' first appears after rows were written. Put 'table' with all fields in front.`,
            );
          }
          const aligned = batch.with(
            fields.filter((field) => !batch.has(field)).map((field) => [field, batch.cells(field)] as const),
          );
          const csv = toCsv(aligned.select(fields), 'all');
          const first = (await handle.stat()).size === 0;
          await handle.appendFile(first ? csv : csv.subarray(csv.indexOf(0x0a) + 1));
        }
        yield batch;
      }
      if (!fields) await handle.appendFile(`${fallbackFields.map(quote).join(',')}\n`);
      await handle.close();
      renameSync(temporary, path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      rmSync(temporary, { force: true });
      throw error;
    }
  }
}

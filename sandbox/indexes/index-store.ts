import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readConf } from '../splunkd/conf.ts';

/** An event as it is kept: a line of JSON. */
export interface IndexedEvent {
  /** Seconds since 1970. */
  readonly time: number;
  readonly host: string;
  readonly source: string;
  readonly sourcetype: string;
  /** `_raw`. */
  readonly raw: string;
  /** Indexed fields. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  /** Of an event that was read: the file that it lies in, and its line. */
  readonly place?: { readonly bucket: number; readonly line: number };
}

/** The indexes that are there without any app's doing. */
const BUILT_IN = ['main', 'kepler', 'kepler_metrics'];
/** A file that has grown so large becomes the older half; what was the older half is gone, as with frozen buckets. */
const MOST_BYTES = 256 << 20;

/** The indexes of the sandbox: a file each, read by searches also of other processes. */
export class IndexStore {
  private readonly folder: string;

  constructor(private readonly splunkHome: string) {
    this.folder = join(splunkHome, 'var/lib/kepler-sandbox/indexes');
  }

  names(): string[] {
    const apps = join(this.splunkHome, 'etc/apps');
    const named = readdirSync(apps).flatMap((app) => [
      ...readConf(join(apps, app, 'default/indexes.conf'), join(apps, app, 'local/indexes.conf')).keys(),
    ]);
    return [...new Set([...BUILT_IN, ...named])].filter((name) => /^[a-z][\w-]*$/.test(name)).sort();
  }

  append(index: string, events: readonly IndexedEvent[]): void {
    if (events.length === 0) return;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const file = this.fileOf(index);
    if (existsSync(file) && statSync(file).size > MOST_BYTES) renameSync(file, `${file}.older`);
    appendFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: 0o600 });
  }

  /** The events of an index within a range of time (seconds; the end is not part of it), in the order they came in. */
  async *read(index: string, earliest: number, latest: number): AsyncGenerator<IndexedEvent> {
    const file = this.fileOf(index);
    for (const path of [`${file}.older`, file]) {
      if (!existsSync(path)) continue;
      // It stays the same when the file becomes the older half.
      const bucket = statSync(path).ino;
      let number = 0;
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        number++;
        // A line that is just being written has no end yet.
        if (!line.endsWith('}')) continue;
        const event = JSON.parse(line) as IndexedEvent;
        if (event.time >= earliest && event.time < latest)
          yield { ...event, place: { bucket, line: number } };
      }
    }
  }

  private fileOf(index: string): string {
    return join(this.folder, `${index}.jsonl`);
  }
}

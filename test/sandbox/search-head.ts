import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Message } from '../../sandbox/search/job.ts';
import { Job } from '../../sandbox/search/job.ts';
import type { SearchOptions } from '../../sandbox/search/open.ts';
import { openSearch } from '../../sandbox/search/open.ts';
import { SplError } from '../../sandbox/spl/pipeline.ts';
import { SplunkHome } from '../../sandbox/splunkd/home.ts';
import { SplunkdRest } from '../../sandbox/splunkd/rest.ts';
import type { Batch } from '../../sandbox/table/batch.ts';
import type { Cell } from '../../sandbox/table/cell.ts';

const FIXTURE = 'test/fixtures/chunked-app';

export interface Found {
  readonly fields: string[];
  readonly rows: Record<string, Cell>[];
  readonly messages: readonly Message[];
  readonly error?: string;
}

/** A search head in a folder of its own, with the app of the fixtures in place of Kepler's where no other is named. */
export class SearchHead {
  private constructor(
    readonly folder: string,
    readonly home: SplunkHome,
    readonly rest: SplunkdRest,
  ) {}

  static async start(app = FIXTURE): Promise<SearchHead> {
    const folder = mkdtempSync(join(tmpdir(), 'kepler-head-'));
    if (app === FIXTURE) chmodSync(join(app, 'bin/fixture.mjs'), 0o755);
    const home = new SplunkHome(join(folder, 'splunk'));
    home.prepare(resolve(app));
    mkdirSync(join(folder, 'lookups'));
    return new SearchHead(folder, home, await SplunkdRest.listen(home));
  }

  async stop(): Promise<void> {
    await this.rest.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get address(): { splunkHome: string; splunkd: string } {
    return { splunkHome: this.home.path, splunkd: this.rest.url };
  }

  lookup(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, 'lookups', name), content);
  }

  /** Keeps a secret of the app as the page Setup does. */
  async storePassword(name: string, password: string): Promise<void> {
    const login = await fetch(`${this.rest.url}/services/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'admin', password: this.home.password, output_mode: 'json' }),
    });
    const { sessionKey } = (await login.json()) as { sessionKey: string };
    const kept = await fetch(`${this.rest.url}/servicesNS/nobody/kepler/storage/passwords?output_mode=json`, {
      method: 'POST',
      headers: { authorization: `Splunk ${sessionKey}` },
      body: new URLSearchParams({ realm: 'kepler', name, password }),
    });
    if (!kept.ok) throw new Error(`splunkd did not keep ${name} (status ${kept.status})`);
  }

  async open(search: string, options: Partial<SearchOptions> = {}): ReturnType<typeof openSearch> {
    return openSearch(this.address, { search, lookups: [join(this.folder, 'lookups')], ...options });
  }

  /** Runs a search; its rows as objects. */
  async search(search: string, options: Partial<SearchOptions> = {}): Promise<Found> {
    const { job, close } = await this.open(search, options);
    const batches: Batch[] = [];
    try {
      for await (const batch of job.run()) batches.push(batch);
      return { ...toRows(batches), messages: job.messages };
    } catch (error) {
      return { fields: [], rows: [], messages: job.messages, error: Job.failureText(error) };
    } finally {
      await close();
    }
  }

  /** The cells of one field. */
  async cells(search: string, field: string): Promise<Cell[]> {
    const { rows, error } = await this.search(search);
    if (error) throw new SplError(error);
    return rows.map((row) => row[field] ?? null);
  }
}

function toRows(batches: readonly Batch[]): { fields: string[]; rows: Record<string, Cell>[] } {
  const fields = [...new Set(batches.flatMap((batch) => batch.fields))];
  const rows = batches.flatMap((batch) =>
    Array.from({ length: batch.rows }, (_, row) =>
      Object.fromEntries(fields.map((field) => [field, batch.cells(field)[row]])),
    ),
  );
  return { fields, rows };
}

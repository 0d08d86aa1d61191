import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatResults } from '../../cli/results.ts';
import { runSearch } from '../../cli/run-search.ts';
import { IndexStore } from '../../sandbox/indexes/index-store.ts';
import { readState } from '../../sandbox/state-file.ts';
import type { SandboxInfo } from '../../sandbox/state-file.ts';
import { eventually, until } from '../eventually.ts';

const PROGRAM = resolve('dist/cli/kepler.mjs');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Results {
  readonly fields: string[];
  readonly results: Record<string, string | string[]>[];
  readonly messages: { type: string; text: string }[];
}

/** The built command `kepler`, in a state folder of its own. */
export class Kepler {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepler-e2e-'));
  readonly state = join(this.folder, 'state');
  readonly lookups = join(this.folder, 'lookups');
  private started: ChildProcess | undefined;
  /** What `start` has printed so far. */
  output = '';

  constructor() {
    mkdirSync(this.lookups);
  }

  spawn(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, KEPLER_STATE: this.state, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async run(...args: string[]): Promise<Ended> {
    return ended(this.spawn(args));
  }

  /**
   * A search whose results are read as JSON. Where a sandbox is up, what `kepler search` does is done in this process: a
   * program of Node's takes longer to start than most searches.
   */
  async search(spl: string, user = 'admin'): Promise<Results & { status: number | null; stderr: string }> {
    const up = readState(this.state);
    if (up && !up.stale) {
      const outcome = await runSearch(up.info, { search: spl, user, lookups: [this.lookups] });
      const results = JSON.parse([...formatResults('json', outcome)].join('')) as Results;
      return { ...results, status: outcome.failed ? 1 : 0, stderr: '' };
    }
    const { status, stdout, stderr } = await this.run(
      'search',
      '--lookups',
      this.lookups,
      '--user',
      user,
      '--format',
      'json',
      spl,
    );
    return { ...(JSON.parse(stdout) as Results), status, stderr };
  }

  /** The row of `| kepler templates` for a template, once its field is as it should be: what is saved is served a moment later. */
  async template(
    name: string,
    field: 'version' | 'error',
    wanted: RegExp,
  ): Promise<Results['results'][number]> {
    return eventually(async () => {
      const { results } = await this.search('| kepler templates');
      const row = results.find((one) => one.name === name);
      if (!row || !wanted.test(String(row[field] ?? '')))
        throw new Error(`${field} of the template ${name} never was ${wanted}: ${JSON.stringify(row)}`);
      return row;
    });
  }

  lookup(name: string, rows: readonly (readonly (string | number)[])[]): void {
    const quote = (value: string | number) => `"${String(value).replaceAll('"', '""')}"`;
    writeFileSync(
      join(this.lookups, name),
      rows.map((row) => `${row.map((value) => (value === '' ? '' : quote(value))).join(',')}\n`).join(''),
    );
  }

  /** Puts 300 events of the sourcetype `readings` into the index main, whose field `load` goes from 0 to 9 again and again. */
  indexReadings(): void {
    const events = Array.from({ length: 300 }, (_, i) => ({
      time: 1_700_000_000 + i,
      host: 'web',
      source: 'test',
      sourcetype: 'readings',
      raw: `load=${i % 10}`,
    }));
    new IndexStore(join(this.state, 'splunk')).append('main', events);
  }

  get info(): SandboxInfo {
    return JSON.parse(readFileSync(join(this.state, 'sandbox.json'), 'utf8')) as SandboxInfo;
  }

  /** `kepler start`, until it says that it is up. */
  async start(): Promise<void> {
    const child = this.spawn(['start']);
    this.started = child;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    await until(() => this.output.includes('Ctrl-C') || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`kepler start ended: ${this.output}`);
  }

  /** Ends what `start` started. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.started;
    this.started = undefined;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    child.kill(signal);
    return gone;
  }

  async clean(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((done) => child.once('close', (status) => done({ status, stdout, stderr })));
}

/** Spool files that a process holds open (the runtime takes their names away at once). */
export function openSpools(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(join(folder, fd)).includes('/spool/');
    } catch {
      // Closed between the two calls.
      return false;
    }
  }).length;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

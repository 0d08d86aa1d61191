/**
 * What was done with the runtime: each run as a line in a bounded log, and counts by hour and model. A search never waits for
 * it: lines are gathered and written some time later, and where the disk cannot keep up, or fails, they are left out.
 *
 *   $KEPLER_HOME/usage/runs-<n>.jsonl   the log, in files of LINES lines; the oldest file goes
 *   $KEPLER_HOME/usage/hours.json       the counts, and up to which line of the log they count
 */
import { appendFile, mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurable } from '../../registry/durable-files.ts';
import type { Log } from '../log.ts';
import { Buckets, addTo, emptyBucket } from './buckets.ts';
import type { Bucket } from './buckets.ts';
import { modelIn, modelKey } from './run.ts';
import type { Run } from './run.ts';

export interface UsageLimits {
  /** Lines of one file of the log. */
  readonly lines: number;
  readonly files: number;
  /** Runs of late that are kept in memory. */
  readonly recent: number;
  readonly flushMs: number;
}

const LIMITS: UsageLimits = { lines: 20_000, files: 10, recent: 20_000, flushMs: 250 };
/** Lines that may wait for the disk. */
const MOST_WAITING = 50_000;
/** Counts are written out so often. */
const SAVE_MS = 60_000;
const DAY = 86_400;
/** Longer messages are cut: they are for a line of a table. */
const LONGEST_MESSAGE = 500;

const FILE = /^runs-(\d+)\.jsonl$/;

export class Usage {
  readonly #folder: string;
  readonly #log: Log;
  readonly #limits: UsageLimits;
  readonly #buckets = new Buckets();
  #recent: Run[] = [];
  #waiting: string[] = [];
  #file = 1;
  #linesInFile = 0;
  #countedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #complained = false;

  private constructor(folder: string, log: Log, limits: UsageLimits) {
    this.#folder = folder;
    this.#log = log;
    this.#limits = limits;
  }

  /** Reads what an earlier runtime left. Never fails: usage is no reason not to start. */
  static async open(folder: string, log: Log, limits: Partial<UsageLimits> = {}): Promise<Usage> {
    const usage = new Usage(folder, log, { ...LIMITS, ...limits });
    try {
      await usage.#load();
    } catch (error) {
      log.warn({ err: error }, 'the usage of before cannot be read: it is counted anew');
    }
    return usage;
  }

  record(run: Run): void {
    const message = run.message?.slice(0, LONGEST_MESSAGE);
    const kept: Run = { ...run, stages: undefined, algorithm: undefined, tell: undefined, message };
    this.#remember(kept);
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(JSON.stringify(kept));
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, this.#limits.flushMs).unref();
  }

  /** Runs of late, newest first, for as long as `take` answers true. */
  recent(take: (run: Run) => boolean, most: number): Run[] {
    const found: Run[] = [];
    for (let i = this.#recent.length - 1; i >= 0 && found.length < most; i--) {
      if (take(this.#recent[i])) found.push(this.#recent[i]);
    }
    return found;
  }

  /**
   * As `recent`, and where that is not enough, also those that only the files hold.
   * @param since seconds since 1970: earlier files are not read
   */
  async runs(take: (run: Run) => boolean, most: number, since: number): Promise<Run[]> {
    const found = this.recent(take, most);
    const oldest = this.#recent.at(0)?.time ?? Infinity;
    if (found.length >= most || oldest <= since || this.#recent.length < this.#limits.recent) return found;
    await this.flush();
    for (const file of (await this.#files()).reverse()) {
      const runs = (await readRuns(this.#path(file))).reverse();
      for (const run of runs) if (run.time < oldest && take(run) && found.length < most) found.push(run);
      if (found.length >= most || (runs.at(-1)?.time ?? 0) < since) break;
    }
    return found;
  }

  /** Counts of runs of all kinds by hour or day (`seconds` each), oldest first; `which` chooses models by their `modelKey`. */
  counts(which: (key: string) => boolean, seconds: number, since: number): [time: number, bucket: Bucket][] {
    const sums = new Map<number, Bucket>();
    for (const [hour, , bucket] of this.#buckets.since(Math.floor(since / seconds) * seconds, (key) =>
      which(modelIn(key)),
    )) {
      const time = Math.floor(hour / seconds) * seconds;
      let sum = sums.get(time);
      if (!sum) sums.set(time, (sum = emptyBucket()));
      addTo(sum, bucket);
    }
    return [...sums];
  }

  /**
   * Counts of the last 24 hours by model, `modelKey` each: of the searches that applied it, and of all that had to do with it.
   * The hour 24 hours ago counts as a whole.
   */
  lastDay(now: number): Map<string, { readonly applied: Bucket; readonly all: Bucket }> {
    const models = new Map<string, { applied: Bucket; all: Bucket }>();
    for (const [, key, bucket] of this.#buckets.since(now - DAY - 3600, (one) => one !== '')) {
      const model = modelIn(key);
      let sums = models.get(model);
      if (!sums) models.set(model, (sums = { applied: emptyBucket(), all: emptyBucket() }));
      if (key === model) addTo(sums.applied, bucket);
      addTo(sums.all, bucket);
    }
    return models;
  }

  /** When a model was last used, as far as the counts go back: the beginning of that hour. */
  lastUse(): Map<string, number> {
    const last = new Map<string, number>();
    for (const [hour, key] of this.#buckets.since(0, (one) => one !== '')) last.set(modelIn(key), hour);
    return last;
  }

  /** Writes out what waits. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
    await this.#save().catch(() => undefined);
  }

  async #write(): Promise<void> {
    const lines = this.#waiting.splice(0);
    try {
      for (let from = 0; from < lines.length;) {
        if (this.#linesInFile >= this.#limits.lines) await this.#nextFile();
        const some = lines.slice(from, from + this.#limits.lines - this.#linesInFile);
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        await appendFile(this.#path(this.#file), some.map((line) => `${line}\n`).join(''), { mode: 0o600 });
        this.#linesInFile += some.length;
        from += some.length;
      }
      if (lines.length > 0 && Date.now() - this.#countedAt > SAVE_MS) await this.#save();
      this.#complained = false;
    } catch (error) {
      if (!this.#complained)
        this.#log.warn({ err: error }, 'the log of runs cannot be written: runs are left out');
      this.#complained = true;
    }
  }

  async #nextFile(): Promise<void> {
    this.#file++;
    this.#linesInFile = 0;
    for (const file of await this.#files()) {
      if (file <= this.#file - this.#limits.files) await rm(this.#path(file), { force: true });
    }
    await this.#save();
  }

  /** The counts as of the last line written, whole or not at all. */
  async #save(): Promise<void> {
    this.#countedAt = Date.now();
    const waiting = this.#waiting.length;
    const counts = { file: this.#file, lines: this.#linesInFile + waiting, hours: this.#buckets.toJson() };
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceDurable(join(this.#folder, 'hours.json'), JSON.stringify(counts));
  }

  async #load(): Promise<void> {
    const files = await this.#files();
    if (files.length === 0) return;
    const counted = await this.#loadCounts();
    for (const file of files) {
      const runs = await readRuns(this.#path(file));
      this.#file = file;
      this.#linesInFile = runs.length;
      runs.forEach((run, line) => {
        const isCounted = file < counted.file || (file === counted.file && line < counted.lines);
        this.#remember(run, !isCounted);
      });
    }
    await endWithNewline(this.#path(this.#file));
  }

  async #loadCounts(): Promise<{ file: number; lines: number }> {
    try {
      const text = await readFile(join(this.#folder, 'hours.json'), 'utf8');
      const { file, lines, hours } = JSON.parse(text) as { file: number; lines: number; hours: unknown[] };
      this.#buckets.load(hours);
      return { file, lines };
    } catch {
      // Not written yet, or damaged: the log of runs says the same, as far as it goes back.
      return { file: 0, lines: 0 };
    }
  }

  #remember(run: Run, counts = true): void {
    if (counts) this.#buckets.count(run);
    this.#recent.push(run);
    if (this.#recent.length > 1.2 * this.#limits.recent)
      this.#recent = this.#recent.slice(-this.#limits.recent);
  }

  async #files(): Promise<number[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .map((name) => Number(FILE.exec(name)?.[1]))
      .filter((number) => number > 0)
      .sort((a, b) => a - b);
  }

  #path(file: number): string {
    return join(this.#folder, `runs-${file}.jsonl`);
  }
}

/** Lines that a crash cut short, or that are none of ours, are passed over. */
async function readRuns(path: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    try {
      const run = JSON.parse(line) as Partial<Run> | null;
      if (run && typeof run.time === 'number' && typeof run.ms === 'number' && typeof run.rows === 'number') {
        runs.push(run as Run);
      }
    } catch {
      // Half a line, the last one of a runtime that was killed.
    }
  }
  return runs;
}

/** So that the next line does not go on with half of one. */
async function endWithNewline(path: string): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    if (size === 0) return;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    if (last[0] !== 10) await file.appendFile('\n');
  } finally {
    await file.close();
  }
}

/** Whether a run used the model. */
export function usedModel(run: Run, key: string): boolean {
  return run.model !== undefined && modelKey(run.model) === key;
}

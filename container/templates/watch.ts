/** Watches the folder that data scientists write into: what is saved is checked, and served to the next fit. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { access, mkdir, readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { publishTemplate } from './publish.ts';
import type { PublishOptions } from './publish.ts';
import type { TemplateManifest } from './store.ts';
import type { TrialRows } from './trial-rows.ts';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;
const SOURCE = /^(?!__)[A-Za-z_]\w*\.(ts|mts|js|mjs|py|ipynb)$/;
/** A template in Python may lie in a folder of its name, with modules and requirements beside it; or its requirements beside it. */
const FOLDER = /^[A-Za-z_]\w*$/;
const REQUIREMENTS = /\.requirements\.txt$/;
const OF_FOLDER = ['py', 'ipynb'];

/** What became of a file when it was saved last. */
export type Outcome =
  | { readonly file: string; readonly published: TemplateManifest }
  | { readonly file: string; readonly error: Error };

export class TemplateWatch {
  readonly #folder: string;
  readonly #options: PublishOptions;
  readonly #tell: (outcome: Outcome) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #errors = new Map<string, Error>();
  readonly #watchers = new Map<string, FSWatcher>();
  /** What is done for a file, in its order. */
  readonly #files = new Map<string, Promise<unknown>>();
  #check: Promise<unknown> = Promise.resolve();

  constructor(folder: string, options: PublishOptions, tell: (outcome: Outcome) => void) {
    this.#folder = folder;
    this.#options = { ...options, inTurn: (work) => this.#inTurn(work) };
    this.#tell = tell;
  }

  /** Publishes what is there and has changed, then whatever is saved. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.#watch('', (name) => {
      if (SOURCE.test(name)) this.#saved(name);
      else if (REQUIREMENTS.test(name)) void this.#changed(name.replace(REQUIREMENTS, ''));
      else if (FOLDER.test(name)) void this.#watchFolder(name);
    });
    for (const entry of (await readdir(this.#folder, { withFileTypes: true })).sort(byName)) {
      if (SOURCE.test(entry.name)) void this.#queue(entry.name);
      else if (entry.isDirectory() && FOLDER.test(entry.name)) await this.#watchFolder(entry.name);
    }
    await this.#settled();
  }

  /** Why a file that was saved is not served; by the template's name. The version before it still is. */
  get errors(): ReadonlyMap<string, Error> {
    return this.#errors;
  }

  /**
   * Publishes a file of the folder now, in turn with what was saved otherwise.
   * @param rows that it is tried on in place of made-up ones
   * @throws what the publishing throws
   */
  async publish(name: string, rows?: TrialRows): Promise<TemplateManifest> {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
    const outcome = await this.#queue(name, rows);
    if (outcome && 'published' in outcome) return outcome.published;
    throw (
      outcome?.error ?? new KeplerError('not_found', `There is no file ${name} in the folder of templates.`)
    );
  }

  async stop(): Promise<void> {
    for (const watcher of this.#watchers.values()) watcher.close();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#settled();
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#files.values());
  }

  /** @param below a folder in the folder of templates, or '' for itself */
  #watch(below: string, changed: (name: string) => void): void {
    const watcher = watch(join(this.#folder, below), (_event, name) => {
      if (name !== null) changed(name);
    });
    // A watch that breaks (the folder was unmounted) must not take the runtime with it.
    watcher.on('error', (error) => this.#tell({ file: join(this.#folder, below), error }));
    this.#watchers.get(below)?.close();
    this.#watchers.set(below, watcher);
  }

  /** A folder with a template of its name in it: whatever changes there may change the template. */
  async #watchFolder(name: string): Promise<void> {
    if (!(await this.#changed(name)) || this.#watchers.has(name)) return;
    this.#watch(name, (entry) => {
      if (/\.(py|ipynb|txt)$/.test(entry)) void this.#changed(name);
    });
  }

  /** Something beside a template has changed. Whether there is one of this name. */
  async #changed(name: string): Promise<boolean> {
    const places = OF_FOLDER.flatMap((kind) => [`${name}.${kind}`, join(name, `${name}.${kind}`)]);
    for (const place of places) {
      try {
        await access(join(this.#folder, place));
      } catch {
        continue;
      }
      this.#saved(place);
      return true;
    }
    return false;
  }

  #saved(name: string): void {
    clearTimeout(this.#timers.get(name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      void this.#queue(name);
    }, SETTLE_MS);
    this.#timers.set(name, timer.unref());
  }

  /** What is done for one file is done in its order; of different files only the checks wait for each other. */
  #queue(name: string, rows?: TrialRows): Promise<Outcome | undefined> {
    const before = this.#files.get(name) ?? Promise.resolve();
    const outcome = before.then(() => this.#publish(name, rows));
    this.#files.set(name, outcome);
    return outcome;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#check.then(work);
    this.#check = done.catch(() => undefined);
    return done;
  }

  /** Undefined where there is no such file any more. */
  async #publish(name: string, rows: TrialRows | undefined): Promise<Outcome | undefined> {
    const file = join(this.#folder, name);
    const template = basename(name).replace(/\.\w+$/, '');
    try {
      const text = await readFile(file, 'utf8');
      const published = await publishTemplate(file, text, rows ? { ...this.#options, rows } : this.#options);
      this.#errors.delete(template);
      return this.#told({ file, published });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        // Deleted, or renamed: what was published stays for the models that need it.
        this.#errors.delete(template);
        return undefined;
      }
      this.#errors.set(template, error as Error);
      return this.#told({ file, error: error as Error });
    }
  }

  #told(outcome: Outcome): Outcome {
    this.#tell(outcome);
    return outcome;
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** Watches the folder that data scientists write into: what is saved is checked, and served to the next fit. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { publishTypeScript } from './publish.ts';
import type { PublishOptions } from './publish.ts';
import type { TemplateManifest } from './store.ts';

/** Editors write a file in several steps. */
const SETTLE_MS = 100;
const SOURCE = /^[A-Za-z_]\w*\.(ts|mts|js|mjs)$/;

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
  #watcher: FSWatcher | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string, options: PublishOptions, tell: (outcome: Outcome) => void) {
    this.#folder = folder;
    this.#options = options;
    this.#tell = tell;
  }

  /** Publishes what is there and has changed, then whatever is saved. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    this.#watcher = watch(this.#folder, (_event, name) => {
      if (name !== null && SOURCE.test(name)) this.#saved(name);
    });
    // A watch that breaks (the folder was unmounted) must not take the runtime with it.
    this.#watcher.on('error', (error) => this.#tell({ file: this.#folder, error }));
    for (const name of (await readdir(this.#folder)).sort()) if (SOURCE.test(name)) this.#queue(name);
    await this.#last;
  }

  /** Why a file that was saved is not served; by the template's name. The version before it still is. */
  get errors(): ReadonlyMap<string, Error> {
    return this.#errors;
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#last;
  }

  #saved(name: string): void {
    clearTimeout(this.#timers.get(name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      this.#queue(name);
    }, SETTLE_MS);
    this.#timers.set(name, timer.unref());
  }

  /** One after the other: a check takes a process. */
  #queue(name: string): void {
    this.#last = this.#last.then(() => this.#publish(name));
  }

  async #publish(name: string): Promise<void> {
    const file = join(this.#folder, name);
    const template = name.replace(/\.\w+$/, '');
    try {
      const text = await readFile(file, 'utf8');
      const published = await publishTypeScript(file, text, this.#options);
      this.#errors.delete(template);
      this.#tell({ file, published });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        // Deleted, or renamed: what was published stays for the models that need it.
        this.#errors.delete(template);
        return;
      }
      this.#errors.set(template, error as Error);
      this.#tell({ file, error: error as Error });
    }
  }
}

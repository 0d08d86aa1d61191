/** Templates that users wrote: published from the folder that they write into, and found by name. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CONTAINER_ALGORITHMS } from '../contract/dsdl.ts';
import { CATALOGUE } from '../estimators/catalogue.ts';
import { TemplateFinder } from '../templates/finder.ts';
import { limitsFrom } from '../templates/process/launch.ts';
import { programsOf } from '../templates/process/programs.ts';
import { endOrphans } from '../templates/process/scratch.ts';
import { Spare } from '../templates/process/spare.ts';
import type { PublishOptions } from '../templates/publish.ts';
import { Environments } from '../templates/python/environments.ts';
import { TemplateStore } from '../templates/store.ts';
import { TypeChecker } from '../templates/types/type-checker.ts';
import type { TemplateManifest } from '../templates/store.ts';
import type { TrialRows } from '../templates/trial-rows.ts';
import { TemplateWatch } from '../templates/watch.ts';
import type { Outcome } from '../templates/watch.ts';
import { Trials } from '../workbench/trials.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';

/** Where templates are written in TypeScript, the first that is saved should not wait for the compiler; nor should the runtime's start. */
const WARM_AFTER_MS = 5000;
/** New templates are checked before the first search, but libraries in Python may take minutes to load: they come later. */
const MOST_BEFORE_START_MS = 10_000;

export class UserTemplates {
  readonly finder: TemplateFinder;
  /** How a source is checked and published. */
  readonly publishing: PublishOptions;
  /** On what each template was published last from the workbench. */
  readonly trials: Trials;
  readonly #store: TemplateStore;
  readonly #scratch: string;
  readonly #watch: TemplateWatch;
  readonly #log: Log;
  readonly #environments: Environments;
  /** Types of templates in TypeScript, where this is an installation with sources and its compiler. */
  readonly types: TypeChecker;
  readonly #warming: NodeJS.Timeout;
  readonly #spare = new Spare();

  constructor({ home, jobs, mode, templateSources, pip }: ServerSettings, log: Log) {
    this.#log = log;
    this.trials = new Trials(join(home, 'trials.json'), jobs.datasetFolder);
    this.types = new TypeChecker(
      new URL('./template-types.mjs', import.meta.url),
      fileURLToPath(new URL('../../container/templates/sdk.ts', import.meta.url)),
    );
    this.#warming = setTimeout(() => {
      if (mode === 'dev' || holdsTypeScript(templateSources)) this.types.warm();
    }, WARM_AFTER_MS).unref();
    this.#store = new TemplateStore(jobs.templateFolder);
    this.finder = new TemplateFinder(this.#store, { unserved: (name) => this.unserved(name) });
    const { host, python, scratch } = programsOf(import.meta.url, jobs);
    this.#scratch = scratch;
    this.#environments = new Environments({
      folder: python.environments,
      command: python.command,
      pip,
      log: (text, fields) => this.#log.info(fields, text),
    });
    this.publishing = {
      store: this.#store,
      host,
      python: { runtime: python, environments: this.#environments },
      sdk: fileURLToPath(new URL('./template-sdk.mjs', import.meta.url)),
      limits: limitsFrom(jobs),
      taken: new Set([...CATALOGUE.keys(), ...CONTAINER_ALGORITHMS]),
      spare: this.#spare,
      types: this.types,
      rowsFor: (name) => this.trials.rowsFor(name),
    };
    this.#watch = new TemplateWatch(templateSources, this.publishing, (outcome) => this.#tell(outcome));
  }

  /** Publishes what has changed, and from now on whatever is saved. */
  async start(): Promise<void> {
    const ended = endOrphans(this.#scratch);
    if (ended > 0) this.#log.warn({ ended }, 'ended what a killed runtime had left of its templates');
    void this.#restoreEnvironments();
    // Built-ins work without it.
    const checked = this.#watch
      .start()
      .catch((error: unknown) => this.#log.error({ err: error }, 'the folder of templates is not watched'));
    await Promise.race([checked, sleep(MOST_BEFORE_START_MS, undefined, { ref: false })]);
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
    await this.#spare.end();
    clearTimeout(this.#warming);
    await this.types.close();
  }

  /** Why what was saved last is not served; by the template's name. */
  get errors(): ReadonlyMap<string, Error> {
    return this.#watch.errors;
  }

  /**
   * Publishes a file of the folder now.
   * @param rows that it is tried on in place of made-up ones
   * @throws KeplerError template_invalid, template_failed, not_found
   */
  publish(file: string, rows?: TrialRows): Promise<TemplateManifest> {
    return this.#watch.publish(file, rows);
  }

  /** Why what was saved under a name is not served, in a sentence. */
  unserved(name: string): string | undefined {
    const state = this.#environments.building.get(name);
    return state ? `Its environment is being made: ${state.stage}.` : this.errors.get(name)?.message;
  }

  /** The current version of each; and why what was saved last is not it. */
  list(): {
    readonly manifest?: TemplateManifest;
    readonly name: string;
    readonly unserved?: string;
  }[] {
    const building = this.#environments.building.keys();
    const names = new Set([...this.#store.names(), ...this.errors.keys(), ...building]);
    return [...names].sort().map((name) => ({
      name,
      manifest: this.#store.current(name),
      unserved: this.unserved(name),
    }));
  }

  /** Environments of published versions that are not here: of a folder of templates that came from elsewhere. */
  async #restoreEnvironments(): Promise<void> {
    for (const name of this.#store.names()) {
      for (const version of this.#store.versions(name)) {
        try {
          if (this.#store.manifest(name, version).environment === undefined) continue;
          const lock = await readFile(join(this.#store.path(name, version), 'requirements.lock'), 'utf8');
          await this.#environments.restore(name, lock);
        } catch (error) {
          this.#log.warn(
            { template: name, version, error: (error as Error).message },
            'the template has no environment',
          );
        }
      }
    }
  }

  #tell(outcome: Outcome): void {
    const { file } = outcome;
    if ('error' in outcome)
      return this.#log.warn({ file, error: outcome.error.message }, 'the template is not served');
    const { name, version } = outcome.published;
    this.#log.info({ file, name, version }, 'the template is served to the next fit');
  }
}

function holdsTypeScript(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => /\.m?ts$/.test(name));
  } catch {
    // Told where it is watched.
    return false;
  }
}

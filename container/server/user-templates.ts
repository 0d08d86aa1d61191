/** Templates that users wrote: published from the folder that they write into, and found by name. */
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from '../estimators/catalogue.ts';
import { TemplateFinder } from '../templates/finder.ts';
import { limitsFrom } from '../templates/process/launch.ts';
import { TemplateStore } from '../templates/store.ts';
import type { TemplateManifest } from '../templates/store.ts';
import { TemplateWatch } from '../templates/watch.ts';
import type { Outcome } from '../templates/watch.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';

export class UserTemplates {
  readonly finder: TemplateFinder;
  readonly #store: TemplateStore;
  readonly #watch: TemplateWatch;
  readonly #log: Log;

  constructor({ jobs, templateSources }: ServerSettings, log: Log) {
    this.#log = log;
    this.#store = new TemplateStore(jobs.templateFolder);
    this.finder = new TemplateFinder(this.#store);
    const options = {
      store: this.#store,
      host: fileURLToPath(new URL('./template-host.mjs', import.meta.url)),
      sdk: fileURLToPath(new URL('./template-sdk.mjs', import.meta.url)),
      limits: limitsFrom(jobs),
      taken: new Set(CATALOGUE.keys()),
    };
    this.#watch = new TemplateWatch(templateSources, options, (outcome) => this.#tell(outcome));
  }

  /** Publishes what has changed, and from now on whatever is saved. */
  async start(): Promise<void> {
    try {
      await this.#watch.start();
    } catch (error) {
      // Built-ins work without it.
      this.#log.error({ err: error }, 'the folder of templates is not watched');
    }
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  /** The current version of each; and why what was saved last is not it. */
  list(): { readonly manifest?: TemplateManifest; readonly name: string; readonly error?: Error }[] {
    const { errors } = this.#watch;
    const names = new Set([...this.#store.names(), ...errors.keys()]);
    return [...names].sort().map((name) => ({
      name,
      manifest: this.#store.current(name),
      error: errors.get(name),
    }));
  }

  #tell(outcome: Outcome): void {
    const { file } = outcome;
    if ('error' in outcome)
      return this.#log.warn({ file, error: outcome.error.message }, 'the template is not served');
    const { name, version } = outcome.published;
    this.#log.info({ file, name, version }, 'the template is served to the next fit');
  }
}

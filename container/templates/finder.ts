/** Finds what a search calls by name: a built-in algorithm, or a user's template in one of its versions. */
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import { didYouMean } from '../contract/did-you-mean.ts';
import type { Need } from '../contract/requests.ts';
import type { Template } from '../contract/template.ts';
import { CATALOGUE, findTemplate } from '../estimators/catalogue.ts';
import type { TemplateDoor } from './broker/door.ts';
import { containerTemplates } from './dsdl/container-template.ts';
import { remoteTemplate } from './remote-template.ts';
import type { TemplateManifest, TemplateStore } from './store.ts';

interface Around {
  readonly door?: () => TemplateDoor;
  readonly containers?: ReadonlyMap<string, Template>;
  readonly unserved?: (name: string) => string | undefined;
}

export class TemplateFinder {
  readonly #store: TemplateStore;
  readonly #door: (() => TemplateDoor) | undefined;
  readonly #containers: ReadonlyMap<string, Template>;
  readonly #unserved: (name: string) => string | undefined;
  readonly #remote = new Map<string, Template>();

  /**
   * @param around.door The way to templates' processes; without one, templates can be described and not run.
   * @param around.containers Algorithms that mean a container of DSDL.
   * @param around.unserved Why what was saved under a name was never published.
   */
  constructor(store: TemplateStore, around: Around = {}) {
    this.#store = store;
    this.#door = around.door;
    this.#containers = around.containers ?? containerTemplates();
    this.#unserved = around.unserved ?? (() => undefined);
  }

  /**
   * @param version of a user's template; the newest where none is named
   * @throws KeplerError unknown_algorithm, template_invalid
   */
  find(name: string, version?: number): Template {
    if (CATALOGUE.has(name)) return findTemplate(name);
    const container = this.#containers.get(name);
    if (container) return container;
    const manifest = version === undefined ? this.#store.current(name) : this.#store.manifest(name, version);
    if (manifest) return this.#remoteOf(manifest);
    const why = this.#unserved(name);
    if (why !== undefined) {
      throw new KeplerError('template_invalid', `The template "${name}" is not served yet. ${why}`);
    }
    const near = didYouMean(name, this.#store.names());
    // The built-ins' own words for what is near, planned, or nothing of the kind.
    if (near === undefined) return findTemplate(name);
    throw new KeplerError(
      'unknown_algorithm',
      `There is no algorithm or template "${name}". Did you mean "${near}"?`,
    );
  }

  /** What a template's current version, or the one named, needs of a search; nothing where there is no such template. */
  needs(name: string, version?: number): readonly Need[] {
    if (CATALOGUE.has(name)) return [];
    const manifest = version === undefined ? this.#store.current(name) : this.#store.manifest(name, version);
    return manifest?.needs ?? [];
  }

  #remoteOf(manifest: TemplateManifest): Template {
    const path = join(this.#store.folder, manifest.name, String(manifest.version));
    let template = this.#remote.get(path);
    if (!template) {
      const place = { name: manifest.name, version: manifest.version, path, needs: manifest.needs ?? [] };
      const door =
        this.#door ??
        (() => {
          throw new KeplerError('internal', `The template ${manifest.name} was run where none can be.`);
        });
      template = remoteTemplate(manifest, place, door);
      this.#remote.set(path, template);
    }
    return template;
  }
}

import { KeplerError } from '../contract/errors.ts';
import type { GroupedState } from '../contract/groups.ts';
import type { Params, State, Template } from '../contract/template.ts';
import type { Registry } from '../registry/registry.ts';
import { decodeState } from '../registry/state-codec.ts';
import { STATE_FILE } from '../registry/types.ts';
import type { Manifest, ModelId } from '../registry/types.ts';
import type { TemplateFinder } from '../templates/finder.ts';

export interface LoadedModel {
  readonly manifest: Manifest;
  readonly template: Template;
  readonly state: State;
}

const KEPT = 16;

/** Versions that a worker has read, the one used longest ago dropped first. Versions never change, so none grows stale. */
export class ModelCache {
  readonly #registry: Registry;
  readonly #templates: TemplateFinder;
  readonly #models = new Map<string, LoadedModel>();

  constructor(registry: Registry, templates: TemplateFinder) {
    this.#registry = registry;
    this.#templates = templates;
  }

  /** @throws KeplerError version_not_found, model_damaged, unknown_algorithm */
  async load(id: ModelId, version: number): Promise<LoadedModel> {
    const key = JSON.stringify([id.namespace, id.owner, id.name, version]);
    let model = this.#models.get(key);
    if (model) this.#models.delete(key);
    else model = await this.#read(id, version);
    this.#models.set(key, model);
    if (this.#models.size > KEPT) this.#models.delete(this.#models.keys().next().value as string);
    return model;
  }

  async #read(id: ModelId, version: number): Promise<LoadedModel> {
    const manifest = await this.#registry.manifest(id, version);
    // The version that it was fitted with, whatever became of the template since.
    const template = this.#templates.find(manifest.algorithm, manifest.template?.version);
    const bytes = await this.#registry.file(id, version, STATE_FILE);
    try {
      return { manifest, template, state: decodeState(bytes) };
    } catch (cause) {
      throw new KeplerError(
        'model_damaged',
        `Version ${version} of the model "${id.name}" cannot be read. Fit it again, or apply another version.`,
        { cause },
      );
    }
  }
}

/** What options of `apply` leave as they were at fit. */
export function applyOptions(model: LoadedModel, given: Params): Params {
  return { ...model.manifest.params, ...given };
}

/** The state of a model that was fitted with `by`. */
export function groupedState({ state }: LoadedModel): GroupedState {
  return state as unknown as GroupedState;
}

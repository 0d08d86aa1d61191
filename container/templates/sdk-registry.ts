/** What a template calls of the registry: Kepler's own, or MLflow's where the runtime is set so. It acts as who searches. */
import type { ModelInfo, NewModel } from '../helpers/registry/index.ts';
import type { State } from '../contract/template.ts';
import { decodeState, encodeState } from '../registry/state-codec.ts';
import { host } from './node-host/door.ts';

export type { ModelInfo, NewModel } from '../helpers/registry/index.ts';

export interface Comparison {
  readonly versions: readonly ModelInfo[];
  /** Names of all metrics that one of them has. */
  readonly metrics: readonly string[];
}

/**
 * Makes a version of a model beside the one that `fit … into` makes: `apply` reads it with this template.
 * @param model what `fit` would return
 */
export async function logModel(
  about: NewModel,
  model: object,
): Promise<{ readonly name: string; readonly version: number }> {
  const texts =
    about.texts ??
    host()
      .texts()
      .filter((name) => about.features.includes(name));
  const named = { ...about, ...(texts.length > 0 && { texts }) };
  const { result } = await host().call('registry', 'logModel', { model: named }, encodeState(model as State));
  return result as { name: string; version: number };
}

/** A version by `m`, `app:m`, `m@3` or `m@champion`, with its model where this template made it. */
export async function loadModelVersion<S = unknown>(
  reference: string,
): Promise<ModelInfo & { readonly model?: S }> {
  const { result, body } = await host().call('registry', 'loadModelVersion', { reference });
  const info = result as ModelInfo;
  return body.byteLength === 0 ? info : { ...info, model: decodeState(new Uint8Array(body)) as S };
}

/** Versions beside each other; a name alone means all its versions. */
export async function compareModels(...references: string[]): Promise<Comparison> {
  return (await host().call('registry', 'compareModels', { references })).result as Comparison;
}

/** Points an alias (`champion`) at a version. */
export async function promote(
  reference: string,
  alias = 'champion',
): Promise<{ readonly version: number; readonly before?: number }> {
  const { result } = await host().call('registry', 'promote', { reference, alias });
  return result as { version: number; before?: number };
}

import type { ModelListing } from '../contract/requests.ts';
import type { Manifest, ModelId } from './types.ts';

/**
 * A model's row in listmodels: what its champion says, or its newest version where there is none.
 * @param healthy the versions that can be read, in rising order; at least one
 */
export function listingOf(
  id: ModelId,
  healthy: ReadonlyMap<number, Manifest>,
  champion: number | undefined,
): ModelListing | undefined {
  const promoted = champion === undefined ? undefined : healthy.get(champion);
  const shown = promoted ?? [...healthy.values()].pop();
  if (!shown) return undefined;
  return {
    name: id.name,
    type: shown.algorithm,
    options: optionsOf(shown),
    owner: id.namespace === 'user' ? id.owner : shown.lineage.user,
    app: id.namespace === 'app' ? id.owner : shown.lineage.app,
    sharing: id.namespace === 'user' ? 'private' : 'app',
    version: promoted?.version ?? null,
    versions: [...healthy.keys()],
  };
}

/** As MLTK prints them: the arguments of the fit as one JSON object. */
function optionsOf({ id, algorithm, target, features, options }: Manifest): string {
  return JSON.stringify({
    args: [...(target ? [target.name] : []), ...features],
    ...(target && { target_variable: [target.name] }),
    feature_variables: features,
    params: options,
    model_name: id.name,
    algo_name: algorithm,
  });
}

import { KeplerError } from '../../contract/errors.ts';
import type { Change } from '../../registry/model-changes.ts';
import { referenceOf, whoseOf } from '../read/provider.ts';
import type { Order } from './order.ts';

/** Removes a data set, or one version of it. @throws KeplerError dataset_not_found, forbidden, storage_failed */
export async function unstage({ name, options, principal, services }: Order): Promise<Change[]> {
  const reference = referenceOf(name);
  if (reference.alias !== undefined)
    throw new KeplerError('invalid_arguments', `${name}: a data set has versions, and no aliases.`);
  const { id, versions } = await services.datasets.remove(reference, principal, whoseOf(options));
  return versions.map((version) => ({
    object: `${id.namespace === 'app' ? 'app:' : ''}${id.name}@${version}`,
    change: 'data set removed',
    before: 'there',
    after: null,
  }));
}

import type { ModelReference } from '../contract/requests.ts';
import type { ModelId, Principal } from '../registry/types.ts';

export interface FoundModel {
  readonly id: ModelId;
  readonly version: number;
}

interface Pinned {
  readonly reference: ModelReference;
  readonly principal: Principal;
  readonly model: FoundModel;
}

/**
 * The version that a connection's search reads, once found: versions never change, so that each later chunk need not ask the
 * disk again. Only what names a version by its number is remembered, for the one who was allowed to read it.
 */
export class PinnedModels {
  readonly #pinned = new Map<number, Pinned>();

  /** @param resolve Asks the registry. @throws KeplerError of `resolve` */
  async find(
    connection: number,
    reference: ModelReference,
    principal: Principal,
    resolve: (reference: ModelReference, principal: Principal) => Promise<FoundModel>,
  ): Promise<FoundModel> {
    const known = this.#pinned.get(connection);
    if (known && known.principal === principal && same(known.reference, reference)) return known.model;
    const model = await resolve(reference, principal);
    if (reference.version !== undefined) this.#pinned.set(connection, { reference, principal, model });
    return model;
  }

  forget(connection: number): void {
    this.#pinned.delete(connection);
  }
}

function same(a: ModelReference, b: ModelReference): boolean {
  return (
    a.name === b.name &&
    a.namespace === b.namespace &&
    a.version === b.version &&
    a.explicitNamespace === b.explicitNamespace &&
    a.alias === b.alias
  );
}

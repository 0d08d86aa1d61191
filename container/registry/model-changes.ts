import { KeplerError } from '../contract/errors.ts';
import type { ModelReference } from '../contract/requests.ts';
import { assertMayWrite, modelId } from './access.ts';
import type { Whose } from './access.ts';
import { championBefore, pointing } from './alias-book.ts';
import type { AliasPage } from './alias-book.ts';
import { aliasOfNone, championMustStay, neverBefore, spl, taken } from './lookup-errors.ts';
import type { ModelStore } from './model-store.ts';
import { CHAMPION, checkAliasName } from './names.ts';
import type { Registry } from './registry.ts';
import type { ModelId, Principal } from './types.ts';

/** One thing that changed, in the words of a search. */
export interface Change {
  readonly object: string;
  readonly change: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What `keplerctl` does to models. Each asks for the right to write, and changes everything or nothing. */
export class ModelChanges {
  readonly #store: ModelStore;
  readonly #registry: Registry;

  constructor(store: ModelStore, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
  }

  /**
   * Points an alias at a version.
   * @throws KeplerError forbidden, model_not_found, version_not_found, alias_not_found, invalid_arguments, storage_failed
   */
  async alias(ref: ModelReference, principal: Principal, alias: string, whose?: Whose): Promise<Change[]> {
    checkAliasName(alias);
    const { id, version } = await this.#version(ref, principal, whose);
    let before: number | undefined;
    await this.#store.editAliases(id, (now) => {
      before = at(now, alias);
      return before === version ? undefined : pointing(now, { [alias]: version });
    });
    return [change(id, `alias ${alias}`, before, version)];
  }

  /** Takes an alias away from the version that it points at. @throws as `alias` */
  async removeAlias(
    ref: ModelReference,
    principal: Principal,
    alias: string,
    whose?: Whose,
  ): Promise<Change[]> {
    const { id, version } = await this.#version(ref, principal, whose);
    if (alias === CHAMPION) throw championMustStay(id);
    await this.#store.editAliases(id, (now) => {
      if (at(now, alias) !== version) throw aliasOfNone(id, alias, version, now.aliases);
      return pointing(now, { [alias]: undefined });
    });
    return [change(id, `alias ${alias}`, version, undefined)];
  }

  /** Makes a version the champion. @throws as `alias` */
  promote(ref: ModelReference, principal: Principal, whose?: Whose): Promise<Change[]> {
    return this.alias(ref, principal, CHAMPION, whose);
  }

  /** Makes the version the champion again that was it before and is still there. @throws as `alias` */
  async rollback(ref: ModelReference, principal: Principal, whose?: Whose): Promise<Change[]> {
    const id = await this.#model(ref, principal, whose);
    const live = await this.#store.live(id);
    let before: number | undefined;
    let after: number | undefined;
    await this.#store.editAliases(id, (now) => {
      before = at(now, CHAMPION);
      after = championBefore(now, live);
      if (after === undefined) throw neverBefore(id, before, live);
      const past = now.history[CHAMPION];
      return {
        aliases: { ...now.aliases, [CHAMPION]: after },
        history: { ...now.history, [CHAMPION]: past.slice(past.indexOf(after) + 1) },
      };
    });
    return [change(id, `alias ${CHAMPION}`, before, after)];
  }

  /** Deletes a model, or the version that `ref` names. @throws as `Registry.delete` */
  async delete(ref: ModelReference, principal: Principal, whose?: Whose): Promise<Change[]> {
    const { id, versions } = await this.#registry.delete(ref, principal, whose);
    return versions.map((version) => ({
      object: `${spl(id)}@${version}`,
      change: 'deleted',
      before: 'there',
      after: null,
    }));
  }

  /**
   * Moves a model to the app of the search, or of `whose`; or from there to the principal.
   * @throws KeplerError forbidden, model_not_found, model_exists, storage_failed
   */
  async share(
    ref: ModelReference,
    principal: Principal,
    to: 'app' | 'private',
    whose: Whose = {},
  ): Promise<Change[]> {
    const from = modelId(ref, principal, ref.namespace === 'user' ? { owner: whose.owner } : whose);
    const target: ModelId =
      to === 'app'
        ? modelId({ namespace: 'app', name: ref.name }, principal, { app: whose.app })
        : { namespace: 'user', owner: principal.user, name: ref.name };
    if (from.namespace === target.namespace) {
      throw new KeplerError(
        'invalid_arguments',
        to === 'app'
          ? `${spl(from)} is the app's already. A model of yours is named without app:.`
          : `${spl(from)} is a user's own model already. The app's is named app:${ref.name}.`,
      );
    }
    assertMayWrite(from, principal);
    assertMayWrite(target, principal);
    await this.#registry.assertThere(from, principal);
    if (!(await this.#store.move(from, target))) throw taken(target);
    const place = ({ namespace, owner }: ModelId) => `${namespace} ${owner}`;
    return [{ object: spl(target), change: 'shared', before: place(from), after: place(target) }];
  }

  async #model(ref: ModelReference, principal: Principal, whose?: Whose): Promise<ModelId> {
    const id = modelId(ref, principal, whose);
    assertMayWrite(id, principal);
    await this.#registry.assertThere(id, principal);
    return id;
  }

  async #version(ref: ModelReference, principal: Principal, whose?: Whose) {
    await this.#model(ref, principal, whose);
    return this.#registry.resolve({ ...ref, explicitNamespace: true }, principal, whose);
  }
}

function at({ aliases }: AliasPage, alias: string): number | undefined {
  return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
}

function change(id: ModelId, what: string, before: number | undefined, after: number | undefined): Change {
  const text = (version: number | undefined) => (version === undefined ? null : String(version));
  return { object: spl(id), change: what, before: text(before), after: text(after) };
}

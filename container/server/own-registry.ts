/** Kepler's own registry as templates ask it: in the searcher's name, each change written down. */
import { parseReference } from '../contract/model-name.ts';
import { KeplerError } from '../contract/errors.ts';
import type { ModelReference } from '../contract/requests.ts';
import type { Preparation } from '../contract/table.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import type { ModelInfo, NewModel, RegistryCaller, RegistryDoor } from '../helpers/registry/index.ts';
import { assertMayWrite, modelId } from '../registry/access.ts';
import type { Change, ModelChanges } from '../registry/model-changes.ts';
import type { Registry } from '../registry/registry.ts';
import { decodeState, encodeState } from '../registry/state-codec.ts';
import { STATE_FILE } from '../registry/types.ts';
import type { Manifest, Principal } from '../registry/types.ts';
import { keptState, templateBytes } from '../templates/kept-state.ts';
import type { TemplateStore } from '../templates/store.ts';

export interface OwnRegistryParts {
  readonly registry: Registry;
  readonly changes: ModelChanges;
  readonly templates: TemplateStore;
  readonly maxBytes: number;
  /** Writes a change down. */
  readonly audited: (
    who: RegistryCaller,
    verb: string,
    name: string,
    change: () => Promise<Change[]>,
  ) => Promise<Change[]>;
}

export class OwnRegistry implements RegistryDoor {
  readonly #parts: OwnRegistryParts;

  constructor(parts: OwnRegistryParts) {
    this.#parts = parts;
  }

  /** The version applies with the very version of the template that made it. */
  async logModel(
    model: NewModel,
    state: Uint8Array,
    who: RegistryCaller,
  ): Promise<{ name: string; version: number }> {
    const { registry, templates, maxBytes } = this.#parts;
    const principal = principalOf(who);
    const reference = referenceOf(model.name);
    if (reference.version !== undefined || reference.alias !== undefined)
      throw wrong(`logModel: ${model.name} names a version; the next one is made by itself. Leave out @….`);
    const id = modelId(reference, principal);
    assertMayWrite(id, principal);
    const { kind, prepare } = templates.manifest(who.template.name, who.template.version);
    const { features, texts = [], target, params = {}, metrics = {} } = model;
    const summary = {
      fields: ['name', 'value'],
      rows: Object.entries({ ...params, ...metrics }).map(([name, value]) => [name, String(value)]),
    };
    const manifest = await registry.create(
      id,
      {
        algorithm: who.template.name,
        template: { version: who.template.version },
        kind,
        options: {},
        params,
        preparation: prepare === 'none' ? asTheyAre(features, texts) : numbers(features),
        features,
        ...(target && {
          target: {
            name: target.name,
            kind: target.classes ? 'classes' : 'number',
            ...(target.classes && { classes: target.classes }),
          },
        }),
        metrics,
        lineage: {
          sid: who.sid,
          user: principal.user,
          app: principal.app,
          rows: 0,
          trainedRows: 0,
          fingerprint: '',
          runtime: KEPLER_VERSION,
        },
      },
      { [STATE_FILE]: encodeState(keptState(state, summary, target)) },
      { promote: model.promote !== false, alias: model.alias, maxBytes },
    );
    return { name: id.name, version: manifest.version };
  }

  async loadModelVersion(
    reference: string,
    who: RegistryCaller,
  ): Promise<{ info: ModelInfo; state?: Uint8Array }> {
    const { registry } = this.#parts;
    const { id, version } = await registry.resolve(referenceOf(reference), principalOf(who));
    const manifest = await registry.manifest(id, version);
    const info = infoOf(manifest, await registry.aliases(id));
    if (manifest.algorithm !== who.template.name) return { info };
    const state = templateBytes(decodeState(new Uint8Array(await registry.file(id, version, STATE_FILE))));
    return { info, ...(state && { state }) };
  }

  async versions(reference: string, who: RegistryCaller): Promise<readonly ModelInfo[]> {
    const { registry } = this.#parts;
    const ref = referenceOf(reference);
    if (ref.version !== undefined || ref.alias !== undefined)
      return [(await this.loadModelVersion(reference, who)).info];
    const id = await registry.find(ref, principalOf(who));
    const aliases = await registry.aliases(id);
    return (await registry.versions(id)).flatMap(({ manifest }) =>
      manifest ? [infoOf(manifest, aliases)] : [],
    );
  }

  async promote(
    reference: string,
    alias: string,
    who: RegistryCaller,
  ): Promise<{ version: number; before?: number }> {
    const { changes } = this.#parts;
    const [change] = await this.#parts.audited(who, 'promote', reference, () =>
      changes.alias(referenceOf(reference), principalOf(who), alias),
    );
    return {
      version: Number(change.after),
      ...(change.before !== null && { before: Number(change.before) }),
    };
  }
}

/** The desk hands over whom the token names. */
function principalOf({ principal }: RegistryCaller): Principal {
  return principal as Principal;
}

function referenceOf(text: string): ModelReference {
  const problems: string[] = [];
  const reference = parseReference(text, { add: (problem) => problems.push(problem) });
  if (!reference) throw wrong(problems.join(' '));
  return reference;
}

function numbers(features: readonly string[]): Preparation {
  return {
    fields: features.map((name) => ({ name, kind: 'number' })),
    columns: features.map((name) => ({ name, field: name, kind: 'number' })),
  };
}

function asTheyAre(features: readonly string[], texts: readonly string[]): Preparation {
  const fields = features.map((name) => ({ name, kind: texts.includes(name) ? 'text' : 'number' }) as const);
  return { raw: true, fields, columns: [] };
}

function infoOf(manifest: Manifest, aliases: Readonly<Record<string, number>>): ModelInfo {
  const { id, version, algorithm, metrics, params, features, target, createdAt } = manifest;
  return {
    registry: 'kepler',
    name: id.name,
    version,
    namespace: id.namespace,
    owner: id.owner,
    algorithm,
    aliases: aliasesOf(aliases, version),
    metrics,
    params,
    features,
    target: target?.name,
    createdAt,
  };
}

export function aliasesOf(aliases: Readonly<Record<string, number>>, version: number): string[] {
  return Object.entries(aliases)
    .filter(([, at]) => at === version)
    .map(([name]) => name);
}

function wrong(why: string): KeplerError {
  return new KeplerError('invalid_arguments', why);
}

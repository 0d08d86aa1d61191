/** MLflow as the registry that templates ask. */
import { randomUUID } from 'node:crypto';
import { KeplerError } from '../../../contract/errors.ts';
import type { ModelInfo, NewModel, RegistryCaller, RegistryDoor } from '../door.ts';
import { MlflowClient, MlflowError, artifactFolder } from './client.ts';
import type { MlflowSettings } from './client.ts';
import { isAlias, isMissing, logVersion } from './log-version.ts';

/** Where a template's own model lies below the run's artefacts. */
const STATE = 'model/template-state.bin';

interface VersionReply {
  readonly name: string;
  readonly version: string;
  readonly run_id?: string;
  readonly creation_timestamp?: number;
  readonly aliases?: readonly string[];
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

interface RunReply {
  readonly info: { readonly artifact_uri: string };
  readonly data?: {
    readonly metrics?: readonly { readonly key: string; readonly value: number | string }[];
    readonly params?: readonly { readonly key: string; readonly value: string }[];
  };
}

export class MlflowDoor implements RegistryDoor {
  readonly #client: MlflowClient;

  constructor(settings: MlflowSettings) {
    this.#client = new MlflowClient(settings);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async logModel(
    model: NewModel,
    state: Uint8Array,
    { principal, sid, template, may }: RegistryCaller,
  ): Promise<{ name: string; version: number }> {
    const app = model.name.startsWith('app:');
    const whose = { namespace: app ? 'app' : 'user', owner: app ? principal.app : principal.user } as const;
    if (!may('write', whose)) throw forbidden(model.name, 'write');
    const now = Date.now();
    const aliases = [...(model.promote === false ? [] : ['champion']), ...(model.alias ? [model.alias] : [])];
    const { name, version } = await logVersion(
      {
        client: this.#client,
        graph: () => Promise.resolve(undefined),
        files: () => Promise.resolve({ [STATE]: state }),
        note: () => Promise.resolve(),
      },
      {
        model: {
          ...whose,
          name: model.name.replace(/^(app|user):/, ''),
        },
        mark: `template/${randomUUID()}`,
        algorithm: template.name,
        kind: 'template',
        app: principal.app,
        user: principal.user,
        sid,
        startedAt: now,
        endedAt: now,
        params: model.params ?? {},
        metrics: model.metrics ?? {},
        aliases,
        fields: model.features.map((field) => ({ name: field, kind: 'number' })),
        target: model.target,
        tags: { ...model.tags, template: `${template.name}@${template.version}` },
      },
      {},
    );
    return { name, version: Number(version) };
  }

  async loadModelVersion(
    reference: string,
    { template, may }: RegistryCaller,
  ): Promise<{ info: ModelInfo; state?: Uint8Array }> {
    const found = await this.#find(reference);
    checkMay('read', reference, found, may);
    const { info, artifacts } = await this.#infoOf(found);
    const own = info.tags?.template?.split('@')[0] === template.name;
    const folder = artifacts === undefined ? undefined : artifactFolder(artifacts);
    const state = own && folder !== undefined ? await this.#client.getArtifact(folder, STATE) : undefined;
    return { info, ...(state && { state }) };
  }

  async versions(reference: string, { may }: RegistryCaller): Promise<readonly ModelInfo[]> {
    const { name, selector } = split(reference);
    if (selector !== undefined) {
      const found = await this.#find(reference);
      checkMay('read', reference, found, may);
      return [(await this.#infoOf(found)).info];
    }
    const { model_versions: found = [] } = await this.#client.get<{ model_versions?: VersionReply[] }>(
      'model-versions/search',
      { filter: `name = '${name.replaceAll("'", '')}'`, max_results: 100 },
    );
    const rising = [...found].sort((a, b) => Number(a.version) - Number(b.version));
    const infos: ModelInfo[] = [];
    for (const version of rising) checkMay('read', reference, version, may);
    for (const version of rising) infos.push((await this.#infoOf(version)).info);
    if (infos.length === 0) throw missing(reference);
    return infos;
  }

  async promote(
    reference: string,
    alias: string,
    { may }: RegistryCaller,
  ): Promise<{ version: number; before?: number }> {
    if (!isAlias(alias)) {
      throw new KeplerError(
        'invalid_arguments',
        `promote: MLflow takes no alias ${JSON.stringify(alias)}; letters, digits, "_" and "-" are allowed, and "latest" and "v1" are its own.`,
      );
    }
    const found = await this.#find(reference);
    checkMay('write', reference, found, may);
    const { name, version } = found;
    const before = await this.#withAlias(name, alias).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    await this.#client.post('registered-models/alias', { name, alias, version });
    return { version: Number(version), ...(before && { before: Number(before.version) }) };
  }

  /** By number, by alias, or the champion. @throws KeplerError model_not_found */
  async #find(reference: string): Promise<VersionReply> {
    const { name, selector = 'champion' } = split(reference);
    try {
      if (!/^\d+$/.test(selector)) return await this.#withAlias(name, selector);
      const { model_version: found } = await this.#client.get<{ model_version: VersionReply }>(
        'model-versions/get',
        {
          name,
          version: selector,
        },
      );
      return found;
    } catch (error) {
      if (isMissing(error) || (error instanceof MlflowError && error.httpStatus === 404))
        throw missing(reference);
      throw error;
    }
  }

  async #withAlias(name: string, alias: string): Promise<VersionReply> {
    return (
      await this.#client.get<{ model_version: VersionReply }>('registered-models/alias', { name, alias })
    ).model_version;
  }

  async #infoOf(found: VersionReply): Promise<{ info: ModelInfo; artifacts?: string }> {
    const tags = Object.fromEntries((found.tags ?? []).map(({ key, value }) => [key, value]));
    const { run } =
      found.run_id === undefined || found.run_id === ''
        ? { run: undefined }
        : await this.#client.get<{ run: RunReply }>('runs/get', { run_id: found.run_id });
    const { metrics = [], params = [] } = run?.data ?? {};
    return {
      artifacts: run?.info.artifact_uri,
      info: {
        registry: 'mlflow',
        name: found.name,
        version: Number(found.version),
        owner: tags.owner,
        namespace: tags.namespace,
        algorithm: tags.algorithm,
        aliases: found.aliases ?? [],
        metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, Number(value)])),
        params: Object.fromEntries(params.map(({ key, value }) => [key, value])),
        target: tags.target,
        run: found.run_id,
        tags,
        ...(found.creation_timestamp !== undefined && {
          createdAt: new Date(Number(found.creation_timestamp)).toISOString(),
        }),
      },
    };
  }
}

/** Whose a version is stands in its tags. What carries none is nobody's of Kepler's: it can be read, and is left as it is. */
function checkMay(
  action: 'read' | 'write',
  reference: string,
  { tags = [] }: VersionReply,
  may: RegistryCaller['may'],
): void {
  const tag = (name: string) => tags.find(({ key }) => key === name)?.value;
  const [namespace, owner] = [tag('namespace'), tag('owner')];
  const ours = (namespace === 'user' || namespace === 'app') && owner !== undefined;
  if (ours ? may(action, { namespace, owner }) : action === 'read') return;
  throw forbidden(reference, action);
}

function forbidden(reference: string, action: string): KeplerError {
  return new KeplerError(
    'forbidden',
    `You may not ${action} the model ${JSON.stringify(reference)} in MLflow's registry.`,
  );
}

function split(reference: string): { name: string; selector?: string } {
  const [, name, selector] = /^(?:(?:app|user):)?([^@]+)(?:@(.+))?$/.exec(reference) ?? [];
  if (name === undefined) throw missing(reference);
  return { name, selector };
}

function missing(reference: string): KeplerError {
  return new KeplerError('model_not_found', `MLflow's registry has no model ${JSON.stringify(reference)}.`);
}

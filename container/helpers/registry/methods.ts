/** The registry's methods, as templates call them. With both registries Kepler's answers, and MLflow is told as well. */
import { KeplerError } from '../../contract/errors.ts';
import type { Complain, ModelInfo, NewModel, RegistryCaller, RegistryDoor, WhichRegistry } from './door.ts';

export interface RegistryParts<Principal extends RegistryCaller['principal']> {
  readonly which: WhichRegistry;
  readonly kepler: RegistryDoor;
  /** Present where `which` says so. */
  readonly mlflow?: RegistryDoor;
  /** Whether somebody may read or write a model. */
  may(principal: Principal, ...asked: Parameters<RegistryCaller['may']>): boolean;
  /** With both: what MLflow did not take. The template goes on. */
  readonly complain: Complain;
}

interface Context<Principal> {
  readonly caller: { readonly sid: string; readonly principal: Principal };
  readonly template: RegistryCaller['template'];
}

type Method<Principal> = (
  call: { readonly args: Readonly<Record<string, unknown>>; readonly body?: Uint8Array },
  context: Context<Principal>,
) => Promise<{ result?: unknown; body?: Uint8Array }>;

/** Versions that one call compares. */
const MOST_COMPARED = 100;

export function registryMethods<Principal extends RegistryCaller['principal']>(
  parts: RegistryParts<Principal>,
): Readonly<Record<string, Method<Principal>>> {
  const { which, kepler, mlflow, complain } = parts;
  const main = which === 'mlflow' ? mlflow! : kepler;
  const whoOf = ({ caller, template }: Context<Principal>): RegistryCaller => ({
    principal: caller.principal,
    sid: caller.sid,
    may: (...asked) => parts.may(caller.principal, ...asked),
    template: { name: template.name, version: template.version },
  });
  const alsoToMlflow = async (work: (door: RegistryDoor) => Promise<unknown>) => {
    if (which !== 'both') return;
    try {
      await work(mlflow!);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      complain(error);
    }
  };
  return {
    /** `{model}` and the state → `{name, version}` */
    async logModel({ args, body }, context) {
      const model = newModel(args.model);
      if (!body) throw wrong('logModel: the model itself is missing.');
      const who = whoOf(context);
      const result = await main.logModel(model, body, who);
      await alsoToMlflow((door) => door.logModel(model, body, who));
      return { result };
    },

    /** `{reference}` → the version, and its state */
    async loadModelVersion({ args }, context) {
      const { info, state } = await main.loadModelVersion(
        text('loadModelVersion', args.reference),
        whoOf(context),
      );
      return { result: info, body: state };
    },

    /** `{references}` → the versions, and which is best at each metric */
    async compareModels({ args }, context) {
      const references = args.references;
      if (!Array.isArray(references) || references.length === 0)
        throw wrong(
          'compareModels: give a list of models, such as ["m@1", "m@champion"], or one name for all its versions.',
        );
      const found: ModelInfo[] = [];
      for (const reference of references)
        found.push(...(await main.versions(text('compareModels', reference), whoOf(context))));
      if (found.length > MOST_COMPARED)
        throw wrong(
          `compareModels: ${found.length} versions are meant; name at most ${MOST_COMPARED} of them.`,
        );
      return {
        result: {
          versions: found,
          metrics: [...new Set(found.flatMap(({ metrics }) => Object.keys(metrics)))],
        },
      };
    },

    /** `{reference, alias}` → `{version, before}` */
    async promote({ args }, context) {
      const reference = text('promote', args.reference);
      const alias = args.alias === undefined ? 'champion' : text('promote', args.alias);
      const who = whoOf(context);
      const result = await main.promote(reference, alias, who);
      await alsoToMlflow((door) => door.promote(reference, alias, who));
      return { result };
    },
  };
}

function text(method: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw wrong(`${method}: name a model, such as "m", "app:m", "m@3" or "m@champion".`);
}

function newModel(given: unknown): NewModel {
  const model = (given ?? {}) as Partial<NewModel>;
  if (typeof model.name !== 'string') throw wrong('logModel: name is missing.');
  if (!Array.isArray(model.features) || !model.features.every((name) => typeof name === 'string'))
    throw wrong('logModel: features must be the names of the columns that the model was trained on.');
  const stray = model.texts?.find((name) => !model.features!.includes(name));
  if (stray !== undefined)
    throw wrong(
      `logModel: texts names ${stray}, which is none of the features: ${model.features.join(', ')}.`,
    );
  const metrics = Object.entries(model.metrics ?? {});
  const odd = metrics.find(([, value]) => typeof value !== 'number');
  if (odd) throw wrong(`logModel: the metric ${odd[0]} is no number.`);
  return model as NewModel;
}

function wrong(why: string): KeplerError {
  return new KeplerError('invalid_arguments', why);
}

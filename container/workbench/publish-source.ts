/** Publishing from the workbench: every check, on the data that was chosen, then the file, then the next version. */
import { KeplerError } from '../contract/errors.ts';
import type { Problem, PublishReply, PublishRequest } from '../contract/workbench.ts';
import { parseParams } from '../estimators/options.ts';
import type { Principal } from '../registry/types.ts';
import type { TrialRows } from '../templates/trial-rows.ts';
import { checkSource } from './check.ts';
import { loaded } from './describe.ts';
import { asFailure, problemOf } from './failure.ts';
import type { WorkbenchServices } from './services.ts';
import { templateOf } from './sources.ts';
import type { Sources } from './sources.ts';
import type { Tried } from './trials.ts';

interface Place {
  readonly services: WorkbenchServices;
  readonly sources: Sources;
  readonly principal: Principal;
}

/**
 * @throws KeplerError template_invalid, template_failed and what else the checks end with, `details.problems` telling where;
 * source_changed. Then nothing was published, and the file is as it was.
 */
export async function publishSource(
  { services, sources, principal }: Place,
  request: PublishRequest,
): Promise<PublishReply> {
  const { file, text, etag } = request;
  const name = templateOf(file)?.name ?? file;
  const { problems } = await checkSource(services, file, text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refused(file, errors);
  let rows: TrialRows | undefined;
  let tried: Tried | undefined;
  try {
    // Whatever can be wrong is found before the file is touched.
    tried = await triedOn(services, principal, request);
    rows = tried && (await services.trials.open(tried));
    await loaded(services, file, text, { tryOut: true, ...(rows && { rows }) });
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    throw new KeplerError(error.code, error.message, {
      cause: error,
      details: { ...error.details, problems: [problemOf(asFailure(error))] },
    });
  }
  const before = services.store.current(name)?.version ?? 0;
  const saved = await sources.save(file, text, etag);
  const { version } = await services.publish(file, rows);
  await services.trials.keep(name, tried);
  return { name, version, etag: saved, changed: version > before };
}

/** The chosen rows; undefined where none were chosen. */
async function triedOn(
  services: WorkbenchServices,
  principal: Principal,
  { file, text, data, target, features = [], options = {} }: PublishRequest,
): Promise<Tried | undefined> {
  if (data === undefined) return undefined;
  const { name, params } = await loaded(services, file, text, { tryOut: false });
  return {
    principal,
    data,
    ...(target !== undefined && { target }),
    features,
    params: parseParams(params, options, name),
  };
}

function refused(file: string, problems: readonly Problem[]): KeplerError {
  const [{ message, line }] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new KeplerError(
    'template_invalid',
    `The template ${file} was not published${line === undefined ? '' : `, line ${line}`}: ${message}${more}`,
    { details: { problems } },
  );
}

/** Publishing from the workbench: every check, the run on the data that was chosen, then the file, then the next version. */
import { KeplerError } from '../contract/errors.ts';
import type { Problem, PublishReply, PublishRequest } from '../contract/workbench.ts';
import type { Principal } from '../registry/types.ts';
import { checkSource } from './check.ts';
import { describeSource } from './describe.ts';
import type { Runs } from './runs.ts';
import type { WorkbenchServices } from './services.ts';
import { templateOf } from './sources.ts';
import type { Sources } from './sources.ts';

interface Place {
  readonly services: WorkbenchServices;
  readonly sources: Sources;
  readonly runs: Runs;
  readonly principal: Principal;
}

/**
 * @throws KeplerError template_invalid, template_failed and what else the run fails with, `details.problems` telling where;
 * source_changed. Then nothing was published, and the file is as it was.
 */
export async function publishSource(
  { services, sources, runs, principal }: Place,
  { file, text, etag, data, ...rest }: PublishRequest,
): Promise<PublishReply> {
  const name = templateOf(file)?.name ?? file;
  const { problems } = await checkSource(services, file, text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw refused(file, errors);
  if (data !== undefined) {
    const run = runs.start(principal, { file, text, data, features: [], options: {}, ...rest });
    const { state, failure } = await run.ended;
    if (state === 'stopped')
      throw new KeplerError('cancelled', `${file} was not published: the run on the data was stopped.`);
    if (failure) {
      throw new KeplerError(
        'template_failed',
        `${file} was not published, for the run on ${data.replace('*', '')} failed. ${failure.message}`,
        { details: { problems: [{ severity: 'error', message: failure.message, line: failure.line }] } },
      );
    }
  }
  // Whatever can be wrong is found before the file is touched.
  await describeSource(services, file, text, { tryOut: true });
  const before = services.store.current(name)?.version ?? 0;
  const saved = await sources.save(file, text, etag);
  const { version } = await services.publish(file);
  return { name, version, etag: saved, changed: version > before };
}

function refused(file: string, problems: readonly Problem[]): KeplerError {
  const [{ message, line }] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new KeplerError(
    'template_invalid',
    `${file} was not published${line === undefined ? '' : `, line ${line}`}: ${message}${more}`,
    { details: { problems } },
  );
}

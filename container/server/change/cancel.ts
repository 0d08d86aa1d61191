import { KeplerError } from '../../contract/errors.ts';
import { holds } from '../../registry/access.ts';
import type { Change } from '../../registry/model-changes.ts';
import type { Order } from './order.ts';

/** Ends a job of the principal's, or anybody's with edit_kepler_runtimes. @throws KeplerError job_not_found */
export function cancel({ name, principal, services }: Order): Change[] {
  const all = holds(principal, 'edit_kepler_runtimes');
  const job = services.jobs.list().find((one) => one.job === name && (all || one.user === principal.user));
  // Nobody learns of others' jobs.
  if (!job || !services.jobs.cancel(job.user, name)) {
    throw new KeplerError(
      'job_not_found',
      `There is no job "${name.slice(0, 100)}"${all ? '' : ' of yours'}: it may have ended. | kepler jobs shows those there are.`,
    );
  }
  return [
    { object: name, change: `cancelled ${job.kind} of ${job.user}`, before: job.state, after: 'cancelled' },
  ];
}

import type { ResultTable } from '../../contract/requests.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import { fieldsOf } from '../../contract/catalogue/usage.ts';
import type { Question } from './provider.ts';

/** What each role may use, and how many fits run by it: a row a role that KEPLER_QUOTAS names. */
export function quotas({ noun, services, options }: Question): ResultTable {
  const running = services.jobs.list().filter(({ kind, state }) => kind === 'fit' && state === 'running');
  const rows = Object.entries(services.settings.jobs.quotas ?? {}).map(([role, { fits, rows: most }]) => ({
    role,
    fits_at_once: fits,
    max_rows: most,
    running: running.filter((job) => job.role === role).length,
  }));
  return tableOf(fieldsOf(noun, options), rows);
}

import { holds } from '../../registry/access.ts';
import type { Provider } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';

export const jobs: Provider = ({ noun, principal, services, now }) => {
  const all = holds(principal, 'edit_kepler_runtimes');
  const rows = services.jobs
    .list()
    .filter(({ user }) => all || user === principal.user)
    .map((job) => ({
      ...job,
      started: job.startedAt / 1000,
      elapsed_s: Math.round(1000 * (now - job.startedAt / 1000)) / 1000,
      may_cancel: true,
    }));
  return tableOf(noun.fields, rows);
};

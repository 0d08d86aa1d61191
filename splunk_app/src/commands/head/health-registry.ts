import { plural } from '../../../../container/contract/plural.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { recordsOf } from './head.ts';
import type { Head } from './head.ts';
import type { Found, Step } from './steps.ts';

/** What the runtime says of the fits that it logs to MLflow: whether they arrive, how many wait, how many were refused. */
export function registrySteps(head: Head): Step[] {
  return [
    {
      step: 'MLflow',
      remedy: 'See | kepler health check=runtime.',
      run: async () => {
        const request = { noun: 'runtimes', options: {} };
        const [self = {}] = recordsOf(await head.table(head.runtime(), PATHS.read, request, true));
        const count = (name: string) => Number(self[`mlflow_${name}`] ?? 0);
        return mlflowFound(String(self.mlflow ?? ''), count('queued'), count('failed'));
      },
    },
  ];
}

/** In words. @param state `off`, `ok`, or what keeps fits from MLflow; empty of a runtime that does not say */
export function mlflowFound(state: string, queued: number, failed: number): Found {
  if (state === '') return 'This runtime does not say: it is of an earlier release.';
  if (state === 'off')
    return "Models are in Kepler's own registry alone: no MLflow is set (KEPLER_MLFLOW_URL).";
  const fits = (n: number) => `${n} ${plural(n, 'fit', 'fits')}`;
  const waiting = queued === 0 ? 'None waits.' : `${fits(queued)} ${plural(queued, 'waits', 'wait')}.`;
  if (state !== 'ok') {
    return {
      message: `Fits do not arrive: ${state} ${waiting}`,
      attention:
        'Searches go on, and the fits are logged once MLflow answers. Check KEPLER_MLFLOW_URL and its token.',
    };
  }
  if (failed > 0) {
    return {
      message: `Fits arrive. ${waiting} MLflow refused ${fits(failed)} for good.`,
      attention: 'They lie in mlflow/failed in the runtime’s folder; its log has MLflow’s reasons.',
    };
  }
  return `Fits arrive. ${waiting} None was refused.`;
}

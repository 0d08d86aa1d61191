import { statfs } from 'node:fs/promises';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';
import { CONTRACT_VERSION, KEPLER_VERSION } from '../../contract/version.ts';
import type { MlflowState } from '../../helpers/registry/index.ts';
import type { TelemetryState } from '../../helpers/telemetry/telemetry.ts';
import { flagOf } from './provider.ts';
import type { Provider } from './provider.ts';
import { quotas } from './quotas.ts';

/** What this runtime says of itself; the search head adds what its container is. */
export const runtimes: Provider = async (question) => {
  if (flagOf(question.options, 'quotas')) return quotas(question);
  const { noun, services, now } = question;
  const { jobs, settings, index, loop } = services;
  const queued = jobs.list().filter(({ state }) => state === 'queued').length;
  const disk = await statfs(settings.home);
  const row = {
    version: KEPLER_VERSION,
    contract: CONTRACT_VERSION,
    memory_bytes: process.memoryUsage.rss(),
    uptime_s: Math.round(process.uptime() * 1000) / 1000,
    started: now - process.uptime(),
    running_jobs: jobs.list().length - queued,
    queued_jobs: queued,
    models: await index.count(),
    disk_free_bytes: disk.bavail * disk.bsize,
    loop_delay_ms: loop.read().p99,
    ...telemetryOf(services.telemetry.state),
    ...mlflowOf(services.mlflow.state),
  };
  return tableOf(noun.fields, [row]);
};

/** Whether fits arrive in MLflow, or why not. */
function mlflowOf({ state, reason, queued, failed }: MlflowState): Row {
  return {
    mlflow: state === 'retrying' ? (reason ?? state) : state === 'off' ? 'off' : 'ok',
    mlflow_queued: queued,
    mlflow_failed: failed,
  };
}

/** Whether events arrive, or why not; and what waits, was refused, was lost. */
function telemetryOf({ state, reason, queued, deadLetters, dropped }: TelemetryState): Row {
  const trouble = state === 'retrying' || state === 'misconfigured';
  return {
    telemetry: trouble ? (reason ?? state) : state === 'off' ? 'off' : 'ok',
    telemetry_queued: queued,
    telemetry_dead_letters: deadLetters,
    telemetry_dropped: dropped,
  };
}

/** One event and its metrics for each fit, apply, score and error, without a line in any template. */
import type { Telemetry } from '../../helpers/telemetry/telemetry.ts';
import type { Manifest } from '../../registry/types.ts';
import type { Run } from '../usage/run.ts';
import { namedParts } from './template-told.ts';

/** What a fit made, for its event. */
export type FittedVersion = Pick<Manifest, 'algorithm' | 'metrics' | 'params' | 'features'>;

/**
 * Tells of a run. Never throws, never waits.
 * @param fitted the version that a fit made
 */
export function tellRun(telemetry: Telemetry, run: Run, fitted?: FittedVersion): void {
  const { model, kind, status, rows, ms, algorithm, tell } = run;
  // The search's own words go before the template's name.
  const dimensions = {
    ...(algorithm !== undefined && namedParts(algorithm)),
    ...(tell?.project !== undefined && { project: tell.project }),
    ...(tell?.useCase !== undefined && { use_case: tell.useCase }),
  };
  telemetry.event({
    sourcetype: status === 'error' ? 'error' : kind === 'summary' || kind === 'sample' ? 'event' : kind,
    time: run.time,
    ...(tell?.index !== undefined && { index: tell.index }),
    fields: {
      ...dimensions,
      kind,
      status,
      ...(model && {
        model: model.name,
        namespace: model.namespace,
        owner: model.owner,
        version: model.version,
      }),
      algorithm: fitted?.algorithm ?? algorithm,
      ...(fitted && {
        features: fitted.features.length,
        scores: fitted.metrics,
        parameters: fitted.params,
      }),
      user: run.user,
      app: run.app,
      sid: run.sid,
      rows,
      ms: Math.round(ms * 1000) / 1000,
      stages: run.stages,
      memory_mb: Math.round(process.memoryUsage.rss() / 1e6),
      code: run.code,
      message: run.message,
    },
  });
  telemetry.metrics({
    values: { [`${kind}.rows`]: rows, [`${kind}.ms`]: ms, [`${kind}.errors`]: status === 'error' ? 1 : 0 },
    dimensions: { ...dimensions, kind, status, app: run.app, ...(model && { model: model.name }) },
    time: run.time,
  });
}

import type { Router } from 'express';
import { KEPLER_VERSION } from '../contract/version.ts';
import { PATHS } from '../contract/wire.ts';
import { openApiDocument } from './openapi.ts';
import type { Services } from './services.ts';

/** How long one look at the disk counts: anybody may ask. */
const READY_MS = 2000;

/** What anybody may ask: no model, no user, no search is named in the answers. */
export function addPublicRoutes(router: Router, services: Services): void {
  const { registry, jobs, loop } = services;
  const document = openApiDocument();
  let checkedAt = -Infinity;
  let check: Promise<void> = Promise.resolve();

  router.get(PATHS.health, (_request, response) => {
    response.json({
      status: services.phase() === 'running' ? 'ok' : 'stopping',
      version: KEPLER_VERSION,
      uptime: Math.round(process.uptime() * 1000) / 1000,
      eventLoopDelayMs: loop.read(),
    });
  });

  router.get(PATHS.ready, async (_request, response) => {
    if (performance.now() - checkedAt > READY_MS) {
      checkedAt = performance.now();
      check = registry.checkWritable();
      // Whoever asks is told; if nobody does, that is no crash.
      check.catch(() => undefined);
    }
    const reasons: string[] = [];
    if (services.phase() !== 'running') reasons.push('the runtime is ending');
    if (jobs.ready && !jobs.ready()) reasons.push('the workers are not up');
    await check.catch(() => reasons.push('the model folder cannot be written'));
    response.status(reasons.length === 0 ? 200 : 503).json({
      status: reasons.length === 0 ? 'ready' : 'not ready',
      reasons,
    });
  });

  router.get(PATHS.metrics, async (_request, response) => {
    const { text, type } = await services.telemetry.prometheus.read();
    response.type(type).send(text);
  });

  router.get(PATHS.openapi, (_request, response) => {
    response.json(document);
  });
}

/** What a search head's user may know of the runtime: its own jobs, and how busy it is. */
export function addStatusRoute(router: Router, services: Services): void {
  router.get(PATHS.status, (_request, response) => {
    const { user } = response.locals.identity.principal;
    const all = services.jobs.list();
    const states = Object.fromEntries(
      ['receiving', 'queued', 'running', 'replying'].map((state) => [
        state,
        all.filter((job) => job.state === state).length,
      ]),
    );
    const memory = process.memoryUsage();
    response.json({
      version: KEPLER_VERSION,
      pid: process.pid,
      uptime: process.uptime(),
      connections: services.connections.open,
      jobs: all.filter((job) => job.user === user),
      allJobs: states,
      eventLoopDelayMs: services.loop.read(),
      memory: { rss: memory.rss, heapUsed: memory.heapUsed },
    });
  });
}

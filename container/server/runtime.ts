import { mkdirSync } from 'node:fs';
import { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import type { JobSettings, Jobs, Listeners, ToldListener } from '../jobs/types.ts';
import { ModelChanges } from '../registry/model-changes.ts';
import { ModelIndex } from '../registry/model-index.ts';
import { ModelStore } from '../registry/model-store.ts';
import { Registry } from '../registry/registry.ts';
import { createApp } from './app.ts';
import { Audit } from './audit.ts';
import { Authenticator } from './authenticate.ts';
import { Connections } from './connections.ts';
import { openDsdl } from './dsdl/listener.ts';
import type { DsdlListener } from './dsdl/listener.ts';
import { keepDatasets } from './expiring-datasets.ts';
import { FitsToMlflow } from './fits-to-mlflow.ts';
import { Enrolment, enrolledFolder } from './enrolment.ts';
import { LoopMonitor } from './event-loop.ts';
import { JobLog } from './job-log.ts';
import { openListeners } from './listeners.ts';
import type { Listener } from './listeners.ts';
import type { Log } from './log.ts';
import { fingerprintOf, makeOwnCertificate } from './own-certificate.ts';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.ts';
import type { Services } from './services.ts';
import type { ServerSettings } from './settings.ts';
import { openHelpers } from './template-helpers.ts';
import { tellOfTemplate } from './telemetry/template-told.ts';
import { TelemetryService } from './telemetry/service.ts';
import { TrustedKeys } from './trusted-keys.ts';
import { UserTemplates } from './user-templates.ts';
import { Usage } from './usage/usage.ts';
import { openWorkbench } from './workbench.ts';

/** How long a reply that is on its way may take once the jobs are over. */
const LAST_REPLIES_MS = 2000;

export interface Runtime {
  readonly urls: readonly string[];
  /** Takes no new connections, lets jobs finish within the grace period, and removes what says that it runs. */
  stop(): Promise<void>;
  /** Removes sockets and runtime.json at once, for an exit that cannot wait. */
  abandon(): void;
}

/** Puts the parts together and listens. @throws KeplerError configuration, storage_failed, disk_full */
export async function startRuntime(
  settings: ServerSettings,
  log: Log,
  createJobs: (settings: JobSettings, listeners: Listeners) => Jobs,
): Promise<Runtime> {
  mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  const store = new ModelStore(settings.jobs.modelFolder);
  const registry = new Registry(settings.jobs.modelFolder, store);
  await registry.checkWritable();
  const swept = await registry.sweep();
  if (swept > 0) log.warn({ swept }, 'removed what a crash had left half-written');

  // Jobs are there before that to which templates tell.
  let tell: ToldListener = () => undefined;
  const audit = new Audit(settings.home);
  const changes = new ModelChanges(store, registry);
  const helpers = openHelpers(settings, { log, registry, changes, audit, telemetry: () => telemetry });
  const jobs = createJobs(settings.jobs, {
    told: (...told) => tell(...told),
    serve: (port, caller) => helpers.desk.serve(port, caller),
    unserved: (name) => templates.unserved(name),
  });
  const usage = await Usage.open(join(settings.home, 'usage'), log);
  const loop = new LoopMonitor();
  const mlflow = new FitsToMlflow(settings.home, settings.registry.mlflow, registry, log);
  const telemetry = new TelemetryService(settings.telemetry, settings.traces, {
    log,
    jobs,
    loop,
    mlflow: () => mlflow.state,
    fitted: async ({ model }) =>
      model?.version === undefined ? undefined : await store.manifest(model, model.version),
  });
  tell = (told, work) => tellOfTemplate({ log, telemetry: telemetry.door }, told, work);
  const templates = new UserTemplates(settings, log);
  await templates.start();
  const datasets = keepDatasets(settings, log);
  const jobLog = new JobLog(log, (run) => {
    usage.record(run);
    telemetry.record(run);
    mlflow.record(run);
  });
  const connections = new Connections((connection) => {
    jobs.disconnected(connection);
    jobLog.disconnected(connection);
  });
  const trusted = new TrustedKeys([settings.trustedKeys, enrolledFolder(settings.home)], log);
  const enrolment = new Enrolment(settings.home, log);
  const workbench = await openWorkbench(settings, { log, audit, templates, desk: helpers.desk });
  let phase: ReturnType<Services['phase']> = 'running';
  let urls: readonly string[] = [];
  const services: Services = {
    settings,
    log,
    jobs,
    registry,
    changes,
    index: new ModelIndex(store),
    datasets: datasets.store,
    usage,
    telemetry,
    mlflow,
    templates,
    audit,
    enrolment,
    authenticator: new Authenticator(trusted),
    connections,
    jobLog,
    loop,
    ...(workbench && { workbench }),
    urls: () => urls,
    phase: () => phase,
  };
  let listeners: Listener[];
  let dsdl: DsdlListener | undefined;
  try {
    dsdl = await openDsdl(services);
    if (settings.ownTls) makeOwnCertificate(settings.home);
    listeners = await openListeners(settings, createApp(services), connections);
  } catch (error) {
    dsdl?.listener.server.close();
    await dsdl?.door.close();
    loop.stop();
    await Promise.all([
      jobs.close(0),
      usage.close(),
      telemetry.close(),
      templates.stop(),
      datasets.stop(),
      mlflow.close(),
      helpers.close(),
    ]);
    throw error;
  }
  urls = listeners.map(({ url }) => url);
  const forDsdl = dsdl && { dsdl: dsdl.listener.url };
  if (dsdl) listeners.push(dsdl.listener);
  await offerEnrolment(settings, enrolment, trusted, urls);
  writeRuntimeFile(settings.home, { pid: process.pid, urls, ...forDsdl });
  log.info({ urls, ...forDsdl }, 'listening');
  // The first who lists models should not wait until all of them are read.
  void services.index
    .warm()
    .catch((error: unknown) => log.warn({ err: error }, 'models cannot be read ahead'));

  const abandon = () => {
    for (const { remove } of listeners) remove();
    removeRuntimeFile(settings.home);
  };
  const stop = async () => {
    phase = 'stopping';
    const unfinished = jobs.list().length > 0;
    // Not http's own close: that would end the connections of searches that are between two chunks.
    const closed = Promise.all(
      listeners.map(({ server }) => new Promise((done) => NetServer.prototype.close.call(server, done))),
    );
    await Promise.all([jobs.close(settings.graceSeconds * 1000), workbench?.close()]);
    phase = 'closed';
    // A search whose job was cancelled learns why from the answer to its next chunk.
    const last = setTimeout(
      () => listeners.forEach(({ server }) => server.closeAllConnections()),
      LAST_REPLIES_MS,
    );
    const idle = setInterval(() => {
      if (!unfinished) for (const { server } of listeners) server.closeIdleConnections();
    }, 20);
    await closed;
    clearTimeout(last);
    clearInterval(idle);
    loop.stop();
    await dsdl?.door.close();
    await Promise.all([
      usage.close(),
      telemetry.close(),
      templates.stop(),
      datasets.stop(),
      mlflow.close(),
      helpers.close(),
    ]);
    abandon();
  };
  return { urls, stop, abandon };
}

/** A runtime on https that trusts nobody prints a code; so does one that is told to. */
async function offerEnrolment(
  settings: ServerSettings,
  enrolment: Enrolment,
  trusted: TrustedKeys,
  urls: readonly string[],
): Promise<void> {
  await enrolment.forget();
  const remote = urls.filter((url) => url.startsWith('https:'));
  if (remote.length === 0 || !settings.tls) return;
  if (settings.enrol || (await trusted.none()))
    await enrolment.offer(fingerprintOf(settings.tls.cert), remote, settings.enrol);
}

/** The thread of one run: fits, applies and summarises a template that is not published, on a table, as a search would. */
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { KeplerError } from '../contract/errors.ts';
import { Control } from '../jobs/control.ts';
import { runFit } from '../jobs/fit.ts';
import { ModelCache } from '../jobs/model-cache.ts';
import { Teller } from '../jobs/teller.ts';
import { ModelStore } from '../registry/model-store.ts';
import { Registry } from '../registry/registry.ts';
import { TableMemory } from '../table/table-memory.ts';
import { TemplateDoor } from '../templates/broker/door.ts';
import { limitsFrom } from '../templates/process/launch.ts';
import { programsOf } from '../templates/process/programs.ts';
import { TemplateStore } from '../templates/store.ts';
import { openData } from './data.ts';
import { findingsOf } from './findings.ts';
import type { FromRun, RunOrder } from './run-messages.ts';
import { Stopwatch, TimedFinder } from './stopwatch.ts';

const order = workerData as RunOrder;
const { settings, spec, principal } = order;
const control = new Control(order.control);
const watch = new Stopwatch();
const tell = (message: FromRun) => parentPort?.postMessage(message);

let door: TemplateDoor | undefined;

async function run(): Promise<FromRun> {
  const store = new ModelStore(settings.modelFolder);
  const registry = new Registry(settings.modelFolder, store);
  const templates = new TimedFinder(
    new TemplateStore(settings.templateFolder),
    () => (door ??= openDoor()),
    watch,
  );
  const models = new ModelCache(registry, templates);
  const teller = new Teller(({ stage, share }) => tell({ stage, ...(share !== undefined && { share }) }));
  teller.stage('reading the data');
  const read = watch.timed('reading the data', () => openData(settings.datasetFolder, order.data, principal));
  const table = await read();
  const result = await runFit({
    spec,
    principal,
    table,
    fingerprint: randomUUID(),
    settings,
    registry,
    models,
    templates,
    memory: new TableMemory(order.memory),
    control,
    teller,
  });
  watch.add('preparing the rows', result.metrics.prepare_ms ?? 0);
  teller.stage('summary');
  return { found: await findingsOf({ table, spec, result, registry, models, principal, watch }) };
}

function openDoor(): TemplateDoor {
  return new TemplateDoor(
    new URL('./template-broker.mjs', import.meta.url),
    {
      ...programsOf(import.meta.url, settings),
      limits: limitsFrom(settings),
      ...(order.calls && { calls: order.calls }),
    },
    {
      check: () => control.check(),
      told: (told) => {
        if ('log' in told) return tell({ log: told.log });
        const { kind = 'telemetry', ...fields } = told.telemetry;
        tell({ log: { level: 'telemetry', text: String(kind), fields } });
      },
    },
  );
}

const said = await run().catch(failureOf);
// Nothing of it runs on when the thread is ended for what it says.
door?.close();
tell(said);

function failureOf(error: unknown): FromRun {
  const { timing } = watch;
  if (error instanceof KeplerError) {
    const { code, message, details } = error;
    const stack = typeof details?.stack === 'string' ? details.stack : undefined;
    return { failed: { code, message, timing, ...(stack !== undefined && { stack }) } };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    failed: {
      code: 'internal',
      message: `The runtime failed at this run: ${message}. This is a fault of Kepler; its log has more.`,
      timing,
      ...(stack !== undefined && { stack }),
    },
  };
}

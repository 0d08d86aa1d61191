/** A worker thread: answers the main thread's questions one after the other. See `messages.ts`. */
import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { KeplerError } from '../contract/errors.ts';
import { Registry } from '../registry/registry.ts';
import { ScoringCrew } from '../table/scoring-crew.ts';
import { TableMemory } from '../table/table-memory.ts';
import { ChunkApplier } from './apply-chunk.ts';
import { ChunkSource } from './chunk-source.ts';
import { CollectingJob } from './collecting.ts';
import { Control } from './control.ts';
import type { Answer, Question, Starting, Told, WorkerData } from './messages.ts';
import { ModelCache } from './model-cache.ts';
import { giveWay } from './priority.ts';
import { TemplateDoor } from '../templates/broker/door.ts';
import { containerTemplates } from '../templates/dsdl/container-template.ts';
import { PeerDoor } from '../templates/dsdl/peer-door.ts';
import { TemplateFinder } from '../templates/finder.ts';
import { limitsFrom } from '../templates/process/launch.ts';
import { programsOf } from '../templates/process/programs.ts';
import { TemplateStore } from '../templates/store.ts';
import { Teller } from './teller.ts';

const data = workerData as WorkerData;
const { settings } = data;
if (data.givesWay) giveWay();
const control = new Control(data.control);
const memory = new TableMemory(data.memory);
if (availableParallelism() > 1) {
  memory.crew = new ScoringCrew(
    data.memory,
    memory.scoring,
    new URL('./scoring-thread.mjs', import.meta.url),
  );
}
const registry = new Registry(settings.modelFolder);
const templates = new TemplateFinder(new TemplateStore(settings.templateFolder), {
  door: openDoor,
  containers: containerTemplates(openPeers),
});
const models = new ModelCache(registry, templates);
const teller = new Teller((progress) => parentPort?.postMessage(progress));
let source = new ChunkSource(memory, control);
let applier: ChunkApplier | undefined;
let job: CollectingJob | undefined;
let door: TemplateDoor | undefined;
let peers: PeerDoor | undefined;

async function answer(question: Question): Promise<Answer> {
  switch (question.ask) {
    case 'place':
      if (applier?.full) forget();
      return { answer: 'place', ...source.place(question.bytes) };
    case 'apply':
      applier ??= new ChunkApplier(memory, source, control, models, settings.maxColumns);
      return applier.apply(question);
    case 'open':
      forget();
      job = new CollectingJob(
        { memory, source, control, settings, registry, models, templates, teller },
        question,
      );
      job.start(false);
      return { answer: 'done' };
    case 'collect':
      return current().collect(question.bytes, question.accept);
    case 'ready':
      current().start(true);
      return { answer: 'done' };
    case 'finish':
      return current().finish();
    case 'piece':
      return current().piece();
    case 'close':
      job?.close();
      job = undefined;
      return { answer: 'done' };
  }
}

/** The way to users' templates; its thread is started at the first of them. */
function openDoor(): TemplateDoor {
  door ??= new TemplateDoor(
    new URL('./template-broker.mjs', import.meta.url),
    {
      ...programsOf(import.meta.url, settings),
      limits: limitsFrom(settings),
      calls: data.calls,
    },
    {
      check: () => control.check(),
      starting: () => parentPort?.postMessage({ answer: 'starting' } satisfies Starting),
      told: (told) => parentPort?.postMessage({ answer: 'told', ...told } satisfies Told),
    },
  );
  return door;
}

/** The way to containers of DSDL; its thread is started at the first call of one. */
function openPeers(): PeerDoor {
  peers ??= new PeerDoor(
    new URL('./dsdl-peer.mjs', import.meta.url),
    settings.dsdlPeers,
    settings.maxMemoryMb * 2 ** 20,
    () => control.check(),
  );
  return peers;
}

/** Everything laid out in the memory. */
function forget(): void {
  memory.reset();
  source = new ChunkSource(memory, control);
  applier = undefined;
}

function current(): CollectingJob {
  if (!job) throw new KeplerError('internal', 'The worker has no job open.');
  return job;
}

parentPort?.on('message', (question: Question) => {
  answer(question).then(
    (reply) => parentPort?.postMessage(reply),
    (error: unknown) => parentPort?.postMessage(failure(error)),
  );
});

function failure(error: unknown): Answer {
  if (error instanceof KeplerError) {
    return { answer: 'failed', code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof RangeError && /alloc|length/i.test(error.message)) {
    return {
      answer: 'failed',
      code: 'limit_memory',
      message:
        'The search needed more memory than the runtime has. Use fewer rows or fields, or give the runtime more memory.',
    };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    answer: 'failed',
    code: 'internal',
    message: `The runtime failed at this search: ${message}. This is a fault of Kepler; its log has more.`,
    details: { stack },
  };
}

/** What the server asks of jobs: the door between routes and the data path. */
import type { MessagePort } from 'node:worker_threads';
import type {
  ApplyMeta,
  ApplyPlan,
  ApplySpec,
  CollectMeta,
  FitSpec,
  ReplyMeta,
  SampleSpec,
  ScoreSpec,
  SearchContext,
  SplunkSession,
} from '../contract/requests.ts';
import type { KeplerError } from '../contract/errors.ts';
import type { Principal } from '../registry/types.ts';
import type { Caller } from '../templates/helper-desk.ts';
import type { TemplateTold } from '../templates/broker/messages.ts';
import type { PeerSource } from '../templates/dsdl/peer.ts';
import type { Quotas } from './quotas.ts';

export interface ChunkRequest<Meta> {
  readonly meta: Meta;
  readonly principal: Principal;
  /** Bytes of CSV that will follow, as declared. */
  readonly bytes: number;
  /** What the client can read; `columns` is CSV of the new columns alone, for a client that keeps its rows. */
  readonly accept: 'splice' | 'csv' | 'columns';
  /** Names the connection: a collecting job ends with the connection that opened it. */
  readonly connection: number;
}

/** Takes one chunk's bytes as they arrive from the socket. Exactly one of `end` and `abort` is called at last. */
export interface Intake {
  /** Copies the bytes away before it returns. A promise means: wait before the next call (backpressure). */
  write(bytes: Buffer): void | Promise<void>;
  /** All bytes are there. Rejects with KeplerError. */
  end(): Promise<ChunkReply>;
  /** The connection broke, or the bytes did not match what was declared. */
  abort(reason: KeplerError): void;
}

export interface ChunkReply {
  readonly meta: ReplyMeta;
  readonly media: string;
  /** Exact length of the body, known before its first byte. */
  readonly bytes: number;
  /** A piece may be reused by the producer once the next one is asked for: write it out before. */
  readonly body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Frees what the reply holds; called exactly once, whether or not the body was read to its end. */
  release(): void;
}

export interface JobInfo {
  readonly job: string;
  readonly kind: 'fit' | 'apply' | 'score' | 'sample';
  readonly state: 'receiving' | 'queued' | 'running' | 'replying';
  readonly user: string;
  readonly app: string;
  readonly sid: string;
  /** The search's words. */
  readonly search?: string;
  /** The model that it makes or reads, as the search names it. */
  readonly model?: string;
  readonly rows: number;
  readonly startedAt: number;
  /** 1 is next; only while queued. */
  readonly position?: number;
  /** Why it waits, in words; only while queued. */
  readonly reason?: string;
  /** What it does just now, in words. */
  readonly stage?: string;
  /** Share of the training done, 0 to 1, where the algorithm tells it. */
  readonly progress?: number;
  /** The role whose quota holds for the user's fits. */
  readonly role?: string;
}

/** For whom a worker works: stands in what a user's template logs. */
export interface Work {
  readonly user: string;
  readonly app: string;
  readonly sid: string;
  readonly model?: string;
}

/** Hears what users' templates log and tell. */
export type ToldListener = (told: TemplateTold, work: Work | undefined) => void;

/** Answers the calls of templates that come over a port, in the name of whom `caller` gives. */
export type ServeCalls = (port: MessagePort, caller: () => Caller | undefined) => void;

/** What hears of templates while they work. */
export interface Listeners {
  readonly told: ToldListener;
  readonly serve: ServeCalls;
  /** Why a template that was saved under this name has never been served; nothing where none was. */
  readonly unserved?: (name: string) => string | undefined;
}

export function callerOf(
  { meta, principal }: ChunkRequest<{ readonly search?: SearchContext; readonly session?: SplunkSession }>,
  model?: string,
): Caller {
  const { search, session } = meta;
  return { principal, sid: search?.sid ?? '', model, ...(session && { session }) };
}

export function workOf(
  { meta, principal }: ChunkRequest<{ readonly search?: SearchContext }>,
  model?: string,
): Work {
  return { user: principal.user, app: principal.app, sid: meta.search?.sid ?? '', model };
}

export interface Jobs {
  apply(request: ChunkRequest<ApplyMeta>): Promise<Intake>;
  fit(request: ChunkRequest<CollectMeta<FitSpec>>): Promise<Intake>;
  score(request: ChunkRequest<CollectMeta<ScoreSpec>>): Promise<Intake>;
  sample(request: ChunkRequest<CollectMeta<SampleSpec>>): Promise<Intake>;
  /** Which version an apply will read and the fields it needs. */
  plan(spec: ApplySpec, principal: Principal): Promise<ApplyPlan>;
  /** Everything about a fit that can be wrong before its rows are seen, in one error. */
  check(spec: FitSpec, principal: Principal): Promise<void>;
  /** The connection is gone: its unfinished jobs are cancelled and what they held is freed. */
  disconnected(connection: number): void;
  list(): JobInfo[];
  /** Ends a user's job; of an apply, before its next chunk. False where there is none of this name. */
  cancel(user: string, job: string): boolean;
  /** Limits were changed: jobs that begin from now on keep to the new ones. */
  settingsChanged?(): void;
  /** False while the workers cannot take work. */
  ready?(): boolean;
  /** Lets running jobs finish for so many milliseconds, cancels the rest with `shutting_down`, ends the workers. */
  close(graceMs: number): Promise<void>;
}

/** All limits are settings; see docs/settings.md for their defaults and KEPLER_… names. */
export interface JobSettings {
  /** Folder for spools: private files, removed on every way out. */
  readonly spoolFolder: string;
  /** Folder of the registry. */
  readonly modelFolder: string;
  readonly applyWorkers: number;
  /** Fits that run at the same time; more wait in a queue. */
  readonly fitWorkers: number;
  readonly maxQueued: number;
  /** Threads that one fit may use. */
  readonly fitThreads: number;
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly maxChunkBytes: number;
  /** Of one job. */
  readonly maxSpoolBytes: number;
  readonly maxMemoryMb: number;
  readonly maxFitSeconds: number;
  readonly maxModelMb: number;
  readonly maxDistinctValues: number;
  readonly maxClasses: number;
  /** A collecting job that gets no chunk for so long is dropped. */
  readonly idleSeconds: number;
  /** Folder of users' templates that were published. */
  readonly templateFolder: string;
  /** Of templates in Python: the interpreter of those that name no packages, and the folder of the others' environments. */
  readonly python?: { readonly command: string; readonly environments: string };
  /** Containers of DSDL that searches may drive. */
  readonly dsdlPeers: PeerSource;
  /** Folder of the rows that searches staged. */
  readonly datasetFolder: string;
  /** Days that a staged data set is kept. */
  readonly datasetDays: number;
  /** Of one template's process. */
  readonly templateMemoryMb: number;
  /** That one call of a template may take. */
  readonly templateSeconds: number;
  /** What users may have by their roles, where that is less than the runtime has. */
  readonly quotas?: Quotas;
}

import type { Message, ReplyMeta } from '../../../container/contract/requests.ts';
import type { ChunkBody, Runtime } from '../bridge/runtime.ts';
import type { Cell } from '../protocol/cells.ts';
import type { SearchInfo } from './search-info.ts';

/** What a command answers to getinfo. */
export interface GetinfoReply {
  readonly type: 'events' | 'stateful';
  readonly generating?: boolean;
  readonly required_fields?: readonly string[];
}

export interface Chunk {
  readonly finished: boolean;
  readonly body: ChunkBody;
}

/** What a command has at hand while a search runs. */
export interface Session {
  readonly search: SearchInfo;
  /** Names this command's job in the runtime; there is one once `runtime` has resolved. */
  readonly job: string;
  /**
   * The door to the runtime: that of searches, or another one that is named. Reads settings and key at first use; throws
   * `configuration`. A search speaks with one.
   */
  runtime(name?: string): Promise<Runtime>;
  /** Tells the runtime the user's roles, asked of splunkd once. Before the first execute a command speaks without them. */
  learnRoles(runtime: Runtime): Promise<void>;
  /** Tells the runtime who may see what belongs to other apps. */
  learnApps(runtime: Runtime): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a command's one reply to a request goes. */
export interface Reply {
  /** Something for the search's messages, with this or the next reply; the same text is sent once only. */
  note(messages: readonly Message[], metrics?: ReplyMeta['metrics']): void;
  /** The frame's head; `bytes` bytes must follow. */
  begin(finished: boolean, bytes: number): void;
  write(bytes: Uint8Array): void;
  /** A whole frame. */
  send(finished: boolean, body?: Uint8Array): void;
}

/** A search command that has read its arguments. */
export interface RunningCommand {
  readonly getinfo: GetinfoReply;
  /** Answers one execute request with exactly one reply. Throws before a byte of it is written, or not at all. */
  execute(chunk: Chunk, reply: Reply): Promise<void>;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  /** Reads the arguments; throws one `invalid_arguments` error for all that is wrong with them. */
  start(session: Session): Promise<RunningCommand>;
}

/** Rows of a generating command's table. */
export type Rows = readonly (readonly Cell[])[];

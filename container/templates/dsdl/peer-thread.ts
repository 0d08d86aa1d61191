/** The thread that calls containers for a worker thread, which stands still meanwhile and hears no socket. */
import { workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Agent, errors, request } from 'undici';
import { pinnedConnector } from '../../helpers/pinned-connect.ts';
import type { Peer } from './peer.ts';
import { takeTurn } from './turns.ts';
import type { Turn } from './turns.ts';

export interface PeerThreadData {
  /** [0]: rises with each answer; the worker thread waits on it. */
  readonly signal: Int32Array;
  readonly port: MessagePort;
  /** Bytes that an answer may have. */
  readonly mostBytes: number;
}

export interface PeerQuestion {
  readonly peer: Peer;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Uint8Array;
  /** The turn is kept: the next question, or `leave`, belongs to this one. */
  readonly keepTurn?: boolean;
}

/** `leave`: whoever kept the turn asks nothing more. */
export type ToPeerThread = PeerQuestion | 'stop' | 'leave';

export type PeerAnswer =
  | { readonly status: number; readonly body: Uint8Array }
  | { readonly failed: 'time' | 'size' | 'connection'; readonly reason: string };

const { signal, port, mostBytes } = workerData as PeerThreadData;
let running: AbortController | undefined;
let turn: Turn | undefined;

port.on('message', (message: ToPeerThread) => {
  if (message === 'stop') running?.abort();
  if (message === 'stop' || message === 'leave') leave();
  else void answer(message);
});

function leave(): void {
  turn?.end();
  turn = undefined;
}

async function answer(question: PeerQuestion): Promise<void> {
  const mine = new AbortController();
  running = mine;
  const reply = await inTurn(question, mine.signal);
  // Nobody waits for the answer of a call that was given up.
  if (mine.signal.aborted) return;
  port.postMessage(reply);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

async function inTurn(question: PeerQuestion, signal: AbortSignal): Promise<PeerAnswer> {
  try {
    if (turn?.url !== question.peer.url) {
      leave();
      const taken = await takeTurn(question.peer.url, signal);
      // Given up while it was waited for.
      if (signal.aborted) taken.end();
      else turn = taken;
    }
    return await ask(question, signal);
  } catch (error) {
    return { failed: 'connection', reason: (error as Error).message };
  } finally {
    if (!question.keepTurn && running?.signal === signal) leave();
  }
}

async function ask({ peer, method, path, body }: PeerQuestion, given: AbortSignal): Promise<PeerAnswer> {
  const agent = new Agent({
    pipelining: 0,
    maxResponseSize: mostBytes,
    connect: pinnedConnector(peer, `The container "${peer.name}"`),
  });
  const late = AbortSignal.timeout(Math.ceil(peer.seconds * 1000));
  try {
    const reply = await request(`${peer.url}${path}`, {
      dispatcher: agent,
      method,
      headers: {
        authorization: peer.token,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: AbortSignal.any([late, given]),
    });
    return { status: reply.statusCode, body: new Uint8Array(await reply.body.arrayBuffer()) };
  } catch (error) {
    if (late.aborted) return { failed: 'time', reason: `${peer.seconds} seconds` };
    if (error instanceof errors.ResponseExceededMaxSizeError) {
      return { failed: 'size', reason: `${mostBytes} bytes` };
    }
    const { message, code } = error as NodeJS.ErrnoException;
    return { failed: 'connection', reason: message || code || String(error) };
  } finally {
    await agent.destroy();
  }
}

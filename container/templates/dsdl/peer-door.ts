/** A worker thread's way to containers of DSDL: it asks, and stands still until the answer is there. */
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { clipped } from '../../contract/clipped.ts';
import { KeplerError } from '../../contract/errors.ts';
import { findPeer } from './peer.ts';
import type { Peer, PeerSource } from './peer.ts';
import type { PeerAnswer, PeerQuestion, PeerThreadData, ToPeerThread } from './peer-thread.ts';

/** How often a worker that waits looks whether its search was cancelled. */
const LOOK_MS = 50;

/** What a container answers to a fit or an apply. */
export interface ContainerAnswer {
  readonly status: string;
  readonly message: string;
  /** CSV. */
  readonly results?: string;
}

export class PeerDoor {
  readonly #source: PeerSource;
  readonly #check: () => void;
  readonly #signal: Int32Array;
  readonly #port: MessagePort;

  /**
   * @param program the thread's, `dsdl-peer.mjs`
   * @param check throws when the search is over
   */
  constructor(program: URL, source: PeerSource, mostBytes: number, check: () => void) {
    this.#source = source;
    this.#check = check;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.unref();
    const workerData: PeerThreadData = { signal: this.#signal, port: port2, mostBytes };
    new Worker(program, { workerData, transferList: [port2] }).unref();
  }

  /** @throws KeplerError configuration, invalid_arguments */
  peer(name: string): Peer {
    return findPeer(this.#source, name);
  }

  /**
   * Asks for a fit or an apply, once no other search of this runtime asks the container.
   * @param keepTurn nobody else asks it until `leave`
   * @throws KeplerError template_failed with the container's own words, limit_time, peer_unreachable, peer_refused, cancelled
   */
  call(peer: Peer, path: '/fit' | '/apply', body: Uint8Array, keepTurn = false): ContainerAnswer {
    const answer = this.#json(peer, path, this.#ask({ peer, method: 'POST', path, body, keepTurn })) as
      Partial<ContainerAnswer> | undefined;
    const { status, message = '', results } = answer ?? {};
    if (status === 'success' || status === 'staged') {
      return { status, message: String(message), ...(typeof results === 'string' && { results }) };
    }
    if (status === 'error') throw failed(peer, `${path} failed. Its own words: ${String(message)}`);
    throw failed(peer, `${path} was answered in another form than DSDL's: ${shown(answer)}`);
  }

  /** Lets others ask the container. */
  leave(): void {
    this.#post('leave');
  }

  /** What the container says of the model that it holds; its JSON stands inside a JSON string. */
  summary(peer: Peer): Readonly<Record<string, unknown>> {
    const path = '/summary';
    const short = { ...peer, seconds: Math.min(peer.seconds, 30) };
    const said = this.#json(peer, path, this.#ask({ peer: short, method: 'GET', path }));
    const summary: unknown = typeof said === 'string' ? parsed(said) : said;
    if (summary !== null && typeof summary === 'object') return summary as Record<string, unknown>;
    throw failed(peer, `${path} was answered in another form than DSDL's: ${shown(said)}`);
  }

  #json(peer: Peer, path: string, answer: PeerAnswer): unknown {
    const who = `The container "${peer.name}" (${peer.url})`;
    if ('failed' in answer) {
      if (answer.failed === 'time') {
        throw new KeplerError(
          'limit_time',
          `${who} did not answer ${path} within ${answer.reason}. Give it fewer rows, or raise its time: seconds below [dsdl:${peer.name}] in kepler.conf, or KEPLER_DSDL_PEER_SECONDS.`,
        );
      }
      if (answer.failed === 'size') {
        throw new KeplerError(
          'limit_memory',
          `${who} answered ${path} with more than ${answer.reason}, the most that a job may take (KEPLER_MAX_MEMORY_MB).`,
        );
      }
      throw new KeplerError(
        'peer_unreachable',
        `${who} cannot be reached: ${answer.reason}. Check that it runs, its address and its certificate; nothing was changed.`,
      );
    }
    const text = textOf(answer.body);
    const said: unknown = parsed(text);
    const detail = (said as { detail?: unknown } | undefined)?.detail;
    if (answer.status === 401 || answer.status === 403) {
      throw new KeplerError(
        'peer_refused',
        `${who} refused the token: ${detail === undefined ? `status ${answer.status}` : String(detail)}. Set the token that the container was started with (api_token).`,
      );
    }
    if (answer.status !== 200) {
      const words = detail === undefined ? clipped(text.trim()) : JSON.stringify(detail);
      throw failed(peer, `${path} was answered with status ${answer.status}: ${words}`);
    }
    if (said === undefined) throw failed(peer, `${path} was answered with what is no JSON: ${clipped(text)}`);
    return said;
  }

  #ask(question: PeerQuestion): PeerAnswer {
    const seen = Atomics.load(this.#signal, 0);
    this.#post(question);
    for (;;) {
      const got = receiveMessageOnPort(this.#port)?.message as PeerAnswer | undefined;
      if (got) return got;
      try {
        this.#check();
      } catch (error) {
        this.#post('stop');
        // An answer that was on its way already is not the next one's.
        while (receiveMessageOnPort(this.#port));
        throw error;
      }
      Atomics.wait(this.#signal, 0, seen, LOOK_MS);
    }
  }

  #post(message: ToPeerThread): void {
    this.#port.postMessage(message);
  }
}

function failed(peer: Peer, what: string): KeplerError {
  return new KeplerError('template_failed', `The container "${peer.name}" (${peer.url}): ${what}`);
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by whoever wanted JSON.
    return undefined;
  }
}

function shown(answer: unknown): string {
  return clipped(JSON.stringify(answer) ?? 'nothing');
}

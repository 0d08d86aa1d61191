import type { Socket } from 'node:net';
import type { Server } from 'node:http';

/** Numbers connections, so that what a connection opened can end with it. */
export class Connections {
  readonly #ids = new WeakMap<Socket, number>();
  readonly #onGone: (connection: number) => void;
  #last = 0;
  #open = 0;

  /** @param onGone called once a connection that was numbered is closed */
  constructor(onGone: (connection: number) => void) {
    this.#onGone = onGone;
  }

  watch(server: Server, secure: boolean): void {
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => this.#add(socket));
  }

  /** The number of an open connection. */
  idOf(socket: Socket): number {
    return this.#ids.get(socket) ?? this.#add(socket);
  }

  get open(): number {
    return this.#open;
  }

  #add(socket: Socket): number {
    const id = ++this.#last;
    this.#ids.set(socket, id);
    this.#open++;
    // Chunk and reply alternate: waiting to fill a packet would only delay both.
    socket.setNoDelay(true);
    socket.once('close', () => {
      this.#open--;
      this.#onGone(id);
    });
    return id;
  }
}

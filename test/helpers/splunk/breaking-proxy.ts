import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Passes connections on to a server, and breaks them when so many bytes have come back. */
export class BreakingProxy {
  /** For one connection each, in the order they are made: bytes of its answers that pass before it is cut. */
  readonly cuts: number[] = [];
  /** Connections that were cut. */
  cut = 0;
  /** What was asked for: method and path, a line each request. */
  readonly asked: string[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (client) => this.#pass(client));
  }

  static async before(url: string): Promise<BreakingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BreakingProxy(server, Number(new URL(url).port));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #pass(client: Socket): void {
    const server = connect(this.port, '127.0.0.1');
    let left: number | undefined;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      const line = /^(?:GET|POST|DELETE) \S+/.exec(bytes.toString('latin1'))?.[0];
      if (line !== undefined) {
        this.asked.push(line);
        // Only searches' rows are cut.
        if (/export|results/.test(line)) left = this.cuts.shift();
      }
      server.write(bytes);
    });
    server.on('data', (bytes: Buffer) => {
      if (left === undefined) return void client.write(bytes);
      const passed = bytes.subarray(0, left);
      left -= passed.length;
      client.write(passed, () => {
        if (left !== 0 || client.destroyed) return;
        this.cut++;
        client.resetAndDestroy();
      });
    });
  }
}

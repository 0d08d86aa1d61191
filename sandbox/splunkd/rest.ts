import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SPLUNK_VERSION } from './search-info.ts';
import { Sessions, userContext } from './users.ts';

const BODY_LIMIT = 1 << 20;

/**
 * The few calls of splunkd's REST interface that commands and searches make, on the loopback address. Session keys are
 * handed out to who knows the sandbox's password, which stands in a file that only its owner can read.
 */
export class SplunkdRest {
  readonly sessions = new Sessions();

  private constructor(
    private readonly server: Server,
    private readonly password: string,
  ) {
    server.on('request', (request, response) => {
      this.answer(request, response).catch((error: Error) =>
        send(response, 500, messages('ERROR', error.message)),
      );
    });
  }

  static async listen(password: string): Promise<SplunkdRest> {
    const server = createServer({ keepAliveTimeout: 5_000 });
    const rest = new SplunkdRest(server, password);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return rest;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (pathname === '/services/auth/login') return this.login(request, response);
    const key = /^Splunk (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const user = key === undefined ? undefined : this.sessions.userOf(key);
    if (user === undefined) return send(response, 401, messages('WARN', 'call not properly authenticated'));
    switch (`${request.method} ${pathname}`) {
      case 'GET /services/authentication/current-context':
        return send(
          response,
          200,
          feed('context', { ...userContext(user), realname: user, defaultApp: 'kepler' }),
        );
      case 'GET /services/server/info':
        return send(
          response,
          200,
          feed('server-info', {
            version: SPLUNK_VERSION,
            serverName: 'sandbox',
            product_type: 'enterprise',
            server_roles: ['search_head'],
          }),
        );
      case 'DELETE /services/authentication/httpauth-tokens':
        this.sessions.close(key!);
        return send(response, 200, feed('httpauth-tokens', {}));
      default:
        return send(
          response,
          404,
          messages('ERROR', `Not Found: the sandbox does not answer ${request.method} ${pathname}.`),
        );
    }
  }

  private async login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request));
    const [username, password] = [form.get('username') ?? '', form.get('password') ?? ''];
    const [given, right] = [Buffer.from(password), Buffer.from(this.password)];
    if (username === '' || given.length !== right.length || !timingSafeEqual(given, right)) {
      return send(response, 401, messages('WARN', 'Login failed'));
    }
    send(response, 200, { sessionKey: this.sessions.open(username), message: '', code: '' });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > BODY_LIMIT) throw new Error('The request is too large.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function messages(type: string, text: string): unknown {
  return { messages: [{ type, text }] };
}

function feed(name: string, content: unknown): unknown {
  return {
    links: {},
    generator: { version: SPLUNK_VERSION },
    entry: [{ name, author: 'system', content }],
    messages: [],
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

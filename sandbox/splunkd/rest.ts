import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import type { SplunkHome } from './home.ts';
import { accessRoutes } from './rest/access.ts';
import { appRoutes } from './rest/apps.ts';
import { configRoutes } from './rest/configs.ts';
import { dataRoutes } from './rest/data.ts';
import { exportRoutes } from './rest/export.ts';
import { SearchJobs, jobRoutes } from './rest/jobs.ts';
import { kvStoreRoutes } from './rest/kv-store.ts';
import { passwordRoutes } from './rest/passwords.ts';
import type { Caller } from './rest/reply.ts';
import { RestError, messages, parameters } from './rest/reply.ts';
import { savedSearchRoutes } from './rest/saved-searches.ts';
import { Roles, Sessions } from './users.ts';

const BODY_LIMIT = 16 << 20;

/**
 * The calls of splunkd's REST interface that commands, searches and pages make, on the loopback address. Session keys are
 * handed out to who knows a user's password, or the sandbox's own, which stand in files that only their owner can read.
 */
export class SplunkdRest {
  readonly sessions = new Sessions();
  readonly jobs: SearchJobs;

  private constructor(
    private readonly server: Server,
    private readonly home: SplunkHome,
  ) {
    this.jobs = new SearchJobs(home, this.sessions, () => this.url);
    server.on('request', this.application());
  }

  static async listen(home: SplunkHome): Promise<SplunkdRest> {
    const server = createServer({ keepAliveTimeout: 5_000 });
    const rest = new SplunkdRest(server, home);
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
    await this.jobs.close();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private application(): Express {
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    app.use(express.text({ type: () => true, limit: BODY_LIMIT }));
    app.post('/services/auth/login', (request, response) => this.login(request, response));
    app.use((request, response, next) => this.authenticate(request, response, next));
    app.delete('/services/authentication/httpauth-tokens', (_request, response) => {
      this.sessions.close((response.locals.caller as Caller).sessionKey);
      response.json({ entry: [], messages: [] });
    });
    app.use(namespace);
    app.use(accessRoutes(this.home));
    app.use(exportRoutes(this.jobs));
    app.use(jobRoutes(this.jobs));
    app.use(savedSearchRoutes(this.home, this.jobs));
    app.use(appRoutes(this.home));
    app.use(dataRoutes(this.home));
    app.use(passwordRoutes(this.home));
    app.use(kvStoreRoutes(this.home));
    app.use(configRoutes(this.home));
    app.use((request: Request) => {
      throw new RestError(404, `Not Found: the sandbox does not answer ${request.method} ${request.path}.`);
    });
    app.use(refuse);
    return app;
  }

  private login(request: Request, response: Response): void {
    const form = parameters(request);
    const [username, password] = [form.get('username') ?? '', form.get('password') ?? ''];
    const right = [this.home.password, this.home.passwordOf(username)];
    if (username === '' || !right.some((candidate) => candidate !== undefined && same(password, candidate))) {
      throw new RestError(401, 'Login failed', 'WARN');
    }
    response.json({ sessionKey: this.sessions.open(username), message: '', code: '' });
  }

  private authenticate(request: Request, response: Response, next: NextFunction): void {
    const key = /^Splunk (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const user = key === undefined ? undefined : this.sessions.userOf(key);
    if (user === undefined) throw new RestError(401, 'call not properly authenticated', 'WARN');
    const { roles, capabilities } = new Roles(this.home.path).contextOf(user);
    const caller: Caller = {
      user,
      sessionKey: key!,
      roles,
      capabilities: new Set(capabilities),
      owner: '',
      app: '',
    };
    response.locals.caller = caller;
    next();
  }
}

function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Takes `/services` and `/servicesNS/<owner>/<app>` off the address, so that routes name only what is behind them. */
function namespace(request: Request, response: Response, next: NextFunction): void {
  const match = /^\/services(?:NS\/([^/]+)\/([^/]+))?(?=\/)/.exec(request.url);
  if (!match) throw new RestError(404, 'Not Found');
  const caller = response.locals.caller as Caller;
  const [whole, owner = '', app = ''] = match;
  response.locals.caller = { ...caller, owner: decodeURIComponent(owner), app: decodeURIComponent(app) };
  request.url = request.url.slice(whole.length);
  next();
}

/** Four parameters: that is how express knows a handler of errors. */
function refuse(error: Error, _request: Request, response: Response, _next: NextFunction): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof RestError) {
    response.status(error.status).json(messages(error.type, error.message));
    return;
  }
  const { status = 500 } = error as Error & { status?: number };
  if (status >= 500) console.error(error);
  response.status(status).json(messages('ERROR', error.message));
}

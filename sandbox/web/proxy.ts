import { request as httpRequest } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { ExposedPaths } from './expose.ts';
import { errorPage } from './html.ts';
import type { WebSessions } from './sessions.ts';

/** Methods that change nothing, which Splunk Web lets through without a form key. */
const SAFE = ['GET', 'HEAD'];

/** `/<locale>/splunkd/__raw/…`: hands exposed calls on to splunkd, under the session of the cookie. */
export function splunkdProxy(splunkd: string, splunkHome: string, sessions: WebSessions) {
  const exposed = new ExposedPaths(splunkHome);
  return (request: Request, response: Response, _next: NextFunction): void => {
    const session = sessions.of(request);
    const refuse = (status: number, what: string, why: string) =>
      void response.status(status).type('html').send(errorPage(what, why));
    if (!session) return refuse(401, 'Unauthorized', 'Nobody is logged in, or the session has expired.');
    if (!SAFE.includes(request.method) && request.headers['x-splunk-form-key'] !== session.formKey) {
      return refuse(
        401,
        'Unauthorized',
        'Splunk cannot authenticate the request. CSRF validation failed: X-Splunk-Form-Key is missing or wrong.',
      );
    }
    if (!exposed.allows(request.method, request.path)) {
      return refuse(
        404,
        'Not Found',
        `No [expose:…] stanza of web.conf lets ${request.method} ${request.path} through.`,
      );
    }
    const headers: Record<string, string> = { authorization: `Splunk ${session.sessionKey}` };
    for (const name of ['content-type', 'content-length', 'accept']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    const upstream = httpRequest(new URL(request.url, splunkd), { method: request.method, headers });
    upstream.on('error', (error) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      refuse(503, 'Service Unavailable', `splunkd does not answer: ${error.message}.`);
    });
    upstream.on('response', (answer) => {
      const type = answer.headers['content-type'];
      response.status(answer.statusCode ?? 502);
      if (type) response.setHeader('content-type', type);
      response.setHeader('cache-control', 'no-store');
      answer.pipe(response);
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  };
}

import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';

/** Somebody who is logged in to Splunk Web. */
export interface WebSession {
  readonly user: string;
  /** Of splunkd: the browser never sees it. */
  readonly sessionKey: string;
  /** What each changing call must bring in `X-Splunk-Form-Key`. */
  readonly formKey: string;
}

export function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const pairs = (request.headers.cookie ?? '').split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at), pair.slice(at + 1)] as const];
  });
  return new Map(pairs);
}

/** The sessions of Splunk Web, known by a cookie; their form keys stand in another one, which scripts can read. */
export class WebSessions {
  private readonly sessions = new Map<string, WebSession>();

  constructor(private readonly port: () => number) {}

  of(request: Request): WebSession | undefined {
    const id = cookiesOf(request).get(this.cookie);
    return id === undefined ? undefined : this.sessions.get(id);
  }

  open(response: Response, user: string, sessionKey: string): void {
    const id = randomBytes(24).toString('hex');
    const formKey = randomBytes(10).readBigUInt64BE().toString();
    this.sessions.set(id, { user, sessionKey, formKey });
    response.append('set-cookie', `${this.cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`);
    response.append('set-cookie', `${this.formKeyCookie}=${formKey}; Path=/; SameSite=Lax`);
  }

  /** Forgets the session and gives its key, so that splunkd can forget it too. */
  close(request: Request, response: Response): string | undefined {
    const id = cookiesOf(request).get(this.cookie) ?? '';
    const session = this.sessions.get(id);
    this.sessions.delete(id);
    for (const cookie of [this.cookie, this.formKeyCookie]) {
      response.append('set-cookie', `${cookie}=; Path=/; Max-Age=0`);
    }
    return session?.sessionKey;
  }

  private get cookie(): string {
    return `splunkd_${this.port()}`;
  }

  private get formKeyCookie(): string {
    return `splunkweb_csrf_token_${this.port()}`;
  }
}

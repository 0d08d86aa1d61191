import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { Router, urlencoded } from 'express';
import { escapeHtml, plainPage } from './html.ts';
import type { WebSessions } from './sessions.ts';
import { cookiesOf } from './sessions.ts';

/** Where to go after the login: an address of this server only. */
function returnTo(value: unknown, locale: string): string {
  const target = typeof value === 'string' ? value : '';
  return /^\/(?![/\\])[^\s]*$/.test(target) ? target : `/${locale}/app/kepler`;
}

function loginPage(locale: string, cval: string, target: string, problem: string): string {
  return plainPage(
    'Log in | Kepler sandbox',
    `<h1>Log in</h1>
<p>Users and passwords stand in <code>.kepler/sandbox.json</code>, which only its owner can read.</p>
${problem === '' ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/${locale}/account/login">
<label for="username">Username</label>
<input id="username" name="username" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<input type="hidden" name="cval" value="${escapeHtml(cval)}">
<input type="hidden" name="return_to" value="${escapeHtml(target)}">
<button type="submit">Log in</button>
</form>`,
  );
}

/** `/<locale>/account/login` and `…/logout`. */
export function accountRoutes(splunkd: string, sessions: WebSessions): Router {
  const router = Router({ mergeParams: true });
  const show = (request: Request, response: Response, status: number, problem: string, target: unknown) => {
    const locale = response.locals.locale as string;
    const cval = cookiesOf(request).get('cval') ?? String(randomBytes(4).readUInt32BE());
    response.append('set-cookie', `cval=${cval}; Path=/${locale}/account/; SameSite=Lax`);
    response
      .status(status)
      .type('html')
      .send(loginPage(locale, cval, returnTo(target, locale), problem));
  };

  router.get('/account/login', (request, response) =>
    show(request, response, 200, '', request.query.return_to),
  );

  router.post('/account/login', urlencoded({ extended: false }), async (request, response) => {
    const form = (request.body ?? {}) as Record<string, unknown>;
    const [username, password] = [String(form.username ?? ''), String(form.password ?? '')];
    const cval = cookiesOf(request).get('cval');
    if (cval === undefined || form.cval !== cval) {
      return show(request, response, 401, 'The login form has expired. Try again.', form.return_to);
    }
    const answer = await fetch(`${splunkd}/services/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username, password }),
    });
    if (!answer.ok) return show(request, response, 401, 'Login failed', form.return_to);
    const { sessionKey } = (await answer.json()) as { sessionKey: string };
    sessions.open(response, username, sessionKey);
    response.redirect(303, returnTo(form.return_to, response.locals.locale as string));
  });

  router.get('/account/logout', async (request, response) => {
    const sessionKey = sessions.close(request, response);
    if (sessionKey !== undefined) {
      await fetch(`${splunkd}/services/authentication/httpauth-tokens`, {
        method: 'DELETE',
        headers: { authorization: `Splunk ${sessionKey}` },
      });
    }
    response.redirect(303, `/${response.locals.locale as string}/account/login`);
  });
  return router;
}

/** The workbench over HTTP: by a link to a session, then the page and what it asks. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import type { ErrorRequestHandler, Request, Response, Router } from 'express';
import { KeplerError } from '../contract/errors.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import type { RunEvent, WorkbenchMe } from '../contract/workbench.ts';
import { checkRequest, optionalText, publishRequest, runRequest, textIn } from './body.ts';
import { checkSource } from './check.ts';
import { listData } from './data.ts';
import { describeSource } from './describe.ts';
import { fromOwnPage, guard, needsSession } from './gate.ts';
import { commitText, historyOf, versionText } from './history.ts';
import { listTemplates } from './list.ts';
import { opened, refusal, shell } from './pages.ts';
import { publishSource } from './publish-source.ts';
import type { Runs } from './runs.ts';
import type { WorkbenchServices } from './services.ts';
import type { Sessions } from './sessions.ts';
import { MOST_BYTES, Sources, templateOf } from './sources.ts';

/** So long a stream of events may say nothing: proxies end what is silent. */
const HEARTBEAT_MS = 15_000;

/** @param sessions hands out the links @param runs under way, ended by whoever made them */
export function createWorkbench(services: WorkbenchServices, sessions: Sessions, runs: Runs): Router {
  const router = express.Router();
  router.use(guard);
  addDoor(router, sessions);
  const page = express.static(services.page, { index: false, fallthrough: false, cacheControl: false });
  router.use('/assets', needsSession(sessions), page);
  router.use('/api', needsSession(sessions), fromOwnPage);
  addTemplates(router, services);
  addRuns(router, services, runs);
  router.use(refused);
  return router;
}

/** The ways in: the link, and the page for those who came by it. */
function addDoor(router: Router, sessions: Sessions): void {
  // HEAD and others do not use a link up.
  router.get('/open', (request, response, next) => {
    if (request.method !== 'GET') return next();
    const { value, session } = sessions.open(
      new URL(request.url, 'http://workbench').searchParams.get('token') ?? '',
    );
    response.cookie(sessions.cookie, value, {
      httpOnly: true,
      sameSite: 'strict',
      secure: session.origin.startsWith('https:'),
      // A proxy may put a path in front of it.
      path: '/',
      maxAge: session.until - Date.now(),
    });
    response.type('html').send(opened(response.locals.nonce));
  });
  router.get('/', needsSession(sessions), (request, response) => {
    // Below the folder, so that relative addresses are right.
    if (!request.originalUrl.split('?')[0].endsWith('/')) return response.redirect(308, './workbench/');
    response.type('html').send(shell(response.locals.nonce));
  });
  router.post('/api/leave', needsSession(sessions), fromOwnPage, (request, response) => {
    sessions.close(request.headers.cookie);
    response.clearCookie(sessions.cookie, { path: '/' });
    response.json({});
  });
}

const json = express.json({ limit: 2 * MOST_BYTES, strict: true });

function addTemplates(router: Router, services: WorkbenchServices): void {
  const sources = new Sources(services.sources);
  const fileOf = (request: Request) => String(request.params.file);

  router.get('/api/me', (_request, response) => {
    const { principal, until } = response.locals.session;
    const { user, app } = principal;
    const me: WorkbenchMe = {
      user,
      app,
      expires: until / 1000,
      version: KEPLER_VERSION,
      folder: services.sources,
    };
    response.json(me);
  });
  router.get('/api/templates', async (_request, response) => {
    response.json(await listTemplates(services, sources));
  });
  router.get('/api/sources/:file', async (request, response) => {
    response.json(await sources.read(fileOf(request)));
  });
  router.post('/api/sources', json, async (request, response) => {
    const name = textIn(request.body, 'name');
    const { file, text } = await newSource(services, name, textIn(request.body, 'language'));
    const etag = await services.audited(response.locals.session.principal, 'template create', file, () =>
      sources.save(file, text, undefined),
    );
    response.status(201).json({ file, text, etag });
  });
  router.put('/api/sources/:file', json, async (request, response) => {
    const file = fileOf(request);
    const text = textIn(request.body, 'text');
    const before = optionalText(request.body, 'etag');
    const etag = await services.audited(response.locals.session.principal, 'template save', file, () =>
      sources.save(file, text, before),
    );
    response.json({ etag });
  });
  router.post('/api/check', json, async (request, response) => {
    const { file, text } = checkRequest(request.body);
    response.json(await checkSource(services, file, text));
  });
  router.post('/api/describe', json, async (request, response) => {
    const { file, text } = checkRequest(request.body);
    response.json(await describeSource(services, file, text));
  });
  router.get('/api/history/:name', async (request, response) => {
    const name = String(request.params.name);
    const file = (await sources.list()).find((one) => templateOf(one)?.name === name);
    response.json(await historyOf(services.store, sources.folder, name, file));
  });
  router.get('/api/history/:name/versions/:version', async (request, response) => {
    const { name, version } = request.params;
    response.json({ text: await versionText(services.store, name, Number(version)) });
  });
  router.get('/api/history/:name/commits/:commit', async (request, response) => {
    const { name, commit } = request.params;
    const file = (await sources.list()).find((one) => templateOf(one)?.name === name);
    if (file === undefined) throw new KeplerError('not_found', `There is no file of the template ${name}.`);
    response.json({ text: await commitText(sources.folder, file, commit) });
  });
}

function addRuns(router: Router, services: WorkbenchServices, runs: Runs): void {
  const sources = new Sources(services.sources);

  router.get('/api/data', async (_request, response) => {
    response.json(await listData(services.jobs.datasetFolder, response.locals.session.principal));
  });
  router.post('/api/runs', json, (request, response) => {
    const { id } = runs.start(response.locals.session.principal, runRequest(request.body));
    response.status(201).json({ run: id });
  });
  router.get('/api/runs', (request, response) => {
    const file = new URL(request.url, 'http://workbench').searchParams.get('file') ?? '';
    response.json(runs.of(response.locals.session.principal, file));
  });
  router.post('/api/runs/:run/stop', (request, response) => {
    runs.find(response.locals.session.principal, String(request.params.run)).stop();
    response.status(202).json({});
  });
  router.get('/api/runs/:run/events', (request, response) => {
    const run = runs.find(response.locals.session.principal, String(request.params.run));
    response.set({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }).flushHeaders();
    let stop: () => void = () => undefined;
    const beat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
    const over = () => {
      clearInterval(beat);
      stop();
      response.end();
    };
    let ended = false;
    stop = run.listen((event: RunEvent) => {
      if (ended) return;
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (event.kind !== 'end') return;
      ended = true;
      over();
    });
    if (ended) stop();
    response.on('close', over);
  });
  router.post('/api/publish', json, async (request, response) => {
    const { principal } = response.locals.session;
    const asked = publishRequest(request.body);
    response.json(
      await services.audited(principal, 'template publish', asked.file, () =>
        publishSource({ services, sources, principal }, asked),
      ),
    );
  });
}

/** A new template's file, from the base. @throws KeplerError invalid_arguments, source_exists */
async function newSource(
  services: WorkbenchServices,
  name: string,
  language: string,
): Promise<{ file: string; text: string }> {
  const extension = { typescript: 'ts', python: 'py', notebook: 'ipynb' }[language];
  const base = extension && join(services.page, 'base', `base.${extension}`);
  if (base === undefined || !existsSync(base)) {
    throw new KeplerError('invalid_arguments', `There is no base template in "${language.slice(0, 50)}".`);
  }
  const file = `${name}.${extension}`;
  if (!templateOf(file)) {
    throw new KeplerError(
      'invalid_arguments',
      `"${name.slice(0, 100)}" cannot be a template's name: use letters, digits and underscores, beginning with a letter, such as ana_Model_churn_v1.`,
    );
  }
  if (services.publishing.taken.has(name))
    throw new KeplerError('source_exists', `${name} is a built-in algorithm. Choose another name.`);
  const text = (await readFile(base, 'utf8')).replace(/(\bname\s*[:=]\s*)(['"])base\2/, `$1$2${name}$2`);
  return { file, text };
}

/** Who comes without a session is told how to get one: as a page where a page was wanted. */
const refused: ErrorRequestHandler = (error: unknown, request, response: Response, next) => {
  const status = (error as { status?: unknown } | null)?.status;
  if (error instanceof KeplerError && error.status === 401 && !request.path.startsWith('/api')) {
    return void response.status(401).type('html').send(refusal(response.locals.nonce, error.message));
  }
  // What the folder of the page's files lacks.
  if (status === 404 && !(error instanceof KeplerError))
    return next(new KeplerError('not_found', 'The workbench has no such file.'));
  next(error);
};

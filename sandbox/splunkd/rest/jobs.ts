import type { Response } from 'express';
import { Router } from 'express';
import { DispatchedSearch } from '../../search/dispatch.ts';
import { prepareSearch } from '../../search/open.ts';
import type { Job } from '../../search/job.ts';
import { SplError, parseSearch } from '../../spl/pipeline.ts';
import { timeOf } from '../../spl/time-modifier.ts';
import type { SplunkHome } from '../home.ts';
import type { Sessions } from '../users.ts';
import type { Caller, Entry } from './reply.ts';
import { RestError, callerOf, feed, integer, messages, paged, parameters, part, required } from './reply.ts';
import { classOf } from './command-classes.ts';
import { resultsCsv, resultsJson } from './results.ts';

/** Seconds that a search's results stay after somebody last asked for them. */
const TTL_SECONDS = 600;
const SWEEP_MS = 1_000;
/** `maxresultrows` of limits.conf: rows that one call gives at most. */
const MOST_ROWS = 50_000;

interface Kept {
  readonly search: DispatchedSearch;
  ttl: number;
  touched: number;
}

/** The searches that were sent over REST. */
export class SearchJobs {
  private readonly jobs = new Map<string, Kept>();
  private readonly sweeper: NodeJS.Timeout;

  constructor(
    private readonly home: SplunkHome,
    private readonly sessions: Sessions,
    private readonly splunkdUri: () => string,
  ) {
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.sweeper.unref();
  }

  /**
   * Starts a search.
   * @throws RestError 400 for one that cannot be read or names an unknown command.
   */
  dispatch(user: string, app: string, request: Readonly<Record<string, string>>): DispatchedSearch {
    const { job, close } = this.prepare(user, app, request);
    const ttl = Number(request.timeout ?? TTL_SECONDS) || TTL_SECONDS;
    const search = new DispatchedSearch(
      { sid: job.sid, user, app, request },
      job,
      close,
      Number(request.max_count) || undefined,
    );
    this.jobs.set(job.sid, { search, ttl, touched: Date.now() });
    return search;
  }

  /**
   * A search that may run, in a session of its own.
   * @param addresses whether events tell where they lie
   * @throws RestError
   */
  prepare(
    user: string,
    app: string,
    request: Readonly<Record<string, string>>,
    addresses = false,
  ): { job: Job; close: () => void } {
    const { id } = request;
    if (id !== undefined && (!/^[\w.-]+$/.test(id) || this.jobs.has(id))) {
      throw new RestError(
        400,
        `Invalid value "${id}" for argument "id": a search of this id exists.`,
        'FATAL',
      );
    }
    const now = Number(request.now);
    const at = Number.isFinite(now) ? now : undefined;
    const sessionKey = this.sessions.open(user);
    let job: Job;
    try {
      job = prepareSearch(
        this.home,
        { splunkdUri: this.splunkdUri(), sessionKey },
        {
          search: request.search,
          user,
          app,
          earliest: absolute(request.earliest_time, at),
          latest: absolute(request.latest_time, at),
          sid: id,
          addresses,
        },
      );
      // A wrong range of time is refused like a wrong search.
      for (const time of [request.earliest_time, request.latest_time]) if (time) timeOf(time, 0);
      job.check();
    } catch (error) {
      this.sessions.close(sessionKey);
      if (error instanceof SplError) throw new RestError(400, error.message, 'FATAL');
      throw error;
    }
    return { job, close: () => this.sessions.close(sessionKey) };
  }

  /** The caller's own searches; all of them for who may see everything. The newest first. */
  of(caller: Caller): Kept[] {
    return [...this.jobs.values()].reverse().filter(({ search }) => mayUse(caller, search));
  }

  find(caller: Caller, sid: string): Kept {
    const kept = this.jobs.get(sid);
    if (!kept || !mayUse(caller, kept.search)) throw new RestError(404, 'Unknown sid.', 'FATAL');
    kept.touched = Date.now();
    return kept;
  }

  async remove(sid: string): Promise<void> {
    const kept = this.jobs.get(sid);
    this.jobs.delete(sid);
    await kept?.search.cancel();
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await Promise.all([...this.jobs.keys()].map((sid) => this.remove(sid)));
  }

  private sweep(): void {
    for (const [sid, { search, ttl, touched }] of this.jobs) {
      const seconds = (Date.now() - touched) / 1000;
      // `auto_cancel`: after so many seconds in which nobody asked for it; 0 is never.
      const limit = search.isDone ? ttl : Number(search.about.request.auto_cancel) || Infinity;
      if (seconds > limit) void this.remove(sid);
    }
  }
}

/** `now` fixes what `-1h` is counted from. */
function absolute(time: string | undefined, now: number | undefined): string | undefined {
  if (time === undefined || time === '' || now === undefined) return time;
  try {
    return String(timeOf(time, now));
  } catch {
    // Told with the search.
    return time;
  }
}

function mayUse(caller: Caller, search: DispatchedSearch): boolean {
  return search.about.user === caller.user || caller.capabilities.has('admin_all_objects');
}

function entryOf({ search, ttl }: Kept): Entry {
  const { sid, user, app, request } = search.about;
  const rows = search.rows;
  return {
    name: request.search,
    path: `/services/search/jobs/${sid}`,
    author: user,
    published: search.published,
    acl: { app, owner: user, sharing: 'global', read: [user], write: [user], mayWrite: true },
    content: {
      sid,
      dispatchState: search.state,
      doneProgress: search.isDone ? 1 : 0,
      isDone: search.isDone,
      isFailed: search.isFailed,
      isFinalized: search.isFinalized,
      isPaused: search.state === 'PAUSED',
      isPreviewEnabled: true,
      isSaved: false,
      isZombie: false,
      eventCount: rows,
      scanCount: rows,
      resultCount: search.isDone ? search.keptRows : 0,
      resultPreviewCount: rows,
      runDuration: search.seconds,
      ttl,
      request,
      messages: search.messages,
    },
  };
}

/** `search/jobs` and `search/v2/jobs`: the same calls under two names. */
export function jobRoutes(jobs: SearchJobs): Router {
  const router = Router();
  const base = ['/search/jobs', '/search/v2/jobs'];
  const below = (rest: string) => base.map((path) => `${path}/${rest}`);

  router.post(base, async (request, response) => {
    const form = parameters(request);
    const caller = callerOf(response);
    const search = jobs.dispatch(caller.user, appOf(caller), {
      ...Object.fromEntries(form),
      search: required(form, 'search'),
    });
    const mode = form.get('exec_mode') ?? 'normal';
    if (mode === 'normal') return void response.status(201).json({ sid: search.about.sid });
    await endedOrLeft(search, response, () => jobs.remove(search.about.sid));
    if (mode === 'blocking') return void response.status(201).json({ sid: search.about.sid });
    sendResults(response, search, form, false);
    await jobs.remove(search.about.sid);
  });

  router.get(base, (request, response) => {
    const form = parameters(request);
    const ids = form.getAll('id');
    const mine = jobs.of(callerOf(response));
    const wanted = ids.length === 0 ? mine : mine.filter(({ search }) => ids.includes(search.about.sid));
    for (const kept of wanted) if (ids.length > 0) kept.touched = Date.now();
    response.json(feed(request.originalUrl, (ids.length > 0 ? wanted : paged(form, wanted)).map(entryOf)));
  });

  router.get(below(':sid'), (request, response) => {
    response.json(feed(request.originalUrl, [entryOf(jobs.find(callerOf(response), part(request, 'sid')))]));
  });

  router.delete(below(':sid'), async (request, response) => {
    const { search } = jobs.find(callerOf(response), part(request, 'sid'));
    await jobs.remove(search.about.sid);
    response.json(messages('INFO', 'Search job cancelled.'));
  });

  for (const kind of ['results', 'results_preview', 'events'] as const) {
    router.get(below(`:sid/${kind}`), (request, response) => {
      const { search } = jobs.find(callerOf(response), part(request, 'sid'));
      const unfinished = kind === 'results' && !search.isDone;
      if (unfinished || (search.batches.length === 0 && !search.isDone))
        return void response.status(204).end();
      sendResults(response, search, parameters(request), kind === 'results_preview' && !search.isDone);
    });
  }

  router.post(below(':sid/control'), async (request, response) => {
    const form = parameters(request);
    const kept = jobs.find(callerOf(response), part(request, 'sid'));
    response.json(messages('INFO', await control(jobs, kept, required(form, 'action'), form)));
  });

  router.post(['/search/parser', '/search/v2/parser'], (request, response) => parse(request.body, response));
  router.get(['/search/parser', '/search/v2/parser'], (request, response) =>
    parse(new URL(request.originalUrl, 'http://sandbox').search.slice(1), response),
  );
  return router;
}

/** Waits for the end of a search; a caller that hangs up first ends it. */
async function endedOrLeft(
  search: DispatchedSearch,
  response: Response,
  cancel: () => Promise<void>,
): Promise<void> {
  const left = () => void cancel();
  response.once('close', left);
  await search.whenDone;
  response.off('close', left);
}

function sendResults(
  response: Response,
  search: DispatchedSearch,
  form: URLSearchParams,
  preview: boolean,
): void {
  const count = integer(form, 'count', 100);
  const page = {
    offset: integer(form, 'offset', 0),
    count: Math.min(count <= 0 ? MOST_ROWS : count, MOST_ROWS),
    fields: form.getAll('f'),
  };
  if (form.get('output_mode') === 'csv') {
    response.type('text/csv').send(resultsCsv(search.batches, page));
    return;
  }
  response.json(resultsJson(search.batches, page, preview, search.messages));
}

async function control(jobs: SearchJobs, kept: Kept, action: string, form: URLSearchParams): Promise<string> {
  const { search } = kept;
  switch (action) {
    case 'cancel':
      await jobs.remove(search.about.sid);
      return 'Search job cancelled.';
    case 'pause':
      search.pause();
      return 'Search job paused.';
    case 'unpause':
      search.unpause();
      return 'Search job unpaused.';
    case 'finalize':
      await search.finalize();
      return 'Search job finalized.';
    case 'touch':
      return `The ttl of the search job was changed to ${kept.ttl}.`;
    case 'setttl':
      kept.ttl = Math.max(1, integer(form, 'ttl', kept.ttl));
      return `The ttl of the search job was changed to ${kept.ttl}.`;
    case 'save':
      kept.ttl = 7 * 24 * 3600;
      return 'Search job saved.';
    default:
      throw new RestError(400, `Invalid action "${action}".`, 'FATAL');
  }
}

function parse(body: unknown, response: Response): void {
  const q = new URLSearchParams(typeof body === 'string' ? body : '').get('q');
  if (q === null || q.trim() === '') throw new RestError(400, 'Empty search.', 'FATAL');
  try {
    const { commands } = parseSearch(q);
    response.json({
      remoteSearch: '',
      remoteTimeOrdered: true,
      eventsSearch: '',
      eventsTimeOrdered: true,
      eventsStreaming: true,
      reportsSearch: q,
      canSummarize: false,
      commands: commands.map(({ name, parts }, i) => {
        const [pipeline, streamType] = classOf(name);
        return {
          command: name,
          rawargs: parts.map((piece) => (typeof piece === 'string' ? piece : `[${piece.text}]`)).join(''),
          pipeline,
          isGenerating: i === 0,
          streamType,
        };
      }),
    });
  } catch (error) {
    if (!(error instanceof SplError)) throw error;
    throw new RestError(400, error.message, 'FATAL');
  }
}

export function appOf(caller: Caller): string {
  return caller.app === '' || caller.app === '-' ? 'search' : caller.app;
}

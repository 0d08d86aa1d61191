/**
 * splunkd's part for pages in jsdom, as far as their calls go: search jobs, current-context, whatever `rest` answers. It
 * stands in for a network that jsdom does not have; the pages meet the sandbox's splunkd in test/browser.
 */
export interface Answer {
  readonly rows?: readonly Readonly<Record<string, string | readonly string[]>>[];
  /** The job fails with this. */
  readonly error?: string;
  /** The job never ends. */
  readonly pending?: boolean;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: URLSearchParams;
  readonly query: URLSearchParams;
  readonly keepalive: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export class FakeSplunkd {
  readonly calls: Call[] = [];
  up = true;
  signedIn = true;
  answer: (spl: string) => Answer = () => ({ rows: [] });
  rest: (call: Call) => Reply | undefined = () => undefined;
  #jobs = new Map<string, Answer>();

  install(): void {
    globalThis.fetch = ((url: string, init?: RequestInit) => this.#serve(url, init)) as typeof fetch;
  }

  /** The searches that were started. */
  get searches(): string[] {
    return this.calls.flatMap(({ body, method }) => (method === 'POST' && body.get('search')) || []);
  }

  /** The searches that were cancelled. */
  get cancelled(): Call[] {
    return this.calls.filter(({ body }) => body.get('action') === 'cancel');
  }

  async #serve(url: string, init: RequestInit = {}): Promise<Response> {
    if (!this.up) throw new TypeError('Failed to fetch');
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const call: Call = {
      method: init.method ?? 'GET',
      path: pathname.replace('/en-US/splunkd/__raw', ''),
      headers: (init.headers ?? {}) as Record<string, string>,
      body: new URLSearchParams(String(init.body ?? '')),
      query: searchParams,
      keepalive: init.keepalive ?? false,
    };
    this.calls.push(call);
    if (this.#hangs(call)) return hungUp(init.signal);
    const { status, body } = this.signedIn ? this.#reply(call) : { status: 401, body: '<html>log in</html>' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      status,
      ok: status < 300,
      text: () => Promise.resolve(text),
      json: () => Promise.resolve().then(() => JSON.parse(text) as unknown),
    } as Response;
  }

  /** A search in one call answers when it has ended. */
  #hangs({ path, body }: Call): boolean {
    if (!path.endsWith('/search/jobs') || body.get('exec_mode') !== 'oneshot') return false;
    return this.answer(body.get('search') ?? '').pending ?? false;
  }

  #reply(call: Call): Reply {
    const own = this.rest(call);
    if (own) return own;
    const { path, method, body, query } = call;
    if (path.endsWith('/search/jobs') && body.get('exec_mode') === 'oneshot') {
      const { rows = [], error } = this.answer(body.get('search') ?? '');
      return {
        status: 200,
        body: resultsOf(rows, error === undefined ? [] : [{ type: 'FATAL', text: error }]),
      };
    }
    if (path.endsWith('/search/jobs') && method === 'POST') {
      const sid = `17.${this.#jobs.size + 1}`;
      this.#jobs.set(sid, this.answer(body.get('search') ?? ''));
      return { status: 201, body: { sid } };
    }
    if (path.endsWith('/search/jobs')) return { status: 200, body: { entry: this.#states(query) } };
    const results = /\/jobs\/([^/]+)\/results$/.exec(path);
    if (results) {
      return { status: 200, body: resultsOf(this.#jobs.get(results[1])?.rows ?? []) };
    }
    if (path.endsWith('/control')) return { status: 200, body: { messages: [] } };
    if (path.endsWith('/current-context')) return { status: 200, body: context(['edit_kepler_runtimes']) };
    return { status: 404, body: { messages: [{ type: 'ERROR', text: 'Not Found' }] } };
  }

  #states(query: URLSearchParams): unknown[] {
    return query.getAll('id').map((sid) => {
      const { error, pending } = this.#jobs.get(sid) ?? {};
      return {
        name: sid,
        content: {
          sid,
          dispatchState: error ? 'FAILED' : 'DONE',
          doneProgress: pending ? 0.2 : 1,
          isDone: !pending,
          isFailed: error !== undefined,
          isFinalized: false,
          messages: error ? [{ type: 'FATAL', text: error }] : [],
        },
      };
    });
  }
}

function resultsOf(rows: NonNullable<Answer['rows']>, messages: readonly unknown[] = []): unknown {
  const fields = Object.keys(rows[0] ?? {}).map((name) => ({ name }));
  return { preview: false, fields, results: rows, messages };
}

/** No answer: only the caller can end the waiting. */
function hungUp(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), {
      once: true,
    });
  });
}

/** The reply of current-context for a user with these capabilities. */
export function context(capabilities: readonly string[]): unknown {
  return { entry: [{ content: { username: 'admin', roles: ['admin'], capabilities, tz: 'UTC' } }] };
}

/** The page's one door to its server. Addresses are relative: the workbench may lie below a path. */
import type {
  CheckReply,
  CreateRequest,
  DataEntry,
  DescribeReply,
  HistoryReply,
  Problem,
  PublishReply,
  PublishRequest,
  RunEvent,
  RunRequest,
  RunResult,
  RunStarted,
  SaveReply,
  SaveRequest,
  TemplateEntry,
  TemplateSource,
  WorkbenchMe,
} from '../../container/contract/workbench.ts';

/** What the server refused, in its own words. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly problems: readonly Problem[];
  readonly etag: string | undefined;

  constructor(code: string, message: string, details: { problems?: readonly Problem[]; etag?: string } = {}) {
    super(message);
    this.code = code;
    this.problems = details.problems ?? [];
    this.etag = details.etag;
  }

  /** The session has ended, or was never there. */
  get signedOut(): boolean {
    return this.code === 'unauthenticated' || this.code === 'token_expired';
  }
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(`api/${path}`, {
      method,
      headers: {
        'x-kepler-workbench': '1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiFailure('unreachable', error instanceof Error ? error.message : String(error));
  }
  const answer = (await reply.json().catch(() => undefined)) as
    | { error?: { code: string; message: string; details?: { problems?: Problem[]; etag?: string } } }
    | undefined;
  if (reply.ok) return answer as T;
  const { code = 'unreachable', message = reply.statusText, details } = answer?.error ?? {};
  throw new ApiFailure(code, message, details);
}

const name = encodeURIComponent;

export const api = {
  me: () => call<WorkbenchMe>('GET', 'me'),
  leave: () => call<object>('POST', 'leave', {}),
  templates: (signal?: AbortSignal) => call<TemplateEntry[]>('GET', 'templates', undefined, signal),
  source: (file: string) => call<TemplateSource>('GET', `sources/${name(file)}`),
  create: (request: CreateRequest) => call<TemplateSource>('POST', 'sources', request),
  save: (file: string, request: SaveRequest) => call<SaveReply>('PUT', `sources/${name(file)}`, request),
  check: (file: string, text: string, signal?: AbortSignal) =>
    call<CheckReply>('POST', 'check', { file, text }, signal),
  describe: (file: string, text: string, signal?: AbortSignal) =>
    call<DescribeReply>('POST', 'describe', { file, text }, signal),
  data: () => call<DataEntry[]>('GET', 'data'),
  run: (request: RunRequest) => call<RunStarted>('POST', 'runs', request),
  stop: (run: string) => call<object>('POST', `runs/${name(run)}/stop`, {}),
  results: (file: string) => call<RunResult[]>('GET', `runs?file=${name(file)}`),
  publish: (request: PublishRequest) => call<PublishReply>('POST', 'publish', request),
  history: (template: string) => call<HistoryReply>('GET', `history/${name(template)}`),
  versionText: (template: string, version: number) =>
    call<{ text: string }>('GET', `history/${name(template)}/versions/${version}`),
  commitText: (template: string, commit: string) =>
    call<{ text: string }>('GET', `history/${name(template)}/commits/${commit}`),
};

/** Hears of a run until it ends. @returns what ends the listening */
export function listen(run: string, hear: (event: RunEvent) => void): () => void {
  const stream = new EventSource(`api/runs/${name(run)}/events`);
  stream.onmessage = ({ data }) => {
    const event = JSON.parse(data as string) as RunEvent;
    if (event.kind === 'end') stream.close();
    hear(event);
  };
  return () => stream.close();
}

import { getDefaultFetchInit } from '@splunk/splunk-utils/fetch';
import { createRESTURL } from '@splunk/splunk-utils/url';
import { SplunkFailure } from './failure.ts';

export const APP = 'kepler';

export interface Namespace {
  readonly app?: string;
  readonly owner?: string;
  readonly sharing?: 'app' | 'global' | 'user' | 'system';
}

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly namespace?: Namespace;
  readonly signal?: AbortSignal;
}

interface SplunkdReply {
  readonly messages?: readonly { readonly type: string; readonly text: string }[];
}

/**
 * One call of splunkd's REST through Splunk Web, with the form key. A session that ended comes as 401 with a page of HTML, a
 * search head that is away as no answer at all: each is a failure of its own kind.
 */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const method = options.method ?? 'GET';
  const parameters = new URLSearchParams({ output_mode: 'json' });
  for (const [name, value] of Object.entries(options.parameters ?? {})) parameters.set(name, String(value));
  const url = createRESTURL(path, options.namespace ?? {}) as string;
  const inBody = method === 'POST';
  let response: Response;
  try {
    response = await fetch(inBody ? url : `${url}?${parameters}`, {
      ...(getDefaultFetchInit() as RequestInit),
      method,
      ...(inBody && { body: parameters.toString() }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new SplunkFailure('unreachable', String((error as Error).message));
  }
  if (response.status === 401) throw new SplunkFailure('signed-out', 'unauthorized', { status: 401 });
  if (response.status === 502 || response.status === 503 || response.status === 504) {
    throw new SplunkFailure('unreachable', `HTTP ${response.status}`, { status: response.status });
  }
  const text = await response.text();
  const reply = asJson(text);
  if (!response.ok) {
    const said = (reply as SplunkdReply | undefined)?.messages?.map((message) => message.text).join(' ');
    throw new SplunkFailure('refused', said || `HTTP ${response.status}`, { status: response.status });
  }
  if (reply === undefined && text !== '') throw new SplunkFailure('signed-out', 'HTML instead of JSON');
  return reply as T;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

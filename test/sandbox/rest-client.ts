import type { SearchHead } from './search-head.ts';

export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- replies of many shapes, looked into by tests
  readonly body: any;
}

/** Calls of a search head's REST interface as one user. */
export class RestClient {
  private readonly key: string;

  constructor(
    private readonly head: SearchHead,
    user: string,
  ) {
    this.key = head.rest.sessions.open(user);
  }

  async call(method: string, path: string, body?: Record<string, string> | string): Promise<Answer> {
    const isForm = typeof body === 'object';
    const response = await fetch(`${this.head.rest.url}${path}`, {
      method,
      headers: {
        authorization: `Splunk ${this.key}`,
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      },
      body: isForm ? new URLSearchParams({ output_mode: 'json', ...body }).toString() : body,
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: Record<string, string> | string = {}): Promise<Answer> {
    return this.call('POST', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }
}

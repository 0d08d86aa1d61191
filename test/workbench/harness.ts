import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATHS } from '../../container/contract/wire.ts';
import type { RunEvent, RunRequest, RunResult } from '../../container/contract/workbench.ts';
import { SearchHead, ask, authorized } from '../server/harness.ts';
import type { Reply } from '../server/harness.ts';
import { listening, startProgram } from '../server/program.ts';
import type { Program } from '../server/program.ts';

export const BASE = readFileSync('container/templates/base.ts', 'utf8');
export const named = (name: string): string => BASE.replace("name: 'base'", `name: '${name}'`);
export const AUTHOR = { capabilities: ['edit_kepler_templates'], roles: ['kepler_author'] };
/** What the page sends with each change. */
export const OWN = { 'x-kepler-workbench': '1' };

/** A runtime as a process of its own, in mode dev, and somebody who asks it. */
export class Bench {
  readonly home = mkdtempSync(join(tmpdir(), 'kepler-workbench-'));
  readonly head = new SearchHead();
  program!: Program;
  url = '';

  get folder(): string {
    return join(this.home, 'state', 'templates-src');
  }

  async start(environment: Record<string, string> = {}): Promise<this> {
    this.head.trustIn(join(this.home, 'keys'));
    this.program = startProgram(this.home, { KEPLER_MODE: 'dev', ...environment });
    const urls = await listening(this.program);
    this.url = urls.find((url) => url.startsWith('http:')) ?? urls[0];
    return this;
  }

  async stop(): Promise<void> {
    this.program.process.kill('SIGTERM');
    await this.program.ended;
    rmSync(this.home, { recursive: true, force: true });
  }

  /** What the runtime answers to `| keplerctl workbench`. */
  async askForLink(claims: object = AUTHOR, body: object = {}): Promise<Reply> {
    const token = await this.head.token(claims);
    return ask(this.url, PATHS.workbench, {
      headers: { ...authorized(token), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Opens a link; answers what came, and the cookie to send from now on. */
  async open(url: string): Promise<{ reply: Reply; cookie: string }> {
    const reply = await ask(this.url, new URL(url).pathname + new URL(url).search);
    const [cookie = ''] = [reply.headers['set-cookie'] ?? []].flat();
    return { reply, cookie: cookie.split(';')[0] };
  }

  async signIn(claims: object = AUTHOR): Promise<Caller> {
    const { json } = await this.askForLink(claims);
    const { cookie } = await this.open(json.url as string);
    return new Caller(this.url, cookie);
  }
}

/** Somebody with a session. */
export class Caller {
  constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return ask(this.url, `/workbench/${path}`, { headers: { cookie: this.cookie, ...headers } });
  }

  send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = { ...OWN, origin: this.url },
  ): Promise<Reply> {
    return ask(this.url, `/workbench/${path}`, {
      method,
      headers: { cookie: this.cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  post(path: string, body: unknown = {}): Promise<Reply> {
    return this.send('POST', path, body);
  }

  async start(request: Partial<RunRequest> & Pick<RunRequest, 'file' | 'text'>): Promise<Reply> {
    return this.post('api/runs', { data: '*sample', features: [], options: {}, ...request });
  }

  /** Runs to the end; the events on the way. */
  async run(
    request: Partial<RunRequest> & Pick<RunRequest, 'file' | 'text'>,
  ): Promise<{ result: RunResult; events: RunEvent[] }> {
    const started = await this.start(request);
    if (started.status !== 201) throw new Error(started.body.toString());
    return this.end(started.json.run as string);
  }

  async end(run: string): Promise<{ result: RunResult; events: RunEvent[] }> {
    const stream = await this.get(`api/runs/${run}/events`);
    const events = stream.body
      .toString()
      .split('\n\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as RunEvent);
    const last = events.at(-1);
    if (last?.kind !== 'end') throw new Error(stream.body.toString());
    return { result: last.result, events };
  }
}

/** MLflow's REST interface (`/api/2.0/mlflow/…`), and its store of artefacts. */
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { KeplerError } from '../../../contract/errors.ts';
import { pinnedConnector } from '../../pinned-connect.ts';
import type { Trust } from '../../pinned-connect.ts';

export interface MlflowSettings extends Trust {
  /** Such as https://mlflow:5000. */
  readonly url: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  /** Where runs of fits go. */
  readonly experiment: string;
}

/** A call that MLflow refused; `errorCode` is its own, such as RESOURCE_DOES_NOT_EXIST. */
export class MlflowError extends KeplerError {
  readonly errorCode: string;
  readonly httpStatus: number;

  constructor(call: string, httpStatus: number, errorCode: string, why: string) {
    super(
      'mlflow_failed',
      `MLflow refused ${call}: ${errorCode || `status ${httpStatus}`}${why === '' ? '' : ` (${why})`}.`,
    );
    this.errorCode = errorCode;
    this.httpStatus = httpStatus;
  }

  /** Whether the very same call may succeed later. */
  get passing(): boolean {
    return this.httpStatus === 429 || this.httpStatus >= 500;
  }
}

const ANSWER_MS = 120_000;
/** Messages can carry SQL, and more than somebody wants to read. */
const LONGEST_REASON = 200;

export class MlflowClient {
  readonly settings: MlflowSettings;
  readonly #agent: Agent;
  readonly #base: string;

  constructor(settings: MlflowSettings) {
    this.settings = settings;
    this.#base = settings.url.replace(/\/+$/, '');
    this.#agent = new Agent({
      connections: 2,
      connect: pinnedConnector(settings, 'MLflow'),
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
  }

  /** @throws MlflowError; KeplerError mlflow_unreachable */
  async get<T>(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): Promise<T> {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) fields.append(name, String(value));
    return this.#json<T>('GET', `${path}?${fields}`, undefined);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('PATCH', path, body);
  }

  /** Puts a file below a run's artefacts; one that is there is replaced. @param folder see `artifactFolder` */
  async putArtifact(folder: string, path: string, bytes: Uint8Array | string): Promise<void> {
    const address = `${this.#artifacts(folder)}/${encoded(path)}`;
    const reply = await this.#send(
      'PUT',
      address,
      { 'content-type': 'application/octet-stream' },
      Buffer.from(bytes),
    );
    if (reply.statusCode !== 200) throw await refusal(`the artefact ${path}`, reply);
    await reply.body.dump();
  }

  /** A file below a run's artefacts; undefined where there is none. */
  async getArtifact(folder: string, path: string): Promise<Uint8Array | undefined> {
    const reply = await this.#send('GET', `${this.#artifacts(folder)}/${encoded(path)}`, {}, undefined);
    if (reply.statusCode === 200) return new Uint8Array(await reply.body.arrayBuffer());
    const error = await refusal(`the artefact ${path}`, reply);
    if (error.httpStatus === 404) return undefined;
    throw error;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #artifacts(folder: string): string {
    return `/api/2.0/mlflow-artifacts/artifacts/${encoded(folder)}`;
  }

  async #json<T>(method: Dispatcher.HttpMethod, path: string, body: unknown): Promise<T> {
    const reply = await this.#send(
      method,
      `/api/2.0/mlflow/${path}`,
      { 'content-type': 'application/json' },
      body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    );
    if (reply.statusCode !== 200) throw await refusal(path.replace(/\?.*/, ''), reply);
    try {
      return (await reply.body.json()) as T;
    } catch (error) {
      throw unreachable(this.#base, 'its answer is no JSON', error);
    }
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const { token, user, password } = this.settings;
    const authorization =
      token !== undefined
        ? `Bearer ${token}`
        : user !== undefined
          ? `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`
          : undefined;
    try {
      return await request(`${this.#base}${path}`, {
        dispatcher: this.#agent,
        method,
        headers: { ...headers, ...(authorization !== undefined && { authorization }) },
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      throw unreachable(this.#base, message || code || String(error), error);
    }
  }
}

function unreachable(url: string, why: string, cause: unknown): KeplerError {
  return new KeplerError('mlflow_unreachable', `MLflow at ${url} cannot be asked: ${why}.`, { cause });
}

async function refusal(call: string, { statusCode, body }: Dispatcher.ResponseData): Promise<MlflowError> {
  const text = await body.text();
  try {
    const { error_code = '', message = '' } = JSON.parse(text) as { error_code?: string; message?: string };
    return new MlflowError(call, statusCode, error_code, message.split('\n')[0].slice(0, LONGEST_REASON));
  } catch {
    // Unknown paths answer with a page, a refused host with plain text.
    return new MlflowError(
      call,
      statusCode,
      '',
      text
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, LONGEST_REASON),
    );
  }
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * Where the server keeps a run's artefacts, for `putArtifact`; undefined where it does not take them itself (it was started with
 * `--no-serve-artifacts`, so that its clients are to write into S3 or a folder on their own).
 */
export function artifactFolder(artifactUri: string): string | undefined {
  return /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri)?.[1];
}

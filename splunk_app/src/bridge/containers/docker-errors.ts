import { KeplerError } from '../../../../container/contract/errors.ts';

/** What docker-modem rejects with: the status of the engine's answer, or the failure of the connection. */
interface EngineFailure {
  readonly statusCode?: number;
  readonly json?: { readonly message?: string } | null;
  readonly code?: string;
  readonly message?: string;
}

/** What was being done, for messages. */
export interface Attempt {
  readonly host: string;
  /** As in "Docker could not …". */
  readonly doing: string;
  readonly image?: string;
  readonly port?: number;
  readonly name?: string;
}

/** The engine's failure with its remedy. */
export function engineError(error: unknown, attempt: Attempt): KeplerError {
  if (error instanceof KeplerError) return error;
  const failure = error as EngineFailure;
  if (failure.statusCode === undefined) return connectionError(failure, attempt, error);
  const said = (failure.json?.message ?? failure.message ?? 'no reason given').trim();
  if (/no space left on device|disk quota exceeded/i.test(said)) {
    return new KeplerError(
      'disk_full',
      `The container engine's disk is full, so it could not ${attempt.doing} (${said}). Free space below its data folder (docker system df shows what takes it; docker image prune frees images that nobody uses), then try again.`,
      { cause: error },
    );
  }
  if (/port is already allocated|address already in use|ports are not available/i.test(said)) {
    return new KeplerError(
      'port_taken',
      `Port ${attempt.port ?? 'of the container'} is taken by another program, so the engine could not ${attempt.doing}. Choose another port in kepler.conf [runtime:${attempt.name ?? '<name>'}], or leave it out to have a free one chosen.`,
      { cause: error },
    );
  }
  if (failure.statusCode === 404 && /no such image/i.test(said)) return imageMissing(attempt, error);
  if (failure.statusCode === 404 && /no such container/i.test(said)) {
    return new KeplerError(
      'container_not_found',
      `The container of the runtime ${attempt.name ?? ''} vanished while the engine was to ${attempt.doing}. Look at | kepler runtimes and try again.`,
      { cause: error },
    );
  }
  if (failure.statusCode === 409 && /is already in use by container/i.test(said)) {
    return new KeplerError(
      'container_exists',
      `The engine has a container of the name kepler-${attempt.name ?? ''} already that this installation of Kepler did not make, so it is left alone (${said}). Rename or remove it, or name the runtime otherwise.`,
      { cause: error },
    );
  }
  return new KeplerError(
    'engine_refused',
    `The container engine at ${attempt.host} could not ${attempt.doing}: ${said}.`,
    {
      cause: error,
    },
  );
}

export function imageMissing(attempt: Attempt, cause?: unknown): KeplerError {
  return new KeplerError(
    'image_missing',
    `The container engine at ${attempt.host} has no image ${attempt.image ?? 'of that name'}. Build it (npm run image -- cpu), load it (docker load) or pull it (docker pull), or correct image in kepler.conf [runtime:${attempt.name ?? '<name>'}]; | kepler images lists those it has.`,
    { cause },
  );
}

function connectionError(failure: EngineFailure, attempt: Attempt, cause: unknown): KeplerError {
  const { host } = attempt;
  const remedy =
    failure.code === 'EACCES'
      ? "This user may not open the engine's socket: add the user that runs splunkd to the socket's group (usually docker) and restart splunkd, or give it a socket of its own (rootless Docker)."
      : failure.code === 'ENOENT'
        ? 'There is no such socket: start Docker, or set host in kepler.conf [engine] (or DOCKER_HOST) to where it listens.'
        : /^(ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(failure.code ?? '')
          ? 'Its certificate is not trusted, or it does not trust ours: put ca.pem, cert.pem and key.pem into the folder of certificates in kepler.conf [engine].'
          : 'Start Docker, or correct host in kepler.conf [engine] (or DOCKER_HOST). Runtimes that run elsewhere need no engine: give their url.';
  return new KeplerError(
    'engine_unreachable',
    `No container engine answers at ${host} (${failure.message ?? failure.code ?? 'unknown reason'}). ${remedy}`,
    { cause },
  );
}

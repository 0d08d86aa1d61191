/**
 * The one catalogue of errors that cross the wire: code, HTTP status and whether the same request may be sent again.
 * Messages are written where the error is raised, because only that place knows the field, the row or the file.
 */
export interface ErrorKind {
  readonly status: number;
  /** True where repeating the very same request later may succeed. */
  readonly retryable: boolean;
}

const kind = (status: number, retryable = false): ErrorKind => ({ status, retryable });

export const ERRORS = Object.freeze({
  // The request itself
  bad_request: kind(400),
  not_found: kind(404),
  method_not_allowed: kind(405),
  contract_mismatch: kind(426),
  body_length: kind(400),
  unknown_job: kind(409),
  // Who asks
  unauthenticated: kind(401),
  token_expired: kind(401),
  forbidden: kind(403),
  // What was asked for
  unknown_algorithm: kind(404),
  unknown_method: kind(404),
  invalid_arguments: kind(400),
  invalid_model_name: kind(400),
  model_not_found: kind(404),
  version_not_found: kind(404),
  alias_not_found: kind(404),
  model_damaged: kind(500),
  dataset_not_found: kind(404),
  // A template of a user's own
  template_failed: kind(422),
  template_invalid: kind(422),
  model_exists: kind(409),
  plot_not_found: kind(404),
  job_not_found: kind(404),
  enrolment_refused: kind(403),
  // The workbench
  workbench_unavailable: kind(409),
  source_changed: kind(412),
  source_exists: kind(409),
  // What a template asks of Splunk and of a registry elsewhere
  splunk_unreachable: kind(503, true),
  splunk_refused: kind(403),
  splunk_failed: kind(422),
  mlflow_unreachable: kind(503, true),
  mlflow_failed: kind(502),
  // A container of DSDL
  peer_unreachable: kind(502, true),
  peer_refused: kind(502),
  // The data
  invalid_csv: kind(422),
  duplicate_field: kind(422),
  target_missing: kind(422),
  target_null: kind(422),
  target_constant: kind(422),
  too_many_classes: kind(422),
  no_features: kind(422),
  no_valid_rows: kind(422),
  not_numeric: kind(422),
  invalid_data: kind(422),
  // Limits
  limit_rows: kind(413),
  limit_columns: kind(413),
  limit_body: kind(413),
  limit_memory: kind(413),
  limit_model_size: kind(413),
  limit_time: kind(408),
  queue_full: kind(429, true),
  // The runtime's own state
  cancelled: kind(409),
  shutting_down: kind(503, true),
  disk_full: kind(507),
  storage_failed: kind(500),
  worker_lost: kind(500),
  internal: kind(500),
  // Raised by the bridge, never sent by the runtime
  runtime_unreachable: kind(503, true),
  runtime_timeout: kind(504),
  runtime_lost: kind(502),
  runtime_untrusted: kind(502),
  bad_reply: kind(502),
  configuration: kind(500),
  // Raised by the bridge where it starts runtimes in containers
  engine_unreachable: kind(503, true),
  engine_refused: kind(500),
  image_missing: kind(404),
  port_taken: kind(409),
  container_not_found: kind(404),
  container_exists: kind(409),
  container_failed: kind(500),
}) satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof ERRORS;

/** What stands in an error reply's body. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    /** One or more sentences for the person who searches: what was wrong, where, and what to do. */
    readonly message: string;
    readonly retryable: boolean;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export class KeplerError extends Error {
  readonly code: ErrorCode;
  readonly details?: Readonly<Record<string, unknown>>;

  /** @param message For the person who searches: what was wrong, where, and what to do. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KeplerError';
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  toBody(): ErrorBody {
    return {
      error: {
        code: this.code,
        message: this.message,
        retryable: this.retryable,
        ...(this.details && { details: this.details }),
      },
    };
  }

  /** The error that an error reply's body describes; anything unreadable becomes `bad_reply`. */
  static fromBody(body: unknown): KeplerError {
    const error = (body as ErrorBody | null)?.error;
    if (error && typeof error.message === 'string' && Object.hasOwn(ERRORS, error.code)) {
      return new KeplerError(error.code, error.message, { details: error.details });
    }
    return new KeplerError(
      'bad_reply',
      'The runtime answered with an error that this version of Kepler cannot read. Check that app and runtime are of the same version.',
    );
  }
}

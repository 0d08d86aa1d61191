/**
 * Paths, headers and media types between bridge and runtime.
 *
 * A chunk travels as `POST <path>` with
 *   content-type: application/vnd.kepler.chunk
 *   kepler-contract: 1
 *   kepler-meta-length: <n>
 *   content-length: <n + bytes of CSV>
 * and a body of n bytes of JSON (the metadata) followed by the CSV exactly as splunkd sent it. The reply has the same
 * form: `kepler-meta-length` bytes of JSON (a reply's metadata), then a body whose kind the reply's content-type names.
 * A failure is a JSON `ErrorBody` with the status of its code, and never anything else.
 */
export const PATHS = Object.freeze({
  apply: '/v1/apply',
  applyPlan: '/v1/apply/plan',
  fit: '/v1/fit',
  fitCheck: '/v1/fit/check',
  fitPlan: '/v1/fit/plan',
  score: '/v1/score',
  sample: '/v1/sample',
  summary: '/v1/summary',
  models: '/v1/models',
  deleteModel: '/v1/models/delete',
  read: '/v1/read',
  change: '/v1/change',
  enrol: '/v1/enrol',
  secrets: '/v1/secrets',
  workbench: '/v1/workbench',
  status: '/v1/status',
  openapi: '/openapi.json',
  health: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
});

export const HEADERS = Object.freeze({
  contract: 'kepler-contract',
  /** The release of who speaks: so that a refusal can say what to upgrade. */
  release: 'kepler-release',
  metaLength: 'kepler-meta-length',
});

export const MEDIA = Object.freeze({
  /** Request: metadata and CSV. */
  chunk: 'application/vnd.kepler.chunk',
  /** Reply: metadata and the whole CSV, header included. What every client can read. */
  csv: 'application/vnd.kepler.csv',
  /** Reply: metadata and a splice list (see `splice.ts`), for a client that holds the chunk's bytes and asked for it with `accept`. */
  splice: 'application/vnd.kepler.splice',
});

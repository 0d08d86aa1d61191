import { cells, type Row } from '../../splunkd/index.ts';

/** A version as the page uses it: `| kepler versions <model>`. */
export interface VersionRow {
  readonly version: number;
  readonly aliases: readonly string[];
  readonly damaged: boolean;
  readonly reason: string;
  readonly algorithm: string;
  readonly kind: string;
  /** Seconds since 1970. */
  readonly created: number | undefined;
  readonly user: string;
  readonly app: string;
  readonly sid: string;
  readonly search: string;
  readonly earliest: string;
  readonly latest: string;
  readonly rows: number | undefined;
  readonly trainedRows: number | undefined;
  readonly fingerprint: string;
  readonly target: string;
  readonly classes: readonly string[];
  readonly features: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly metric: string;
  readonly metricValue: number | undefined;
  readonly metricBetter: string;
  readonly sizeBytes: number | undefined;
  readonly onnxBytes: number | undefined;
  readonly onnxOpset: number | undefined;
  readonly onnxTolerance: number | undefined;
  readonly onnxReason: string;
  readonly runtimeVersion: string;
}

export function versionRow(row: Row): VersionRow {
  return {
    version: cells.number(row.version) ?? 0,
    aliases: cells.list(row.aliases),
    damaged: cells.text(row.state) === 'damaged',
    reason: cells.text(row.reason),
    algorithm: cells.text(row.algorithm),
    kind: cells.text(row.kind),
    created: cells.number(row.created),
    user: cells.text(row.user),
    app: cells.text(row.app),
    sid: cells.text(row.sid),
    search: cells.text(row.search),
    earliest: cells.text(row.earliest),
    latest: cells.text(row.latest),
    rows: cells.number(row.rows),
    trainedRows: cells.number(row.trained_rows),
    fingerprint: cells.text(row.fingerprint),
    target: cells.text(row.target),
    classes: cells.list(row.classes),
    features: cells.list(row.features),
    params: cells.json(row.params) ?? {},
    metrics: cells.json(row.metrics) ?? {},
    metric: cells.text(row.metric),
    metricValue: cells.number(row.metric_value),
    metricBetter: cells.text(row.metric_better),
    sizeBytes: cells.number(row.size_bytes),
    onnxBytes: cells.number(row.onnx_bytes),
    onnxOpset: cells.number(row.onnx_opset),
    onnxTolerance: cells.number(row.onnx_tolerance),
    onnxReason: cells.text(row.onnx_reason),
    runtimeVersion: cells.text(row.runtime_version),
  };
}

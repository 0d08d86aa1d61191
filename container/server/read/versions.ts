import { createHash } from 'node:crypto';
import { KeplerError } from '../../contract/errors.ts';
import { mainMetricOf } from '../../helpers/metrics/main-metric.ts';
import { OPSET } from '../../onnx/graph.ts';
import { spl } from '../../registry/lookup-errors.ts';
import { ONNX_FILE } from '../../registry/types.ts';
import type { Manifest, ModelId } from '../../registry/types.ts';
import { fieldsOf } from '../../contract/catalogue/usage.ts';
import { integerOf, referenceOf, whoseOf } from './provider.ts';
import type { Provider, Question } from './provider.ts';
import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';

/** Bytes of a file that stand in one row. */
const PART = 384 * 1024;

export const versions: Provider = async (question) => {
  if (question.options.file === 'onnx') return onnxFile(question);
  const { noun, options, services, principal } = question;
  const { registry } = services;
  const reference = referenceOf(question.name ?? '');
  const id = await registry.find(reference, principal, whoseOf(options));
  const named = reference.version ?? integerOf(options, 'version');
  const only =
    reference.alias === undefined
      ? named
      : (await registry.resolve(reference, principal, whoseOf(options))).version;
  const aliases = await registry.aliases(id);
  const rows: Row[] = [];
  for (const { version, manifest, reason } of await registry.versions(id)) {
    if (only !== undefined && version !== only) continue;
    const pointing = Object.keys(aliases).filter((alias) => aliases[alias] === version);
    const state = { version, aliases: pointing, state: manifest ? 'whole' : 'damaged', reason };
    rows.unshift({ ...state, ...(manifest && rowOf(manifest)) });
  }
  // Says which there are.
  if (only !== undefined && rows.length === 0) await registry.manifest(id, only);
  return tableOf(noun.fields, rows);
};

function rowOf(manifest: Manifest): Row {
  const { lineage, target, metrics, files } = manifest;
  const main = mainMetricOf(metrics);
  const bytes = Object.values(files).map((file) => file.bytes);
  return {
    algorithm: manifest.algorithm,
    kind: manifest.kind,
    created: Date.parse(manifest.createdAt) / 1000,
    user: lineage.user,
    app: lineage.app,
    sid: lineage.sid,
    search: lineage.search,
    earliest: lineage.earliest,
    latest: lineage.latest,
    rows: lineage.rows,
    trained_rows: lineage.trainedRows,
    fingerprint: lineage.fingerprint,
    target: target?.name,
    classes: target?.classes,
    features: manifest.features,
    options: manifest.options,
    params: manifest.params,
    metrics,
    metric: main?.name,
    metric_value: main?.value,
    metric_better: main?.better,
    size_bytes: bytes.reduce((sum, size) => sum + size, 0),
    runtime_version: lineage.runtime,
    ...onnxOf(manifest),
  };
}

function onnxOf({ files, algorithm, by }: Manifest): Row {
  if (Object.hasOwn(files, ONNX_FILE)) {
    return { onnx_bytes: files[ONNX_FILE].bytes, onnx_opset: OPSET, onnx_tolerance: toleranceOf(algorithm) };
  }
  return {
    onnx_reason: by
      ? `It was fitted by ${by.join(', ')}: ONNX has no form for a model of groups.`
      : `${algorithm} has no ONNX form.`,
  };
}

/** Trees compare in float32, as ONNX does. */
function toleranceOf(algorithm: string): number {
  return /Tree|Forest|Boosting/.test(algorithm) ? 1e-5 : 1e-6;
}

async function onnxFile({ noun, name, options, services, principal }: Question) {
  const { registry } = services;
  const reference = referenceOf(name ?? '');
  const version = reference.version ?? integerOf(options, 'version');
  const found = await registry.resolve(
    { ...reference, ...(version !== undefined && { version }) },
    principal,
    whoseOf(options),
  );
  const manifest = await registry.manifest(found.id, found.version);
  if (!Object.hasOwn(manifest.files, ONNX_FILE)) throw noOnnx(found.id, manifest);
  const bytes = await registry.file(found.id, found.version, ONNX_FILE);
  const parts = Math.max(1, Math.ceil(bytes.length / PART));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const rows = Array.from({ length: parts }, (_, part) => ({
    part: part + 1,
    parts,
    bytes: bytes.length,
    sha256,
    base64: bytes.subarray(part * PART, (part + 1) * PART).toString('base64'),
  }));
  return tableOf(fieldsOf(noun, options), rows);
}

function noOnnx(id: ModelId, manifest: Manifest): KeplerError {
  const why = String(onnxOf(manifest).onnx_reason);
  return new KeplerError('invalid_arguments', `${spl(id)}@${manifest.version} has no ONNX file. ${why}`);
}

import type { FitSpec, ResolvedModel } from '../contract/requests.ts';
import type { Preparation } from '../contract/table.ts';
import type { Params, State, Target, Template } from '../contract/template.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import { EVALUATION_FILE, encodeEvaluation } from '../helpers/metrics/evaluation.ts';
import type { Evaluation } from '../helpers/metrics/evaluation.ts';
import { writeModelOnnx } from '../onnx/model.ts';
import { assertMayWrite, modelId } from '../registry/access.ts';
import { encodeState } from '../registry/state-codec.ts';
import { ONNX_FILE, STATE_FILE } from '../registry/types.ts';
import type { ModelId } from '../registry/types.ts';
import type { FitJob } from './fit-job.ts';
import type { LoadedModel } from './model-cache.ts';

/** What a fit made. */
export interface Fitted {
  readonly state: State;
  readonly params: Params;
  readonly preparation: Preparation;
  /** The fields that the rows were grouped by; the state then is a `GroupedState`. */
  readonly by?: readonly string[];
  readonly target?: Target;
  readonly trainedRows: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly evaluation: Evaluation;
}

/**
 * Worker: writes the next version of the model that the search names. ONNX has no form for a model of groups.
 * @param before The version that partial_fit went on from.
 */
export async function storeVersion(
  job: FitJob,
  template: Template,
  before: LoadedModel | undefined,
  fitted: Fitted,
): Promise<ResolvedModel> {
  const { state, params, target, by } = fitted;
  const { spec, principal, search, settings } = job;
  const into = spec.into as NonNullable<FitSpec['into']>;
  const id: ModelId = modelId(into, principal);
  assertMayWrite(id, principal);
  const preparation = {
    ...fitted.preparation,
    ...(spec.unseenValue && { unseenValue: spec.unseenValue }),
  };
  const onnx = by ? undefined : writeModelOnnx(template, state, preparation, onnxTarget(target));
  const files: Record<string, Uint8Array> = {
    [STATE_FILE]: encodeState(state),
    [EVALUATION_FILE]: encodeEvaluation(fitted.evaluation),
  };
  if (onnx) files[ONNX_FILE] = onnx;
  job.control.check();
  const manifest = await job.registry.create(
    id,
    {
      algorithm: template.name,
      ...(template.version !== undefined && { template: { version: template.version } }),
      kind: template.kind,
      options: before ? before.manifest.options : spec.options,
      params,
      preparation,
      features: preparation.fields.map(({ name }) => name).filter((name) => !by?.includes(name)),
      ...(by && { by }),
      ...(target && {
        target: {
          name: target.name,
          kind: target.kind,
          ...(target.kind === 'classes' && { classes: target.classes }),
        },
      }),
      metrics: fitted.metrics,
      measuredOn: fitted.evaluation.measuredOn,
      lineage: {
        sid: search?.sid ?? '',
        search: search?.search,
        user: principal.user,
        app: principal.app,
        earliest: search?.earliest,
        latest: search?.latest,
        rows: job.table.rows,
        trainedRows: fitted.trainedRows,
        fingerprint: job.fingerprint,
        runtime: KEPLER_VERSION,
      },
    },
    files,
    { promote: spec.promote, alias: spec.alias, maxBytes: settings.maxModelMb * 2 ** 20 },
  );
  return { namespace: id.namespace, name: id.name, version: manifest.version };
}

function onnxTarget(target: Target | undefined) {
  return target && { name: target.name, ...(target.kind === 'classes' && { classes: target.classes }) };
}

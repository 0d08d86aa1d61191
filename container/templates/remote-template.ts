/** A user's template in the form of a built-in one: the data path does not see that it runs in a process of its own. */
import { randomUUID } from 'node:crypto';
import { KeplerError } from '../contract/errors.ts';
import type {
  FitInput,
  NumericTable,
  OnnxGraph,
  OptionSchema,
  OutputColumn,
  Params,
  ParamsSchema,
  State,
  SummaryTable,
  Target,
  Template,
  TemplateContext,
} from '../contract/template.ts';
import { decodeState } from '../registry/state-codec.ts';
import type { TemplateDoor } from './broker/door.ts';
import type { TemplatePlace } from './broker/messages.ts';
import { replayGraph } from './graph-recording.ts';
import { emptyOutput, firstRows, labelled } from './remote-outputs.ts';
import type { OutputForm } from './remote-outputs.ts';
import { RowsAhead } from './rows-ahead.ts';
import type { TemplateManifest } from './store.ts';
import { decodeOutputs, encodeTable } from './tables.ts';

/** Rows that are answered right after a fit, to know the columns that come. */
const TRIAL_ROWS = 64;

/** What is kept of a model: the template's own bytes, and what its answers are named after. */
interface RemoteState extends State {
  readonly bytes: Uint8Array;
  /** Names the bytes, so that the process need not be sent what it holds. */
  readonly key: string;
  readonly target?: string;
  /** Of a classifier. */
  readonly classes?: readonly string[];
  /** Made at the fit: a summary needs no process then. */
  readonly summary: SummaryTable;
  /** The columns of its answers, by whether probabilities are asked for; absent where trying out did not tell them. */
  readonly outputs?: Readonly<Record<string, readonly OutputForm[]>>;
  /** Those of its explanations, likewise. */
  readonly explained?: readonly OutputForm[];
}

/** An option of `apply` for templates that explain themselves. */
const EXPLAIN: OptionSchema = {
  type: 'boolean',
  default: false,
  description: 'Whether fields explain(…) say why each row was answered so.',
};

/** A model before anything was asked of it. */
type Fitted = Pick<RemoteState, 'bytes' | 'key' | 'target' | 'classes'>;

type Asked = ReturnType<TemplateDoor['ask']>;

/**
 * @param place where the template's version lies
 * @param open the way to its process
 */
export function remoteTemplate(
  manifest: TemplateManifest,
  place: TemplatePlace,
  open: () => TemplateDoor,
): Template<RemoteState> {
  const { name, can, kind, prepare } = manifest;
  const { probabilities } = manifest.params.properties;
  const applyOptions = {
    ...(probabilities && { probabilities }),
    // An option of its own by that name means what the template says.
    ...(can.explain && !Object.hasOwn(manifest.params.properties, 'explain') && { explain: EXPLAIN }),
  };
  const ahead = new RowsAhead(place, open);
  /** Asks; a process that does not hold the model is sent it first. */
  const askAbout = (
    state: Pick<RemoteState, 'key' | 'bytes'>,
    ask: Record<string, unknown>,
    body?: Uint8Array,
    context?: TemplateContext,
  ): Asked => {
    const door = open();
    const first = door.ask(place, ask, body, context);
    if (first.header.needState !== true) return first;
    door.ask(place, { op: 'state', key: state.key }, state.bytes);
    return door.ask(place, ask, body, context);
  };
  const apply = (
    state: Fitted,
    features: NumericTable,
    options: Params,
    op: 'apply' | 'explain' = 'apply',
  ): OutputColumn[] => {
    const ask = {
      op,
      key: state.key,
      options,
      target: state.target,
      ...(options.probabilities === true && { classes: state.classes }),
    };
    const sent = op === 'apply' ? ahead.keyOf(features) : undefined;
    ahead.send(null);
    let reply = sent && askAbout(state, { ...ask, ahead: sent, rows: features.rows, names: features.names });
    if (!reply || reply.header.needRows === true) {
      const table = encodeTable(features, undefined, (bytes) => open().room(bytes));
      reply = askAbout(state, ask, table);
    }
    const { body } = reply;
    const { rows, outputs } = decodeOutputs(body);
    if (rows !== features.rows) {
      throw new KeplerError(
        'template_failed',
        `The template ${name} failed: ${op} returned ${rows} rows for ${features.rows}; each row needs an answer.`,
      );
    }
    return op === 'apply' && state.classes ? labelled(outputs, state.classes) : outputs;
  };
  /** Why rows were answered so: fields of other names than those of the search, whose values they would replace. */
  const explain = (state: Fitted, features: NumericTable, options: Params): OutputColumn[] =>
    apply(state, features, options, 'explain').map((one) => ({ ...one, name: `explain(${one.name})` }));
  /** Columns of a few rows, so that later no row is needed to name them. A template that cannot answer few is asked then. */
  const tryOut = (
    state: Fitted,
    params: Params,
    { features }: FitInput,
  ): Pick<RemoteState, 'outputs' | 'explained'> => {
    const few = firstRows(features, TRIAL_ROWS);
    const variants = probabilities ? [false, true] : [params.probabilities === true];
    const outputs = formsOf(() =>
      variants.map((wanted) => {
        const options = probabilities ? { ...params, probabilities: wanted } : params;
        return [String(wanted), forms(apply(state, few, options))] as const;
      }),
    );
    const explained = applyOptions.explain && formsOf(() => forms(explain(state, few, params)));
    return {
      ...(outputs && { outputs: Object.fromEntries(outputs) }),
      ...(explained && { explained }),
    };
  };
  const train = (
    params: Params,
    input: FitInput,
    context: TemplateContext,
    from?: RemoteState,
  ): RemoteState => {
    const { target } = input;
    const key = randomUUID();
    const ask = {
      op: 'fit',
      params,
      key,
      ...(target && { target: describe(target) }),
      ...(from && { from: from.key }),
    };
    const body = encodeTable(input.features, target);
    const { body: bytes } = from ? askAbout(from, ask, body, context) : open().ask(place, ask, body, context);
    const { header } = open().ask(place, { op: 'summary', key });
    const made = {
      bytes,
      key,
      ...(target && { target: target.name }),
      ...(target?.kind === 'classes' && kind === 'classifier' && { classes: target.classes }),
    };
    const summary = { fields: header.fields as string[], rows: header.rows as SummaryTable['rows'] };
    return { ...made, summary, ...tryOut(made, params, input) };
  };
  /** A raw target is the field itself; a prepared one has classes where a classifier learns it. */
  const describe = (target: Target) => ({
    name: target.name,
    kind: prepare !== 'none' ? target.kind : target.kind === 'number' || target.ofNumbers ? 'number' : 'text',
  });
  return {
    name,
    version: manifest.version,
    kind,
    description: manifest.description,
    params: manifest.params,
    ...(Object.keys(applyOptions).length > 0 && { applyParams: optionsOf(applyOptions) }),
    ...(prepare && { prepare }),
    ...(manifest.convention === 'dsdl' && { guessed: true }),
    atOnce: true,
    ...(manifest.language === 'typescript' &&
      prepare !== 'none' && { ahead: (features: NumericTable | null) => ahead.send(features) }),
    start: (awaited) => open().start(place, awaited),
    rename: 'output',
    init(params, shape) {
      return open().ask(place, { op: 'init', params, shape }).header.params as Params;
    },
    fit: (params, input, context) => train(params, input, context),
    ...(can.partialFit && {
      partialFit: (state: RemoteState, params: Params, input: FitInput, context: TemplateContext) =>
        train(params, input, context, state),
    }),
    apply(state, features, options) {
      const none = features.rows === 0;
      const known = none && state.outputs?.[String(options.probabilities === true)];
      const answered = known
        ? known.map((form) => emptyOutput(form, state.classes))
        : apply(state, features, options);
      if (!applyOptions.explain || options.explain !== true) return answered;
      const reasons = none && state.explained;
      return [
        ...answered,
        ...(reasons ? reasons.map((form) => emptyOutput(form)) : explain(state, features, options)),
      ];
    },
    ...(can.explain && {
      explain: (state: RemoteState, features: NumericTable, options: Params) =>
        apply(state, features, options, 'explain'),
    }),
    ...(can.evaluate && {
      evaluate(state: RemoteState, { features, target }: FitInput, options: Params) {
        const ask = { op: 'evaluate', key: state.key, options, ...(target && { target: describe(target) }) };
        return askAbout(state, ask, encodeTable(features, target)).header.metrics as Record<string, number>;
      },
    }),
    ...(can.toOnnx && {
      toOnnx(state: RemoteState, graph: OnnxGraph) {
        const { body } = askAbout(state, { op: 'onnx', key: state.key, features: graph.features });
        replayGraph(name, decodeState(body), graph);
      },
    }),
    summary: (state): SummaryTable => state.summary,
  };
}

function forms(outputs: readonly OutputColumn[]): OutputForm[] {
  return outputs.map(({ name, kind }) => ({ name, kind }));
}

/** Undefined where the template failed. */
function formsOf<T>(of: () => T): T | undefined {
  try {
    return of();
  } catch (error) {
    if (error instanceof KeplerError && error.code === 'template_failed') return undefined;
    throw error;
  }
}

function optionsOf(properties: ParamsSchema['properties']): ParamsSchema {
  return { type: 'object', properties, additionalProperties: false };
}

/** A user's template in the form of a built-in one: the data path does not see that it runs in a process of its own. */
import { createHash } from 'node:crypto';
import { KeplerError } from '../contract/errors.ts';
import type {
  FitInput,
  NumericTable,
  OutputColumn,
  Params,
  State,
  SummaryTable,
  Template,
  TemplateContext,
} from '../contract/template.ts';
import type { TemplateDoor } from './broker/door.ts';
import type { TemplatePlace } from './broker/messages.ts';
import type { TemplateManifest } from './store.ts';
import { decodeOutputs, encodeTable } from './tables.ts';

/** What is kept of a model: the template's own bytes, and what its answers are named after. */
interface RemoteState extends State {
  readonly bytes: Uint8Array;
  /** Names the bytes, so that the process need not be sent what it holds. */
  readonly key: string;
  readonly target?: string;
  /** Made at the fit: a summary needs no process then. */
  readonly summary: SummaryTable;
}

/**
 * @param place where the template's version lies
 * @param open the way to its process
 */
export function remoteTemplate(
  manifest: TemplateManifest,
  place: TemplatePlace,
  open: () => TemplateDoor,
): Template<RemoteState> {
  const { name, can } = manifest;
  /** Asks; a process that does not hold the model is sent it first. */
  const askAbout = (
    state: RemoteState,
    ask: Record<string, unknown>,
    body?: Uint8Array,
    context?: TemplateContext,
  ) => {
    const door = open();
    const first = door.ask(place, ask, body, context);
    if (first.header.needState !== true) return first;
    door.ask(place, { op: 'state', key: state.key }, state.bytes);
    return door.ask(place, ask, body, context);
  };
  const train = (
    params: Params,
    input: FitInput,
    context: TemplateContext,
    from?: RemoteState,
  ): RemoteState => {
    const { target } = input;
    const key = createHash('sha1').update(`${Date.now()} ${Math.random()}`).digest('hex');
    const ask = {
      op: 'fit',
      params,
      key,
      ...(target && { target: { name: target.name, kind: target.kind } }),
      ...(from && { from: from.key }),
    };
    const body = encodeTable(input.features, target);
    const { body: bytes } = from ? askAbout(from, ask, body, context) : open().ask(place, ask, body, context);
    const { header } = open().ask(place, { op: 'summary', key });
    const summary = { fields: header.fields as string[], rows: header.rows as SummaryTable['rows'] };
    return { bytes, key, summary, ...(target && { target: target.name }) };
  };
  return {
    name,
    version: manifest.version,
    kind: manifest.kind,
    description: manifest.description,
    params: manifest.params,
    rename: 'output',
    init(params, shape) {
      return open().ask(place, { op: 'init', params, shape }).header.params as Params;
    },
    fit: (params, input, context) => train(params, input, context),
    ...(can.partialFit && {
      partialFit: (state: RemoteState, params: Params, input: FitInput, context: TemplateContext) =>
        train(params, input, context, state),
    }),
    apply(state, features: NumericTable, options): OutputColumn[] {
      const ask = { op: 'apply', key: state.key, options, target: state.target };
      const { body } = askAbout(state, ask, encodeTable(features));
      const { rows, outputs } = decodeOutputs(body);
      if (rows === features.rows) return outputs;
      throw new KeplerError(
        'template_failed',
        `The template ${name} failed: apply returned ${rows} rows for ${features.rows}; each row needs an answer.`,
      );
    },
    summary: (state): SummaryTable => state.summary,
  };
}

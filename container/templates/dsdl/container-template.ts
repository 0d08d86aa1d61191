/** MLTKContainer and AITKContainer: a model that lives in an existing container of DSDL, in the form of a built-in algorithm. */
import type { ContainerAlgorithm } from '../../contract/dsdl.ts';
import { CONTAINER_ALGORITHMS } from '../../contract/dsdl.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { FitSpec } from '../../contract/requests.ts';
import type {
  NumericTable,
  OutputColumn,
  Params,
  ParamsSchema,
  State,
  SummaryTable,
  Template,
} from '../../contract/template.ts';
import { scatterOutputs } from '../../table/scatter.ts';
import { MAIN_PEER, PEER_NAME } from './peer.ts';
import type { PeerDoor } from './peer-door.ts';
import { readResults } from './results-in.ts';
import { encodeCall } from './rows-out.ts';
import type { ContainerModel } from './rows-out.ts';

/** What a version keeps: the model itself stays in the container. */
export interface ContainerState extends State {
  readonly container: string;
  readonly url: string;
  readonly algorithm: string;
  readonly algo: string;
  readonly modelName: string;
  readonly options: Readonly<Record<string, string>>;
  readonly features: readonly string[];
  readonly targets: readonly string[];
  readonly outputs: readonly string[];
  /** What the container said of itself right after the fit, as text by name. */
  readonly about: Readonly<Record<string, string>>;
}

export interface ContainerTemplate extends Template<ContainerState> {
  /** The container's fit: on the rows that are given, whose answers come with it. */
  fitThere(
    model: ContainerModel,
    container: string,
    rows: NumericTable,
    stage: boolean,
    warn: (text: string) => void,
  ): { staged: string } | { state: ContainerState; outputs: OutputColumn[] };
}

const PARAMS: ParamsSchema = {
  type: 'object',
  properties: {
    algo: {
      type: 'string',
      // A module's name there, and part of a file's.
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description:
        "Name of the notebook or module in the container; the container's own options stand beside it.",
    },
    mode: {
      type: 'string',
      enum: ['stage', 'fit'],
      default: 'fit',
      description: 'stage: the rows are only stored in the container, for the notebook.',
    },
    container: {
      type: 'string',
      pattern: PEER_NAME.source,
      default: MAIN_PEER,
      description: 'Which container: a stanza [dsdl:<name>] of kepler.conf.',
    },
  },
  required: ['algo'],
  additionalProperties: true,
};

const NO_DOOR = (): never => {
  throw new KeplerError('internal', 'A container was called where none can be.');
};

/** @param open the way to containers; without one, their models can be described and not run */
export function containerTemplates(open: () => PeerDoor = NO_DOOR): ReadonlyMap<string, ContainerTemplate> {
  return new Map(CONTAINER_ALGORITHMS.map((name) => [name, containerTemplate(name, open)]));
}

/** What of `fit` a container cannot do. */
export function problemsInContainer({ algorithm, by, sampleCount }: FitSpec): string[] {
  const problems: string[] = [];
  if (by.length > 0) problems.push(`${algorithm} has one model for all rows; leave out by.`);
  if (sampleCount !== undefined) {
    problems.push(
      `${algorithm} is given all rows, never a sample; leave out sample_count, or put "| sample ${sampleCount}" before fit.`,
    );
  }
  return problems;
}

export function isContainerTemplate(template: object): template is ContainerTemplate {
  return 'fitThere' in template;
}

function containerTemplate(name: ContainerAlgorithm, open: () => PeerDoor): ContainerTemplate {
  return {
    name,
    kind: 'transformer',
    description: 'A model in an existing container of the Splunk App for Data Science and Deep Learning.',
    params: PARAMS,
    prepare: 'none',
    atOnce: true,
    rename: 'either',
    init: (params: Params) => params,
    fit: () => {
      throw new KeplerError('internal', `${name} fits in its container.`);
    },
    fitThere(model, container, rows, stage, warn) {
      const door = open();
      const peer = door.peer(container);
      try {
        // Until the summary is there: the container tells of the model that it fitted last.
        const answer = door.call(peer, '/fit', encodeCall(model, rows, stage), true);
        if (answer.status === 'staged') return { staged: answer.message };
        if (stage) {
          warn(`The container "${container}" was asked to stage the rows, and answered ${answer.status}.`);
          return { staged: answer.message };
        }
        const about = aboutOf(door, container, warn);
        const outputs = readResults(answer.results ?? '', rows, model.targets, container);
        const state: ContainerState = {
          ...model,
          container,
          url: peer.url,
          outputs: outputs.map(({ name: output }) => output),
          about,
        };
        return { state, outputs };
      } finally {
        door.leave();
      }
    },
    apply(state, features) {
      const nothing = (rows: number): OutputColumn[] =>
        state.outputs.map((output) => ({ name: output, kind: 'text', values: new Array(rows).fill(null) }));
      const { table, places } = withoutNulls(features);
      if (table.rows === 0) return nothing(features.rows);
      const door = open();
      const answer = door.call(door.peer(state.container), '/apply', encodeCall(state, table));
      const outputs = readResults(answer.results ?? '', table, state.targets, state.container);
      const known = state.outputs.map((output) => outputs.find((one) => one.name === output));
      const missing = state.outputs.filter((_, i) => !known[i]);
      if (missing.length > 0) {
        throw new KeplerError(
          'template_failed',
          `The container "${state.container}" (${state.url}): /apply gave ${listed(outputs.map((one) => one.name))}, and its fit gave ${listed(missing)} too. Fit the model again.`,
        );
      }
      const columns = known as OutputColumn[];
      return places ? scatterOutputs(columns, places, features.rows) : columns;
    },
    summary: summaryOf,
  };
}

/** Rows that hold a null get no answer, as in MLTK: most models cannot read them. */
export function withoutNulls(table: NumericTable): { table: NumericTable; places?: Uint32Array } {
  const { rows, columns } = table;
  const places: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (columns.every((values) => values[row] === values[row])) places.push(row);
  }
  if (places.length === rows) return { table };
  const some = Uint32Array.from(places);
  return {
    table: {
      ...table,
      rows: some.length,
      columns: columns.map((values) => Float64Array.from(some, (row) => values[row])),
    },
    places: some,
  };
}

/** The container knows no model by name: it tells of the one that it fitted last, which right after a fit is this one. */
function aboutOf(door: PeerDoor, container: string, warn: (text: string) => void): ContainerState['about'] {
  try {
    const told = Object.entries(door.summary(door.peer(container)));
    return Object.fromEntries(
      told.filter(([key]) => key !== 'token').map(([key, value]) => [key, textOf(value)]),
    );
  } catch (error) {
    if (!(error instanceof KeplerError) || error.code === 'cancelled') throw error;
    warn(`The model is fitted, but the container gave no summary of it: ${error.message}`);
    return {};
  }
}

function summaryOf(state: ContainerState): SummaryTable {
  const { container, url, algo, modelName, options, features, targets, outputs, about } = state;
  return {
    fields: ['field', 'value'],
    rows: [
      ['container', container],
      ['url', url],
      ['algo', algo],
      ['model', modelName],
      ...Object.entries(options).map(([key, value]) => [`option ${key}`, value]),
      ['features', features.join(', ')],
      ...(targets.length > 0 ? [['target', targets.join(', ')]] : []),
      ['outputs', outputs.join(', ')],
      ...Object.entries(about).map(([key, value]) => [`container ${key}`, value]),
    ],
  };
}

const LONGEST_ABOUT = 20_000;

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_ABOUT);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no column' : names.map((name) => `"${name}"`).join(', ');
}

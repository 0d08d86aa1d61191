/**
 * What the bridge asks of the runtime: the metadata of each kind of request and of its reply. The JSON Schemas that hold
 * the same stand in `schemas.ts`; a test keeps the two together.
 */

/** `user` is the searcher's own namespace (the token's `sub`); `app` the one of the search's app (the token's `app`). */
export type Namespace = 'user' | 'app';

export interface ModelName {
  readonly namespace: Namespace;
  readonly name: string;
}

/** At most one of version and alias; neither means the alias `champion`. */
export interface ModelReference extends ModelName {
  readonly version?: number;
  readonly alias?: string;
  /** False where the search wrote no namespace: a read may then fall back from the user's own to the app's model. */
  readonly explicitNamespace?: boolean;
}

/** Where a search comes from; kept as lineage of what it makes. Identity comes from the token alone. */
export interface SearchContext {
  readonly sid: string;
  readonly search?: string;
  readonly earliest?: string;
  readonly latest?: string;
  readonly splunkVersion?: string;
}

/**
 * The searcher's own session with Splunk, lent for one job to a template that needs it. A secret: never logged, never written,
 * and forgotten with the job.
 */
export interface SplunkSession {
  /** splunkd's address as the search head names it. */
  readonly uri: string;
  readonly key: string;
}

/** What a template may ask for beyond its rows. `splunk`: reading and writing Splunk; `registry`: models. */
export type Need = 'splunk' | 'registry';

export type RawOptions = Readonly<Record<string, string>>;

/** Where and under which names a search is told of, where that is not as the settings say. */
export interface TellAs {
  readonly project?: string;
  readonly useCase?: string;
  /** Of the events. */
  readonly index?: string;
}

export interface FitSpec {
  readonly algorithm: string;
  /** `stage`: the rows become a data set, named by `into`, and nothing is trained. */
  readonly mode?: 'stage';
  /** The algorithm's own options as typed, unquoted; validated in the runtime against the template's schema. */
  readonly options: RawOptions;
  /** Fields before `from`; empty where there is no `from`. */
  readonly targets: readonly string[];
  /** Names and globs after `from`, or all of them. */
  readonly fields: readonly string[];
  readonly by: readonly string[];
  readonly into?: ModelName;
  readonly as?: string;
  /** False: chunks come back at once as they are, and only the model is made. */
  readonly apply: boolean;
  readonly partialFit: boolean;
  /** Whether `champion` moves to the new version. */
  readonly promote: boolean;
  /** Another alias for the new version. */
  readonly alias?: string;
  readonly sampleCount?: number;
  readonly sampleSeed?: number;
  readonly kfoldCv?: number;
  /** Share of the rows, above 0 and below 1, that is kept from training: the version's metrics are measured on it. */
  readonly holdout?: number;
  /** The numeric field whose highest values are held out, such as `_time`; without it the rows are drawn. */
  readonly holdoutBy?: string;
  /** Of the drawing; else the algorithm's `random_state`, else 0. */
  readonly holdoutSeed?: number;
  readonly unseenValue?: 'default' | 'skip' | 'stop';
  readonly tell?: TellAs;
}

export interface ApplySpec {
  readonly model: ModelReference;
  readonly options: RawOptions;
  readonly as?: string;
  readonly tell?: TellAs;
}

export interface ScoreSpec {
  readonly method: string;
  readonly options: RawOptions;
  /** Names and globs before and after `against` (`~`). */
  readonly a: readonly string[];
  readonly b: readonly string[];
}

export interface SampleSpec {
  readonly ratio?: number;
  readonly count?: number;
  readonly proportional?: string;
  readonly inverse: boolean;
  readonly partitions?: number;
  readonly fieldName: string;
  readonly seed?: number;
  readonly by?: string;
}

export interface SummaryRequest {
  readonly model: ModelReference;
  readonly options: RawOptions;
}

/** A chunk of `fit`, `score` or `sample`: they collect rows until `finished`. */
export interface CollectMeta<Spec> {
  /** Made by the command, a UUID: all chunks of one search command name the same job. */
  readonly job: string;
  /** 0, 1, 2 … */
  readonly chunk: number;
  readonly finished: boolean;
  /** With chunk 0 only. */
  readonly spec?: Spec;
  /** With chunk 0 only. */
  readonly search?: SearchContext;
  /** With chunk 0 only, where the plan says that the template needs it. */
  readonly session?: SplunkSession;
}

/** A chunk of `apply` stands for itself, so that it can be sent again: nothing is kept between two of them. */
export interface ApplyMeta {
  readonly job: string;
  readonly chunk: number;
  readonly finished: boolean;
  readonly spec: ApplySpec;
  readonly search?: SearchContext;
  /** With each chunk, where the plan says that the template needs it. */
  readonly session?: SplunkSession;
}

export type MessageLevel = 'INFO' | 'WARN' | 'ERROR';

export interface Message {
  readonly level: MessageLevel;
  readonly text: string;
  /**
   * For a message that counts something in one chunk of many: the command adds up what has the same `key` and says it once,
   * at the end of the search, as `total` with `{n}` for the sum.
   */
  readonly tally?: { readonly key: string; readonly count: number; readonly total: string };
}

/** In front of the body of every reply to a chunk. */
export interface ReplyMeta {
  readonly messages: readonly Message[];
  /** Inspector metrics: milliseconds and counts by name, such as `parse_ms`, `train_ms`, `rows`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** The version that was read or made; a later apply chunk names it. */
  readonly version?: ResolvedModel;
  /** Of an apply: what its model was fitted with. */
  readonly algorithm?: string;
}

export interface ResolvedModel {
  readonly namespace: Namespace;
  readonly name: string;
  readonly version: number;
}

export interface ApplyPlan {
  readonly version: ResolvedModel;
  readonly algorithm: string;
  /** The fields that apply needs. */
  readonly requiredFields: readonly string[];
  /** What the search is to hand over. */
  readonly needs?: readonly Need[];
}

/** `POST /v1/fit/plan`: what a fit's template needs of the search. An unknown algorithm needs nothing: the fit says that it is. */
export interface FitPlanRequest {
  readonly algorithm: string;
}

export interface FitPlan {
  readonly needs: readonly Need[];
}

/** A table that a generating command prints. Cells are text; an array is a multivalue cell; null an empty one. */
export interface ResultTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | readonly string[] | null)[])[];
  readonly messages?: readonly Message[];
}

export interface ModelListing {
  readonly name: string;
  readonly type: string;
  readonly options: string;
  readonly owner: string;
  readonly app: string;
  readonly sharing: 'private' | 'app';
  readonly version: number | null;
  readonly versions: readonly number[];
}

/** `POST /v1/fit/check` takes a FitSpec; an error reply names everything that is wrong with it. */
export interface FitCheckReply {
  readonly messages: readonly Message[];
}

/** `GET /v1/models`; a damaged version is a message. (`POST /v1/apply/plan` takes an ApplySpec and answers an ApplyPlan.) */
export interface ModelsReply {
  readonly models: readonly ModelListing[];
  readonly messages: readonly Message[];
}

/** `POST /v1/models/delete` takes a ModelReference: with version or alias one version, else the whole model. */
export interface DeleteReply {
  readonly namespace: Namespace;
  readonly name: string;
  /** The versions deleted. */
  readonly versions: readonly number[];
}

/** `POST /v1/read`: rows of a noun of the catalogue; answers a ResultTable. */
export interface ReadRequest {
  readonly noun: string;
  readonly name?: string;
  /** As typed, unquoted. */
  readonly options: RawOptions;
}

/** `POST /v1/enrol`: a search head's public key, with the one-time code that the runtime printed. Needs no token. */
export interface EnrolRequest {
  readonly code: string;
  /** PEM. */
  readonly key: string;
}

export interface EnrolReply {
  readonly kid: string;
}

/** Answers `PUT /v1/secrets`, which takes secrets by name; an empty one is removed. */
export interface SecretsReply {
  readonly kept: readonly string[];
  readonly removed: readonly string[];
}

/** `POST /v1/change`: does what a verb of the catalogue says; answers a ResultTable, a row for each thing that changed. */
export interface ChangeRequest {
  /** `runtime start` is one verb of two words. */
  readonly verb: string;
  readonly name?: string;
  readonly options: RawOptions;
}

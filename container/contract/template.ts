/**
 * One unit: the template. Built-in algorithms are written against this contract, and so are users' own.
 * Prepared numeric columns in, columns out; the runtime owns everything else (parsing, preparing, saving, limits).
 */

/** Numeric columns of equal length, column after column. Nulls never reach a template: rows that hold one are left out before. */
export interface NumericTable {
  readonly rows: number;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /**
   * Only on the way to templates with `prepare: 'none'`: the columns are the fields as they are, NaN is null, and the column of a
   * text field holds codes into its levels here; undefined for a field of numbers.
   */
  readonly levels?: readonly (readonly string[] | undefined)[];
}

/** A field as the search has it. Of numbers NaN is null, of texts null. */
export type RawColumn =
  | { readonly kind: 'number'; readonly name: string; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly name: string; readonly values: readonly (string | null)[] };

/** The rows of a search as they are, all of them: what templates with `prepare: 'none'` get. */
export interface RawTable {
  readonly rows: number;
  /** In the order in which the search names the fields. */
  readonly columns: readonly RawColumn[];
}

/** What `fit` of a template with `prepare: 'none'` gets. */
export interface RawInput {
  readonly features: RawTable;
  /** The field before `from`; a classifier's and a regressor's is always there, and may hold nulls. */
  readonly target?: RawColumn;
}

export interface NumberTarget {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
}

/** Classes are sorted: as numbers where all are numbers, else by code point. `codes[i]` indexes `classes`. */
export interface ClassTarget {
  readonly kind: 'classes';
  readonly name: string;
  readonly codes: Int32Array;
  readonly classes: readonly string[];
  /** Only on the way to templates with `prepare: 'none'`: the classes are numbers in the search. A code of -1 is null there. */
  readonly ofNumbers?: boolean;
}

export type Target = NumberTarget | ClassTarget;

export interface FitInput {
  readonly features: NumericTable;
  /** Present for classifiers ('classes') and regressors ('number'). */
  readonly target?: Target;
}

/** A column that a template answers with; the runtime puts the values back at the rows they belong to. */
export type OutputColumn =
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  | {
      readonly name: string;
      readonly kind: 'label';
      readonly codes: Int32Array;
      readonly labels: readonly string[];
    }
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** A table that a template makes in place of rows (summary, ACF). */
export interface SummaryTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface TemplateContext {
  /** Raised when the search was cancelled or the time limit passed: a long loop asks now and then. */
  readonly signal: AbortSignal;
  /** Worker threads that a fit may use, at least 1. */
  readonly threads: number;
  warn(text: string): void;
  /** Share of the work done, 0 to 1, with what is being done. */
  progress(share: number, text?: string): void;
  /** Takes the plan's scores of the rows to fit, a list an output, from a fit that knows them: they need not be scored again. */
  scored?(scores: readonly Float64Array[]): void;
}

/** JSON Schema of a template's options, one property an option. Values come typed from SPL text (see `options.ts`). */
export interface OptionSchema {
  readonly type:
    | 'number'
    | 'integer'
    | 'boolean'
    | 'string'
    | readonly ('number' | 'integer' | 'boolean' | 'string' | 'null')[];
  readonly description: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly pattern?: string;
  /** Ranges of which a number must be in one. */
  readonly anyOf?: readonly Pick<OptionSchema, 'minimum' | 'exclusiveMaximum' | 'multipleOf'>[];
  /** What is allowed, in words: for people, where `pattern` and `anyOf` say it to the validator. */
  readonly allowed?: string;
}

export interface ParamsSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
  /** True: any other option is taken as text. */
  readonly additionalProperties: boolean;
}

export type Params = Readonly<Record<string, unknown>>;

/**
 * Scores that the data path's kernels compute straight from parsed columns; `scores[k]` is output k of all rows.
 * `linear`: scores[k] = intercepts[k] + sum over f of weights[k * features + f] * x[f].
 */
export interface LinearPlan {
  readonly kind: 'linear';
  readonly features: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * Decision trees, all in one. A node's right child stands directly behind its left one. A row goes left where
 * Math.fround(x) <= threshold: thresholds and inputs are float32, as in ONNX, so that every engine takes the same path.
 */
export interface TreeEnsemble {
  readonly kind: 'trees';
  readonly features: number;
  /** Scores a row. */
  readonly outputs: number;
  /** Values a leaf holds: `outputs`, or 1 where each tree adds to one output (`treeOutput`). */
  readonly leafWidth: number;
  /** Root node of each tree, and its depth (0: a leaf alone). */
  readonly roots: Int32Array;
  readonly depths: Int32Array;
  /** With leafWidth 1 and several outputs: the output that each tree adds to. */
  readonly treeOutput?: Int32Array;
  /** A node: its feature, or -1 for a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  /** A node: index of its left child; of a leaf, index of its row in `values`. */
  readonly left: Int32Array;
  /** Leaf rows, each of leafWidth. Averages are divided already: scores are base + sum over trees. */
  readonly values: Float64Array;
  readonly base: Float64Array;
}

export type ScorePlan = LinearPlan | TreeEnsemble;

/**
 * What a fit returns and apply needs. Plain objects, arrays, strings, numbers, booleans, null and typed arrays, in any depth:
 * the runtime saves it as it is.
 */
export type State = Readonly<Record<string, unknown>>;

/** What a model makes of its features: how much each counts, or the coefficients of a weighted sum. */
export type FeatureWeights =
  | {
      readonly kind: 'importance';
      /** `spread` is the standard deviation over the parts of the model, such as trees, where it has several. */
      readonly rows: readonly {
        readonly feature: string;
        readonly value: number;
        readonly spread?: number;
      }[];
    }
  | {
      readonly kind: 'coefficients';
      /** `output` is the target or the class; the feature `_intercept` is the constant. */
      readonly rows: readonly { readonly output: string; readonly feature: string; readonly value: number }[];
    };

export type TemplateKind = 'regressor' | 'classifier' | 'clusterer' | 'transformer';

/** Writes ONNX nodes; see `container/onnx/graph.ts`. Tensors and values go by name. */
export interface OnnxGraph {
  /** The prepared features as one float64 matrix [rows, features]. */
  readonly input: string;
  readonly features: number;
  node(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    domain?: 'ai.onnx.ml',
  ): string[];
  tensor(
    values: Float64Array | Float32Array | BigInt64Array | readonly string[],
    dims: readonly number[],
  ): string;
  /** Names a value as an output of the graph; `columns` is null for a vector [rows]. */
  output(
    name: string,
    value: string,
    type: 'double' | 'float' | 'int64' | 'string',
    columns: number | null,
  ): void;
}

export type OnnxAttribute =
  | number
  | string
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] | Float32Array }
  | { readonly strings: readonly string[] }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly doubles: Float64Array; readonly dims: readonly number[] };

export interface Template<S extends State = State> {
  readonly name: string;
  /** Of a user's template: which published version it is. Built-ins are part of the runtime. */
  readonly version?: number;
  readonly kind: TemplateKind;
  readonly description: string;
  /** Options of `fit`. */
  readonly params: ParamsSchema;
  /** Options of `apply` and `summary`, where there are any. */
  readonly applyParams?: ParamsSchema;
  readonly summaryParams?: ParamsSchema;
  /**
   * 'numeric' unless said otherwise: rows without nulls, columns of numbers. 'none': all rows as they are (see
   * `NumericTable.levels`); what nulls mean is the template's business, and every row has an answer.
   */
  readonly prepare?: 'numeric' | 'none';
  /** Its kind was guessed from its source (a module in DSDL's convention): a target may be left out, or be of the other kind. */
  readonly guessed?: boolean;
  /** Asking costs more than a row: `apply` gets the rows of a chunk at once, not some thousand at a time. */
  readonly atOnce?: boolean;
  /**
   * Of a template in a process: the next of the rows that `apply` will be given, while others are still being read. `apply` may
   * be given others after all. @param features in memory that threads share, as it is until `apply`; null: what was told is not
   * what will come
   */
  ahead?(features: NumericTable | null): void;
  /** Of a template in a process: starts it. @param awaited stands still until it can be asked; throws why it cannot */
  start?(awaited: boolean): void;
  /** Checks what the schema cannot say and fills in defaults that depend on the data's shape. Throws KeplerError invalid_arguments. */
  init(params: Params, shape: { rows: number; features: number; classes?: number }): Params;
  fit(params: Params, input: FitInput, context: TemplateContext): S | Promise<S>;
  /** Goes on from a state; templates without it refuse `partial_fit=t`. */
  partialFit?(state: S, params: Params, input: FitInput, context: TemplateContext): S | Promise<S>;
  /** The plain form, one that can be read: kernels are checked against it. `names` of output columns are final, but for `as`. */
  apply(state: S, features: NumericTable, options: Params): OutputColumn[];
  summary(state: S, options: Params): SummaryTable;
  /** Where the data path's kernels can score: the plan, and what to make of the scores. `decode(scores)` equals `apply`. */
  plan?(state: S): ScorePlan;
  decode?(state: S, scores: readonly Float64Array[], rows: number, options: Params): OutputColumn[];
  /** How `as` renames: the one output, or as a prefix `X_…`; `either`: the one where there is one, else as a prefix. */
  readonly rename: 'output' | 'prefix' | 'either';
  toOnnx?(state: S, graph: OnnxGraph): void;
  /** Metrics of its own on the rows that a fit is measured on; kept with the version beside the usual ones. */
  evaluate?(state: S, input: FitInput, options: Params): Readonly<Record<string, number>>;
  /** Why each row was answered as it was: columns of the rows, such as a contribution a feature. */
  explain?(state: S, features: NumericTable, options: Params): OutputColumn[];
  /** For the pictures of a version; see `FeatureWeights`. */
  featureWeights?(state: S): FeatureWeights;
}

/** Columns as they come out of CSV, before preparation. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** NaN is null. */
  readonly values: Float64Array;
  /** How many values are null, where that is known. */
  readonly nulls?: number;
}

export interface TextColumn {
  readonly kind: 'text';
  readonly name: string;
  /** Index into levels; -1 is null. */
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

export type Column = NumberColumn | TextColumn;

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** All fields of the search, also those that are not kept as columns: for messages. Absent: the columns' names. */
  readonly fieldNames?: readonly string[];
}

/** How prepared columns come from fields; part of a model version. Columns are in the order of the template's features. */
export interface Preparation {
  readonly columns: readonly PreparedColumn[];
  /** The fields read, with their type at fit time; of text the levels that have a column. */
  readonly fields: readonly {
    readonly name: string;
    readonly kind: 'number' | 'text';
    readonly levels?: readonly string[];
    /** Read where the search has it, and not missed where it has not. */
    readonly optional?: boolean;
  }[];
  /** The template takes the fields as they are: there are no columns, texts have no levels here, and no row is left out for a null. */
  readonly raw?: boolean;
  /** What a level that the fit has not seen does at apply: all zeros (default), no output for its row, or an error. */
  readonly unseenValue?: 'default' | 'skip' | 'stop';
}

export type PreparedColumn =
  | { readonly name: string; readonly field: string; readonly kind: 'number' }
  /** One-hot: 1 where the field holds the level. `name` is `field=level`. */
  | { readonly name: string; readonly field: string; readonly kind: 'level'; readonly level: string };

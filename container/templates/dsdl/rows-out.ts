/** Rows and `meta` as the body of a call to a container: CSV inside JSON. */
import type { NumericTable } from '../../contract/template.ts';

const BLOCK_ROWS = 8192;

/** What is the same at fit and apply of a model. */
export interface ContainerModel {
  readonly algo: string;
  readonly modelName: string;
  /** As typed, but for `algo` and what is Kepler's own. */
  readonly options: Readonly<Record<string, string>>;
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** As the search wrote it: MLTKContainer or AITKContainer. */
  readonly algorithm: string;
}

/** `meta` as DSDL's side of the wire fills it in. */
function metaOf(model: ContainerModel, stage: boolean): object {
  const { algo, modelName, options, features, targets, algorithm } = model;
  return {
    options: {
      params: { algo, ...(stage && { mode: 'stage' }), ...options },
      args: [...targets, ...features],
      ...(targets.length > 0 && { target_variable: targets }),
      feature_variables: features,
      model_name: modelName,
      algo_name: algorithm,
      mlspl_limits: {},
      kfold_cv: null,
    },
    feature_variables: features,
    target_variables: targets,
  };
}

/** @param table Fields with their texts, without nulls that the container should not see. */
export function encodeCall(model: ContainerModel, table: NumericTable, stage = false): Uint8Array {
  const pieces = [Buffer.from('{"data":"')];
  const push = (csv: string) => pieces.push(Buffer.from(JSON.stringify(csv).slice(1, -1)));
  push(`${table.names.map(cell).join(',')}\n`);
  const texts = table.levels?.map((levels) => levels?.map(cell));
  for (let from = 0; from < table.rows; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, table.rows);
    let csv = '';
    for (let row = from; row < to; row++) {
      for (let c = 0; c < table.columns.length; c++) {
        if (c > 0) csv += ',';
        const value = table.columns[c][row];
        if (value === value) csv += texts?.[c]?.[value] ?? String(value);
        // pandas leaves out lines that hold nothing.
        else if (table.columns.length === 1) csv += '""';
      }
      csv += '\n';
    }
    push(csv);
  }
  pieces.push(Buffer.from(`","meta":${JSON.stringify(metaOf(model, stage))}}`));
  return Buffer.concat(pieces);
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import type { Preparation } from '../contract/table.ts';
import type { State, Target, Template } from '../contract/template.ts';
import { KEPLER_VERSION } from '../contract/version.ts';
import { GraphWriter, ROWS } from './graph.ts';

/**
 * A model version as ONNX, preparation included; null where the template has no ONNX form.
 *
 * Inputs: one a field, named as the field: `[rows, 1]` double where it was numeric at fit, `[rows, 1]` string where it was
 * text. An unseen text is all zeros, as in `apply`; rows with a null are the caller's to leave out.
 *
 * Outputs, by what is predicted:
 * - a number (regressor), the new columns (transformer): `variable`, double or float `[rows, columns]`;
 * - a class: `label`, string `[rows]`, and `probabilities`, double or float `[rows, classes]`, in the order of the
 *   metadata entry `classes` (a JSON array);
 * - a cluster: `label`, int64 `[rows]`, and `distances`, double `[rows]`, squared Euclidean.
 *
 * An output takes an underscore at its end where a field already has its name. Operator sets: ai.onnx 17, ai.onnx.ml 3.
 *
 * @param target What was predicted, for the metadata.
 */
export function writeModelOnnx<S extends State>(
  template: Template<S>,
  state: S,
  preparation: Preparation,
  target?: Pick<Target, 'name'> & { readonly classes?: readonly string[] },
): Uint8Array | null {
  if (!template.toOnnx) return null;
  const graph = new GraphWriter(
    preparation.columns.length,
    preparation.fields.map((field) => field.name),
  );
  graph.useAsMatrix(writePreparation(graph, preparation));
  template.toOnnx(state, graph);
  return graph.write({
    producer: 'Kepler',
    version: KEPLER_VERSION,
    name: template.name,
    description: template.description,
    metadata: {
      algorithm: template.name,
      features: JSON.stringify(preparation.columns.map((column) => column.name)),
      ...(target && { target: target.name }),
      ...(target?.classes && { classes: JSON.stringify(target.classes) }),
    },
  });
}

/** From fields to one double matrix [rows, features]: numbers as they are, levels as 0 and 1. Returns the matrix's name. */
function writePreparation(graph: GraphWriter, preparation: Preparation): string {
  const pieces: string[] = [];
  /** Where a prepared column lies in the concatenated pieces. */
  const places = new Map<string, number>();
  let width = 0;
  const key = (field: string, level?: string) =>
    JSON.stringify(level === undefined ? [field] : [field, level]);
  for (const field of preparation.fields) {
    graph.declareInput(field.name, field.kind === 'number' ? 'double' : 'string', [ROWS, 1]);
    if (field.kind === 'number') {
      pieces.push(field.name);
      places.set(key(field.name), width++);
      continue;
    }
    const levels = field.levels ?? [];
    if (levels.length === 0) continue;
    pieces.push(writeLevels(graph, field.name, levels));
    for (const level of levels) places.set(key(field.name, level), width++);
  }
  const order = preparation.columns.map((column) => {
    const place = places.get(column.kind === 'level' ? key(column.field, column.level) : key(column.field));
    if (place === undefined) {
      throw new RangeError(
        `Prepared column "${column.name}" comes from a field that the preparation does not list.`,
      );
    }
    return place;
  });
  const [matrix] = graph.node('Concat', pieces, 1, { axis: 1 });
  if (order.length === width && order.every((place, position) => place === position)) return matrix;
  const indices = graph.tensor(BigInt64Array.from(order, BigInt), [order.length]);
  return graph.node('Gather', [matrix, indices], 1, { axis: 1 })[0];
}

function writeLevels(graph: GraphWriter, field: string, levels: readonly string[]): string {
  const [cube] = graph.node(
    'OneHotEncoder',
    [field],
    1,
    { cats_strings: { strings: levels }, zeros: 1 },
    'ai.onnx.ml',
  );
  const shape = graph.tensor(BigInt64Array.of(-1n, BigInt(levels.length)), [2]);
  const [flat] = graph.node('Reshape', [cube, shape], 1);
  return graph.node('Cast', [flat], 1, { to: DOUBLE })[0];
}

/** TensorProto.DataType */
const DOUBLE = 11;

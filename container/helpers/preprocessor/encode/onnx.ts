import type { OnnxGraph } from '../../../contract/template.ts';
import { ONNX_INT64 } from '../onnx-columns.ts';
import type { OnnxColumns } from '../onnx-columns.ts';
import { categoryCount } from './categories.ts';
import type { Categories } from './categories.ts';

/** Takes a column, and gives the place of each row's category as int64 [rows]; what the fit has not met comes behind all. */
export function codesInOnnx(
  graph: OnnxGraph,
  columns: OnnxColumns,
  name: string,
  categories: Categories,
): string {
  const count = categoryCount(categories);
  const flat = graph.tensor(BigInt64Array.of(-1n), [1]);
  if (categories.kind === 'text') {
    const keys = [...categories.levels, ...(categories.hasNull ? [''] : [])];
    const text = columns.takeText(name);
    if (keys.length === 0) {
      const [same] = graph.node('Equal', [text, text], 1);
      const [ones] = graph.node('Cast', [same], 1, { to: ONNX_INT64 });
      const zeros = graph.node('Sub', [ones, ones], 1)[0];
      return graph.node('Reshape', [zeros, flat], 1)[0];
    }
    const [codes] = graph.node(
      'LabelEncoder',
      [text],
      1,
      {
        keys_strings: { strings: keys },
        values_int64s: { ints: keys.map((_, code) => code) },
        default_int64: { int: count },
      },
      'ai.onnx.ml',
    );
    return graph.node('Reshape', [codes, flat], 1)[0];
  }
  const x = columns.take([name]);
  const number = (value: bigint) => graph.tensor(BigInt64Array.of(value), [1, 1]);
  const place = (code: number) => number(BigInt(code));
  let codes = writeNumberCodes(graph, x, categories.numbers, count);
  const [isNull] = graph.node('IsNaN', [x], 1);
  const nullCode = categories.hasNull ? count - 1 : count;
  codes = graph.node('Where', [isNull, place(nullCode), codes], 1)[0];
  return graph.node('Reshape', [codes, flat], 1)[0];
}

/** 1 + place in the one column that is equal, summed; 0 where there is none. */
function writeNumberCodes(graph: OnnxGraph, x: string, numbers: Float64Array, unknown: number): string {
  const none = graph.tensor(BigInt64Array.of(BigInt(unknown)), [1, 1]);
  if (numbers.length === 0) {
    const [same] = graph.node('Equal', [x, x], 1);
    return graph.node('Where', [same, none, none], 1)[0];
  }
  const [equal] = graph.node('Equal', [x, graph.tensor(numbers, [1, numbers.length])], 1);
  const places = graph.tensor(
    BigInt64Array.from(numbers, (_, i) => BigInt(i + 1)),
    [1, numbers.length],
  );
  const zero = graph.tensor(BigInt64Array.of(0n), [1, 1]);
  const [marked] = graph.node('Where', [equal, places, zero], 1);
  const axis = graph.tensor(BigInt64Array.of(1n), [1]);
  const [found] = graph.node('ReduceSum', [marked, axis], 1, { keepdims: 1 });
  const [missing] = graph.node('Equal', [found, zero], 1);
  const one = graph.tensor(BigInt64Array.of(1n), [1, 1]);
  return graph.node('Where', [missing, none, graph.node('Sub', [found, one], 1)[0]], 1)[0];
}

/** Rows of a table by code: double [rows, width]. */
export function lookUpInOnnx(graph: OnnxGraph, codes: string, table: Float64Array, width: number): string {
  const tensor = graph.tensor(table, [table.length / width, width]);
  return graph.node('Gather', [tensor, codes], 1, { axis: 0 })[0];
}

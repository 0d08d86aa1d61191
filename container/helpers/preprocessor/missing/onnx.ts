import type { OnnxGraph } from '../../../contract/template.ts';
import { ONNX_DOUBLE } from '../onnx-columns.ts';
import type { OnnxColumns } from '../onnx-columns.ts';

/** NaN in numbers and '' in text are replaced; a column whose value is null goes. */
export function fillInOnnx(
  graph: OnnxGraph,
  columns: OnnxColumns,
  names: readonly string[],
  values: readonly (number | string | null)[],
  flagged: readonly string[],
  flagName: (name: string) => string,
): void {
  const flags = flagged.map((name) => {
    if (columns.isText(name)) {
      const value = columns.takeText(name);
      columns.add([name], value, 'text');
      const [isNull] = graph.node('Equal', [value, graph.tensor([''], [1, 1])], 1);
      return { name: flagName(name), value: graph.node('Cast', [isNull], 1, { to: ONNX_DOUBLE })[0] };
    }
    const [isNull] = graph.node('IsNaN', [columns.matrix([name])], 1);
    return { name: flagName(name), value: graph.node('Cast', [isNull], 1, { to: ONNX_DOUBLE })[0] };
  });
  names.forEach((name, i) => {
    if (!columns.isText(name)) return;
    const text = columns.takeText(name);
    const value = values[i];
    if (value === null) return;
    const [isNull] = graph.node('Equal', [text, graph.tensor([''], [1, 1])], 1);
    const filler = graph.tensor([String(value)], [1, 1]);
    columns.add([name], graph.node('Where', [isNull, filler, text], 1)[0], 'text');
  });
  const numbers = names.filter((_, i) => typeof values[i] === 'number');
  const gone = names.filter((name, i) => values[i] === null && columns.hasNumber(name));
  if (gone.length > 0) columns.take(gone);
  if (numbers.length > 0) {
    const matrix = columns.take(numbers);
    const fillers = Float64Array.from(numbers, (name) => values[names.indexOf(name)] as number);
    const [isNull] = graph.node('IsNaN', [matrix], 1);
    const [filled] = graph.node('Where', [isNull, graph.tensor(fillers, [1, numbers.length]), matrix], 1);
    columns.add(numbers, filled);
  }
  for (const { name, value } of flags) columns.add([name], value);
}

import type { NumericTable, OnnxGraph, OutputColumn } from '../contract/template.ts';

/** (x - shift) / scale, a shift and a scale a feature. */
export interface Scaling {
  readonly shift: Float64Array;
  readonly scale: Float64Array;
}

/** Columns named as MLTK names those of scalers: `SS_<field>`. */
export function scaledColumns(
  { shift, scale }: Scaling,
  prefix: string,
  names: readonly string[],
  features: NumericTable,
): OutputColumn[] {
  return features.columns.map((column, f) => ({
    name: `${prefix}_${names[f]}`,
    kind: 'number',
    values: column.map((x) => (x - shift[f]) / scale[f]),
  }));
}

export function writeScaling({ shift, scale }: Scaling, graph: OnnxGraph): void {
  const [centred] = graph.node('Sub', [graph.input, graph.tensor(shift, [1, shift.length])], 1);
  const [scaled] = graph.node('Div', [centred, graph.tensor(scale, [1, scale.length])], 1);
  graph.output('variable', scaled, 'double', scale.length);
}

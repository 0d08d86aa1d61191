import type { OnnxAttribute, OnnxGraph } from '../contract/template.ts';
import { nodeMessage, tensorMessage, valueMessage } from './messages.ts';
import type { Dimension, ElementType, TensorValues } from './messages.ts';
import { ProtobufWriter } from './protobuf.ts';

/** What a model is written in: any runtime of these or later sets can read it. */
export const OPSET = 17;
export const ML_OPSET = 3;
const IR_VERSION = 8;

/** Name of the dimension that all inputs and outputs share. */
export const ROWS = 'rows';

type Write = (to: ProtobufWriter) => void;

/** Collects nodes, tensors, inputs and outputs, each under a name of its own, and writes the model. */
export class GraphWriter implements OnnxGraph {
  readonly features: number;
  readonly #nodes: Write[] = [];
  readonly #tensors: Write[] = [];
  readonly #inputs: Write[] = [];
  readonly #outputs: Write[] = [];
  readonly #names: Set<string>;
  #matrix = '';
  #counter = 0;

  /** @param inputNames Names that inputs will have; no other value takes one of them. */
  constructor(features: number, inputNames: readonly string[]) {
    this.features = features;
    this.#names = new Set(inputNames);
  }

  get input(): string {
    return this.#matrix;
  }

  /** Says which value is the matrix of prepared features, before the body is written. */
  useAsMatrix(value: string): void {
    this.#matrix = value;
  }

  declareInput(name: string, type: ElementType, dims: readonly Dimension[]): void {
    this.#inputs.push(valueMessage(name, type, dims));
  }

  node(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain?: 'ai.onnx.ml',
  ): string[] {
    const name = this.#fresh(op);
    const results = Array.from({ length: outputs }, () => this.#fresh(`${op}_out`));
    this.#nodes.push(nodeMessage(name, op, inputs, results, attributes, domain ?? ''));
    return results;
  }

  tensor(values: TensorValues, dims: readonly number[]): string {
    const name = this.#fresh('tensor');
    this.#tensors.push(tensorMessage(values, dims, name));
    return name;
  }

  output(name: string, value: string, type: ElementType, columns: number | null): void {
    let free = name;
    while (this.#names.has(free)) free += '_';
    this.#names.add(free);
    this.#nodes.push(nodeMessage(this.#fresh('Identity'), 'Identity', [value], [free], {}, ''));
    this.#outputs.push(valueMessage(free, type, columns === null ? [ROWS] : [ROWS, columns]));
  }

  /** The whole model file. */
  write(about: {
    readonly producer: string;
    readonly version: string;
    readonly name: string;
    readonly description: string;
    readonly metadata: Readonly<Record<string, string>>;
  }): Uint8Array {
    const model = new ProtobufWriter();
    model.int(1, IR_VERSION).string(2, about.producer).string(3, about.version).string(6, about.description);
    model.message(7, (graph) => {
      for (const write of this.#nodes) graph.message(1, write);
      graph.string(2, about.name);
      for (const write of this.#tensors) graph.message(5, write);
      for (const write of this.#inputs) graph.message(11, write);
      for (const write of this.#outputs) graph.message(12, write);
    });
    model.message(8, (set) => set.string(1, '').int(2, OPSET));
    model.message(8, (set) => set.string(1, 'ai.onnx.ml').int(2, ML_OPSET));
    for (const [key, value] of Object.entries(about.metadata)) {
      model.message(14, (entry) => entry.string(1, key).string(2, value));
    }
    return model.finish();
  }

  #fresh(stem: string): string {
    let name: string;
    do name = `${stem}_${this.#counter++}`;
    while (this.#names.has(name));
    this.#names.add(name);
    return name;
  }
}

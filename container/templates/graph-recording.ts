/**
 * A template's `toOnnx` runs in its own process, the graph is written in the runtime: what it calls is written down there, and
 * called again here. Values go by names that only the recording knows.
 */
import { KeplerError } from '../contract/errors.ts';
import type { OnnxAttribute, OnnxGraph, State } from '../contract/template.ts';

type Tensor = Parameters<OnnxGraph['tensor']>[0];
type OutputType = Parameters<OnnxGraph['output']>[2];

/** One call of the graph's functions. */
type Call =
  | {
      readonly call: 'node';
      readonly op: string;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly attributes: Readonly<Record<string, OnnxAttribute>>;
      readonly domain?: 'ai.onnx.ml';
    }
  | {
      readonly call: 'tensor';
      readonly name: string;
      readonly values: Tensor;
      readonly dims: readonly number[];
    }
  | {
      readonly call: 'output';
      readonly name: string;
      readonly value: string;
      readonly type: OutputType;
      readonly columns: number | null;
    };

const INPUT = 'input';
const TYPES: readonly OutputType[] = ['double', 'float', 'int64', 'string'];
/** Larger graphs are a mistake. */
const MOST_CALLS = 100_000;

/** In the template's process. */
export class GraphRecording implements OnnxGraph {
  readonly input = INPUT;
  readonly features: number;
  readonly #calls: Call[] = [];
  #values = 0;

  constructor(features: number) {
    this.features = features;
  }

  node(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain?: 'ai.onnx.ml',
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#fresh());
    this.#add({ call: 'node', op, inputs: [...inputs], outputs: names, attributes, domain });
    return names;
  }

  tensor(values: Tensor, dims: readonly number[]): string {
    const name = this.#fresh();
    this.#add({ call: 'tensor', name, values, dims: [...dims] });
    return name;
  }

  output(name: string, value: string, type: OutputType, columns: number | null): void {
    this.#add({ call: 'output', name, value, type, columns });
  }

  /** For `encodeState`, which keeps typed arrays. */
  state(): State {
    return { calls: this.#calls };
  }

  #fresh(): string {
    return `value_${this.#values++}`;
  }

  #add(call: Call): void {
    if (this.#calls.length === MOST_CALLS)
      throw new Error(`toOnnx makes more than ${MOST_CALLS} nodes, tensors and outputs.`);
    this.#calls.push(call);
  }
}

/**
 * In the runtime: calls again what was recorded.
 * @param template for messages
 * @throws KeplerError template_failed where a value is used that was never made, or no output is named
 */
export function replayGraph(template: string, { calls }: State, graph: OnnxGraph): void {
  const names = new Map([[INPUT, graph.input]]);
  const valueOf = (name: string): string => {
    // An input that is left out.
    if (name === '') return name;
    const value = names.get(name);
    if (value === undefined)
      throw failed(template, `it uses the value "${String(name)}", which it has not made`);
    return value;
  };
  let outputs = 0;
  for (const call of calls as readonly Call[]) {
    if (call.call === 'tensor') names.set(call.name, graph.tensor(call.values, call.dims));
    else if (call.call === 'node') {
      const made = graph.node(
        call.op,
        call.inputs.map(valueOf),
        call.outputs.length,
        call.attributes,
        call.domain,
      );
      call.outputs.forEach((name, i) => names.set(name, made[i]));
    } else {
      if (!TYPES.includes(call.type))
        throw failed(
          template,
          `an output is of type "${String(call.type)}"; allowed are ${TYPES.join(', ')}`,
        );
      graph.output(call.name, valueOf(call.value), call.type, call.columns);
      outputs++;
    }
  }
  if (outputs === 0) throw failed(template, 'it names no output: call graph.output');
}

function failed(template: string, why: string): KeplerError {
  return new KeplerError('template_failed', `The template ${template} failed in toOnnx: ${why}.`);
}

import type { OnnxGraph } from '../../contract/template.ts';
import { KeplerError } from '../../contract/errors.ts';

interface Piece {
  readonly names: readonly string[];
  readonly kind: 'number' | 'text';
  /** A value [rows, names.length]. */
  readonly value: string;
}

/** TensorProto.DataType */
export const ONNX_INT64 = 7;
export const ONNX_DOUBLE = 11;

/** The columns of the table on its way through an ONNX graph: blocks of them under one value each. Null is NaN, and '' in text. */
export class OnnxColumns {
  readonly #graph: OnnxGraph;
  #pieces: Piece[] = [];

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
  }

  /** @param value of [rows, names.length] */
  add(names: readonly string[], value: string, kind: 'number' | 'text' = 'number'): void {
    this.#pieces.push({ names, kind, value });
  }

  /** A text column [rows, 1], which is then no longer among the columns. */
  takeText(name: string): string {
    const piece = this.#pieces.find((one) => one.kind === 'text' && one.names[0] === name);
    if (!piece) throw new KeplerError('internal', `The graph has no text column "${name}".`);
    this.#pieces = this.#pieces.filter((one) => one !== piece);
    return piece.value;
  }

  isText(name: string): boolean {
    return this.#pieces.some((one) => one.kind === 'text' && one.names[0] === name);
  }

  hasNumber(name: string): boolean {
    return this.#pieces.some((one) => one.kind === 'number' && one.names.includes(name));
  }

  /** Numeric columns as one matrix [rows, names.length], in this order. */
  matrix(names: readonly string[]): string {
    const used = this.#pieces.filter((one) => one.names.some((name) => names.includes(name)));
    const all = used.flatMap((one) => one.names);
    const value =
      used.length === 1
        ? used[0].value
        : this.#graph.node(
            'Concat',
            used.map((one) => one.value),
            1,
            { axis: 1 },
          )[0];
    const order = names.map((name) => all.indexOf(name));
    if (order.includes(-1)) {
      throw new KeplerError('internal', `The graph has no column "${names[order.indexOf(-1)]}".`);
    }
    if (order.length === all.length && order.every((place, i) => place === i)) return value;
    const places = this.#graph.tensor(BigInt64Array.from(order, BigInt), [order.length]);
    return this.#graph.node('Gather', [value, places], 1, { axis: 1 })[0];
  }

  /** The same, and they are then no longer among the columns. */
  take(names: readonly string[]): string {
    const value = this.matrix(names);
    const rest = this.#pieces.filter((one) => one.names.some((name) => names.includes(name)));
    this.#pieces = this.#pieces.filter((one) => !rest.includes(one));
    const kept = rest.flatMap((one) => one.names.filter((name) => !names.includes(name)));
    // What stood in a block with them goes on as a block of its own.
    for (const piece of rest) {
      const left = piece.names.filter((name) => kept.includes(name));
      if (left.length === 0) continue;
      const places = left.map((name) => piece.names.indexOf(name));
      const tensor = this.#graph.tensor(BigInt64Array.from(places, BigInt), [places.length]);
      this.add(left, this.#graph.node('Gather', [piece.value, tensor], 1, { axis: 1 })[0]);
    }
    return value;
  }
}

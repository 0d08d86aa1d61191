/** ONNX's messages, field numbers as in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
import type { OnnxAttribute } from '../contract/template.ts';
import type { ProtobufWriter } from './protobuf.ts';

export type TensorValues = Float64Array | Float32Array | BigInt64Array | readonly string[];

const ELEMENT = { float: 1, int64: 7, string: 8, double: 11 } as const;
export type ElementType = keyof typeof ELEMENT;

/** A dimension: a number, or a name where it differs from run to run. */
export type Dimension = number | string;

function rawBytes(values: Float64Array | Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** TensorProto. Numbers go as raw little-endian bytes, which is what typed arrays hold on every platform Node runs on. */
export function tensorMessage(values: TensorValues, dims: readonly number[], name = '') {
  return (to: ProtobufWriter): void => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (size !== values.length) {
      throw new RangeError(
        `ONNX tensor "${name}": ${values.length} values do not fill dimensions [${dims.join(', ')}].`,
      );
    }
    to.packedInts(1, dims);
    if (values instanceof Float64Array) to.int(2, ELEMENT.double).bytes(9, rawBytes(values));
    else if (values instanceof Float32Array) to.int(2, ELEMENT.float).bytes(9, rawBytes(values));
    else if (values instanceof BigInt64Array) to.int(2, ELEMENT.int64).bytes(9, rawBytes(values));
    else {
      to.int(2, ELEMENT.string);
      for (const value of values) to.string(6, value);
    }
    if (name) to.string(8, name);
  };
}

/** AttributeProto. A plain number counts as an int where it is whole, else as a float: write `{ float: 1 }` to be exact. */
export function attributeMessage(name: string, value: OnnxAttribute) {
  return (to: ProtobufWriter): void => {
    to.string(1, name);
    if (typeof value === 'string') to.string(4, value).int(20, 3);
    else if (typeof value === 'number') {
      if (Number.isInteger(value)) to.int(3, value).int(20, 2);
      else to.float(2, value).int(20, 1);
    } else if ('int' in value) to.int(3, value.int).int(20, 2);
    else if ('float' in value) to.float(2, value.float).int(20, 1);
    else if ('ints' in value) to.packedInts(8, value.ints).int(20, 7);
    else if ('floats' in value) to.bytes(7, rawBytes(Float32Array.from(value.floats))).int(20, 6);
    else if ('strings' in value) {
      for (const text of value.strings) to.string(9, text);
      to.int(20, 8);
    } else to.message(5, tensorMessage(value.doubles, value.dims)).int(20, 4);
  };
}

/** ValueInfoProto of a tensor. */
export function valueMessage(name: string, type: ElementType, dims: readonly Dimension[]) {
  return (to: ProtobufWriter): void => {
    to.string(1, name).message(2, (proto) =>
      proto.message(1, (tensor) =>
        tensor.int(1, ELEMENT[type]).message(2, (shape) => {
          for (const dim of dims) {
            shape.message(1, (one) => (typeof dim === 'number' ? one.int(1, dim) : one.string(2, dim)));
          }
        }),
      ),
    );
  };
}

/** NodeProto. */
export function nodeMessage(
  name: string,
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>>,
  domain: string,
) {
  return (to: ProtobufWriter): void => {
    for (const input of inputs) to.string(1, input);
    for (const output of outputs) to.string(2, output);
    to.string(3, name).string(4, op);
    for (const [key, value] of Object.entries(attributes)) to.message(5, attributeMessage(key, value));
    if (domain) to.string(7, domain);
  };
}

import type { OnnxModel } from './model-reader.js';
import { ProtobufMessage } from './protobuf-message.js';

/** TensorProto.DataType of onnx.proto. */
export const DataType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

/** The name of a value in the graph: an input, an initializer or the output of a node. '' leaves an optional input out. */
export type Value = string;

/** An attribute: a whole number, a list of them, or a float as `{ float }`. */
type Attribute = number | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

/** A length, or the name of one that varies. */
export type Dimension = number | string;

/** The pieces of an ONNX file, to be written one after the other. */
export type GraphPieces = readonly Uint8Array[];

/** AttributeProto.AttributeType. */
const AttributeType = { float: 1, int: 2, ints: 7 } as const;

const IR_VERSION = 9;
/** 17 has LayerNormalization; its ReduceMax still takes the axes as an attribute. */
const OPSET = 17;
const MICROSOFT = 'com.microsoft';

/** From here on ReduceMax takes its axes as an input. */
const AXES_AS_INPUT = 18;

/** Builds an ONNX graph node by node, from nothing or on top of a model, and writes it as a ModelProto. */
export class GraphBuilder {
  readonly #base: Pick<OnnxModel, 'irVersion' | 'opsets'>;
  readonly #graph = new ProtobufMessage();
  readonly #initializers = new ProtobufMessage();
  readonly #interface = new ProtobufMessage();
  #nodes = 0;

  /** @param base what to build on; its nodes come with {@link adopt}. */
  constructor(
    base: Pick<OnnxModel, 'irVersion' | 'opsets'> = { irVersion: IR_VERSION, opsets: new Map([['', OPSET]]) },
  ) {
    this.#base = base;
  }

  /** Nodes and constants of a model as they stand. What they take as inputs has to be defined before. */
  adopt({ nodes, initializers }: OnnxModel): void {
    for (const node of nodes) this.#graph.bytes(1, node);
    for (const initializer of initializers) this.#initializers.bytes(5, initializer);
  }

  /** Defines `name` as what `value` is. */
  define(name: Value, value: Value): void {
    this.#node('Identity', [value], [name], {}, '');
  }

  /** The maximum over one axis, which goes. */
  maximum(input: Value, axis: number): Value {
    if (this.#base.opsets.get('')! < AXES_AS_INPUT)
      return this.node('ReduceMax', [input], { axes: [axis], keepdims: 0 });
    return this.node('ReduceMax', [input, this.integers(axis)], { keepdims: 0 });
  }

  input(name: string, type: DataType, shape: readonly Dimension[]): Value {
    this.#interface.message(11, valueInfo(name, type, shape));
    return name;
  }

  /** Declares `value` an output of the graph under `name`. */
  output(name: string, value: Value, type: DataType, shape: readonly Dimension[]): void {
    this.define(name, value);
    this.#interface.message(12, valueInfo(name, type, shape));
  }

  /** A constant of any element type. */
  constant(name: string, type: DataType, shape: readonly number[], data: ArrayBufferView): Value {
    const tensor = new ProtobufMessage();
    for (const length of shape) tensor.integer(1, length);
    this.#initializers.message(5, tensor.integer(2, type).text(8, name).bytes(9, data));
    return name;
  }

  floats(name: string, shape: readonly number[], data: Float32Array): Value {
    return this.constant(name, DataType.float32, shape, data);
  }

  /** A one-dimensional constant of 64-bit integers: axes, bounds. */
  integers(...values: number[]): Value {
    return this.constant(
      `termweave_integers_${this.#nodes++}`,
      DataType.int64,
      [values.length],
      BigInt64Array.from(values, BigInt),
    );
  }

  scalar(value: number): Value {
    return this.floats(`termweave_scalar_${this.#nodes++}`, [], Float32Array.of(value));
  }

  /** A node of the ONNX standard with one output. */
  node(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.nodes(operator, inputs, 1, attributes)[0]!;
  }

  /** A node of the ONNX standard with several outputs. */
  nodes(operator: string, inputs: readonly Value[], outputs: number, attributes: Attributes = {}): Value[] {
    return this.#named(operator, inputs, outputs, attributes, '');
  }

  /** A node of onnxruntime's own operators (docs/ContribOperators.md of onnxruntime) with one output. */
  fused(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.fusedNodes(operator, inputs, 1, attributes)[0]!;
  }

  /** A node of onnxruntime's own operators with several outputs. */
  fusedNodes(operator: string, inputs: readonly Value[], outputs: number, attributes: Attributes = {}): Value[] {
    return this.#named(operator, inputs, outputs, attributes, MICROSOFT);
  }

  /** The whole. `metadata` becomes the model's properties. */
  model(metadata: Readonly<Record<string, string>>): GraphPieces {
    const model = new ProtobufMessage().integer(1, this.#base.irVersion).text(2, 'termweave');
    for (const [domain, version] of new Map([...this.#base.opsets, [MICROSOFT, 1]])) {
      model.message(8, new ProtobufMessage().text(1, domain).integer(2, version));
    }
    for (const [key, value] of Object.entries(metadata)) {
      model.message(14, new ProtobufMessage().text(1, key).text(2, value));
    }
    const graph = new ProtobufMessage();
    for (const part of [this.#graph.text(2, 'termweave'), this.#interface, this.#initializers]) {
      for (const piece of part.pieces) graph.pieces.push(piece);
      graph.length += part.length;
    }
    return model.message(7, graph).pieces;
  }

  #named(operator: string, inputs: readonly Value[], outputs: number, attributes: Attributes, domain: string): Value[] {
    const stem = `termweave_${operator}_${this.#nodes++}`;
    const names = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? stem : `${stem}_${i}`));
    this.#node(operator, inputs, names, attributes, domain);
    return names;
  }

  #node(operator: string, inputs: readonly Value[], outputs: readonly Value[], attributes: Attributes, domain: string) {
    const node = new ProtobufMessage();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, outputs[0]!).text(4, operator);
    for (const [name, attribute] of Object.entries(attributes)) node.message(5, attributeProto(name, attribute));
    this.#graph.message(1, node.text(7, domain));
  }
}

function attributeProto(name: string, attribute: Attribute): ProtobufMessage {
  const proto = new ProtobufMessage().text(1, name);
  if (typeof attribute === 'number') return proto.integer(3, attribute).integer(20, AttributeType.int);
  if ('float' in attribute) return proto.float(2, attribute.float).integer(20, AttributeType.float);
  for (const value of attribute) proto.integer(8, value);
  return proto.integer(20, AttributeType.ints);
}

function valueInfo(name: string, type: DataType, shape: readonly Dimension[]): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const dimension of shape) {
    const proto = new ProtobufMessage();
    dimensions.message(1, typeof dimension === 'number' ? proto.integer(1, dimension) : proto.text(2, dimension));
  }
  const tensorType = new ProtobufMessage().integer(1, type).message(2, dimensions);
  return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensorType));
}

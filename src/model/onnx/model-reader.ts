import protobuf from 'protobufjs/minimal.js';

/** A field of a protobuf message as it stands: its number and its value. */
interface Field {
  readonly number: number;
  /** A number for varints, bytes for what has a length. */
  readonly value: number | Uint8Array;
}

/** The shape of an output: whole numbers, names, or '?' for what is not said. */
export interface OnnxOutput {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** An ONNX model as far as a pooling has to know it. Field numbers: onnx.proto. */
export interface OnnxModel {
  readonly irVersion: number;
  /** Version by domain; the standard's domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly inputs: readonly string[];
  readonly outputs: readonly OnnxOutput[];
  /** Encoded NodeProtos and TensorProtos, to be passed on as they are. */
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  /** Whether weights lie in other files beside the model's. */
  readonly hasExternalData: boolean;
}

const EXTERNAL = 1;

/** Reads a ModelProto. Weights are not copied. @throws when the bytes are no protobuf message. */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const model = [...fieldsOf(bytes)];
  const graph = [...fieldsOf(bytesOf(model, 7)[0] ?? new Uint8Array())];
  const inits = bytesOf(graph, 5);
  const initialized = new Set(inits.map((tensor) => textOf(bytesOf([...fieldsOf(tensor)], 8)[0])));
  return {
    irVersion: numberOf(model, 1),
    opsets: new Map(bytesOf(model, 8).map((opset) => opsetOf([...fieldsOf(opset)]))),
    inputs: bytesOf(graph, 11)
      .map(nameOf)
      .filter((name) => !initialized.has(name)),
    outputs: bytesOf(graph, 12).map((output) => ({ name: nameOf(output), shape: shapeOf(output) })),
    nodes: bytesOf(graph, 1),
    initializers: inits,
    hasExternalData: inits.some((tensor) => numberOf([...fieldsOf(tensor)], 14) === EXTERNAL),
  };
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const isVarint = (tag & 7) === 0;
    const value = isVarint ? Number(reader.int64()) : (tag & 7) === 2 ? reader.bytes() : 0;
    if (value === 0 && !isVarint) reader.skipType(tag & 7);
    yield { number: tag >>> 3, value };
  }
}

function bytesOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ value }) => value as Uint8Array);
}

function numberOf(fields: readonly Field[], number: number): number {
  return Number(fields.find((field) => field.number === number)?.value ?? 0);
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

function opsetOf(opset: readonly Field[]): [string, number] {
  return [textOf(bytesOf(opset, 1)[0]), numberOf(opset, 2)];
}

function nameOf(valueInfo: Uint8Array): string {
  return textOf(bytesOf([...fieldsOf(valueInfo)], 1)[0]);
}

/** ValueInfoProto.type.tensor_type.shape.dim */
function shapeOf(valueInfo: Uint8Array): (number | string)[] {
  const inside = (bytes: Uint8Array | undefined, number: number) => bytes && bytesOf([...fieldsOf(bytes)], number)[0];
  const shape = inside(inside(inside(valueInfo, 2), 1), 2);
  if (!shape) return [];
  return bytesOf([...fieldsOf(shape)], 1).map((dimension) => {
    const fields = [...fieldsOf(dimension)];
    return numberOf(fields, 1) || textOf(bytesOf(fields, 2)[0]) || '?';
  });
}

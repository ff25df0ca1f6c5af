import protobuf from 'protobufjs/minimal.js';

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/**
 * A protobuf message as it is built: a list of pieces, so that weights go from their typed array to the file without a copy.
 * Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
export class ProtobufMessage {
  readonly pieces: Uint8Array[] = [];
  length = 0;

  integer(field: number, value: number): this {
    return this.#add(header(field, VARINT).int64(value).finish());
  }

  float(field: number, value: number): this {
    return this.#add(header(field, FIXED_32).float(value).finish());
  }

  text(field: number, value: string): this {
    return this.#add(header(field, LENGTH_DELIMITED).string(value).finish());
  }

  /** The bytes of a typed array; shared, not copied. */
  bytes(field: number, value: ArrayBufferView): this {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return this.#add(header(field, LENGTH_DELIMITED).uint32(bytes.length).finish()).#add(bytes);
  }

  message(field: number, value: ProtobufMessage): this {
    this.#add(header(field, LENGTH_DELIMITED).uint32(value.length).finish());
    for (const piece of value.pieces) this.#add(piece);
    return this;
  }

  #add(piece: Uint8Array): this {
    this.pieces.push(piece);
    this.length += piece.length;
    return this;
  }
}

function header(field: number, wireType: number): protobuf.Writer {
  return protobuf.Writer.create().uint32(((field << 3) | wireType) >>> 0);
}

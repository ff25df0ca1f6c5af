/** Writes float32 tensors as a safetensors file's bytes. */
export function safetensorsBytes(tensors: Readonly<Record<string, { shape: number[]; data: Float32Array }>>): Buffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  return withHeader(
    header,
    Object.values(tensors).map(({ data }) => Buffer.from(data.buffer)),
  );
}

/** A safetensors file of any header and contents, also such as cannot be. */
export function withHeader(header: object, contents: readonly Buffer[]): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...contents]);
}

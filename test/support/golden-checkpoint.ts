import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withHeader } from './safetensors.js';
import { seededWeights } from './seeded-weights.js';

/** A golden of test/golden/generators/small_checkpoints.py. */
export interface SmallGolden {
  /** JSON files by path. */
  readonly files: Readonly<Record<string, object>>;
  readonly tensors: {
    readonly dtype: keyof typeof STORED;
    /** Shapes by tensor by file. */
    readonly files: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  };
  readonly vectors: readonly {
    readonly name: string;
    readonly as: 'query' | 'document';
    readonly ids: readonly number[];
    readonly weights: readonly number[];
  }[];
}

/** Writes the golden's model as a folder, its weights made anew. */
export async function goldenCheckpoint({ files, tensors }: SmallGolden, { shards = 1 } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'termweave-small-'));
  const write = async (path: string, contents: string | Buffer) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contents);
  };
  for (const [path, json] of Object.entries(files)) await write(path, JSON.stringify(json));
  for (const [path, shapes] of Object.entries(tensors.files)) {
    if (shards === 1) await write(path, weightsFile(shapes, tensors.dtype));
    else for (const [shard, contents] of inShards(shapes, tensors.dtype, shards)) await write(shard, contents);
  }
  return folder;
}

/** The files of a model saved in shards (`model.safetensors.index.json`). */
function inShards(
  shapes: Readonly<Record<string, readonly number[]>>,
  dtype: keyof typeof STORED,
  shards: number,
): [string, string | Buffer][] {
  const nameOf = (i: number) => `model-0000${(i % shards) + 1}-of-0000${shards}.safetensors`;
  const entries = Object.entries(shapes);
  const map = Object.fromEntries(entries.map(([tensor], i) => [tensor, nameOf(i)]));
  const files = Array.from({ length: shards }, (_, shard): [string, Buffer] => [
    nameOf(shard),
    weightsFile(Object.fromEntries(entries.filter((_, i) => i % shards === shard)), dtype),
  ]);
  return [['model.safetensors.index.json', JSON.stringify({ weight_map: map })], ...files];
}

function weightsFile(shapes: Readonly<Record<string, readonly number[]>>, dtype: keyof typeof STORED): Buffer {
  const header: Record<string, object> = {};
  const contents: Buffer[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const isTable = name === 'weight';
    const weights = seededWeights(
      isTable ? 'table' : name,
      shape.reduce((product, length) => product * length, 1),
    );
    const values = isTable ? weights.map(Math.abs) : weights;
    const bytes = STORED[dtype](values);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    contents.push(bytes);
    offset += bytes.length;
  }
  return withHeader(header, contents);
}

/** How the weights of a file are stored. */
const STORED = {
  F32: (values: Float32Array) => Buffer.from(values.buffer),
  F16: (values: Float32Array) => Buffer.from(Uint16Array.from(values, half).buffer),
  BF16: (values: Float32Array) => Buffer.from(Uint16Array.from(values, brainHalf).buffer),
};

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** To IEEE 754 binary16, to the nearest, ties to even; for numbers below 2. */
function half(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | (((exponent + 15) << 10) + roundToEven((magnitude / 2 ** exponent - 1) * 1024));
}

/** To bfloat16, the upper half of a float32, to the nearest, ties to even. */
function brainHalf(value: number): number {
  float[0] = value;
  return (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) >>> 16;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

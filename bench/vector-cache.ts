/** Vectors of whole files of texts for benchmarks, encoded once by splade-tiny (texts cut at 256 tokens) and kept outside the repository. */
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import type { Role } from '../src/encoder/role.js';

/** Where vectors are kept unless told otherwise. */
export const CACHE = join(homedir(), '.cache/termweave/bench');

/** Ids and weights of some texts, one text after the other. */
export interface Vectors {
  readonly sizes: Uint32Array;
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

/** Where each text's entries begin; one more than there are texts. */
export function startsOf({ sizes }: Vectors): Uint32Array {
  const found = new Uint32Array(sizes.length + 1);
  sizes.forEach((size, i) => {
    found[i + 1] = found[i]! + size;
  });
  return found;
}

/** The vectors of the first texts. */
export function firstVectors({ sizes, ids, weights }: Vectors, most: number): Vectors {
  const kept = sizes.slice(0, most);
  const total = kept.reduce((sum, size) => sum + size, 0);
  return { sizes: kept, ids: ids.slice(0, total), weights: weights.slice(0, total) };
}

/** The vectors of a file's texts, and where each begins. */
export async function vectorsByText(file: string, as: Role, cache: string) {
  const vectors = await vectorsOf([file], as, cache);
  return { ...vectors, starts: startsOf(vectors) };
}

/** The vectors of all texts of some files, from the cache where they have been encoded before. */
export async function vectorsOf(files: readonly string[], as: Role, cache: string): Promise<Vectors> {
  const parts: Vectors[] = [];
  for (const file of files) parts.push(await vectorsOfFile(file, as, cache));
  const joined = <A extends Uint32Array | Float32Array>(of: (part: Vectors) => A, make: (length: number) => A) => {
    const all = make(parts.reduce((sum, part) => sum + of(part).length, 0));
    let offset = 0;
    for (const part of parts) {
      all.set(of(part), offset);
      offset += of(part).length;
    }
    return all;
  };
  return {
    sizes: joined(
      (part) => part.sizes,
      (length) => new Uint32Array(length),
    ),
    ids: joined(
      (part) => part.ids,
      (length) => new Uint32Array(length),
    ),
    weights: joined(
      (part) => part.weights,
      (length) => new Float32Array(length),
    ),
  };
}

async function vectorsOfFile(file: string, as: Role, cache: string): Promise<Vectors> {
  const place = join(cache, `${file.replace(/[^\w]+/g, '-')}.${as}.vectors`);
  if (!existsSync(place)) await encodeFile(file, as, place);
  const { buffer, byteOffset } = readFileSync(place);
  const [count, total] = new Uint32Array(buffer.slice(byteOffset, byteOffset + 8));
  const array = (offset: number, length: number) => buffer.slice(byteOffset + offset, byteOffset + offset + 4 * length);
  return {
    sizes: new Uint32Array(array(8, count!)),
    ids: new Uint32Array(array(8 + 4 * count!, total!)),
    weights: new Float32Array(array(8 + 4 * count! + 4 * total!, total!)),
  };
}

async function encodeFile(file: string, as: Role, place: string): Promise<void> {
  console.error(`encoding ${basename(file)}`);
  await using encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
  const encoded = [];
  for await (const { vector } of encoder.encodeStream(textsOf(file), { as })) encoded.push(vector);
  const head = Uint32Array.of(
    encoded.length,
    encoded.reduce((sum, { size }) => sum + size, 0),
  );
  const arrays = [head, Uint32Array.from(encoded, ({ size }) => size)];
  const pieces = [...arrays, ...encoded.map(({ ids }) => ids), ...encoded.map(({ weights }) => weights)];
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(
    `${place}.part`,
    Buffer.concat(pieces.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
  );
  renameSync(`${place}.part`, place);
}

/** The texts of a file of JSON lines, title and text joined, as they were encoded. */
export async function* textsOf(file: string): AsyncGenerator<string> {
  const stored = createReadStream(file);
  for await (const line of createInterface({ input: file.endsWith('.gz') ? stored.pipe(createGunzip()) : stored })) {
    const { title, text } = JSON.parse(line) as { title?: string; text: string };
    yield title ? `${title} ${text}` : text;
  }
}

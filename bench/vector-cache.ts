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

/**
 * The vectors of the first texts of some files, one file after the other, from the cache where they have been encoded before.
 * @param most texts in all; every one where absent.
 */
export async function vectorsOf(
  files: readonly string[],
  as: Role,
  cache: string,
  most = Number.POSITIVE_INFINITY,
): Promise<Vectors> {
  const parts: Vectors[] = [];
  let left = most;
  for (const file of files) {
    const stem = join(cache, `${file.replace(/[^\w]+/g, '-')}.${as}`);
    for (let part = 0; left > 0; part++) {
      const place = `${stem}.${String(part).padStart(3, '0')}.vectors`;
      if (!existsSync(place)) await encodePart(file, as, part, place);
      const read = readPart(place);
      parts.push(firstVectors(read, left));
      left -= read.sizes.length;
      if (read.sizes.length < TEXTS_PER_PART) break;
    }
  }
  return {
    sizes: joinedOf(parts, ({ sizes }) => sizes, Uint32Array),
    ids: joinedOf(parts, ({ ids }) => ids, Uint32Array),
    weights: joinedOf(parts, ({ weights }) => weights, Float32Array),
  };
}

/** An interrupted run goes on at the part that it was in. */
const TEXTS_PER_PART = 4_000;

function joinedOf<A extends Uint32Array | Float32Array>(
  parts: readonly Vectors[],
  of: (part: Vectors) => A,
  Joined: new (length: number) => A,
): A {
  const all = new Joined(parts.reduce((sum, part) => sum + of(part).length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(of(part), offset);
    offset += of(part).length;
  }
  return all;
}

function readPart(place: string): Vectors {
  const { buffer, byteOffset } = readFileSync(place);
  const [count, total] = new Uint32Array(buffer.slice(byteOffset, byteOffset + 8));
  const array = (offset: number, length: number) => buffer.slice(byteOffset + offset, byteOffset + offset + 4 * length);
  return {
    sizes: new Uint32Array(array(8, count!)),
    ids: new Uint32Array(array(8 + 4 * count!, total!)),
    weights: new Float32Array(array(8 + 4 * count! + 4 * total!, total!)),
  };
}

async function encodePart(file: string, as: Role, part: number, place: string): Promise<void> {
  console.error(`encoding ${basename(file)} from text ${part * TEXTS_PER_PART} on`);
  await using encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
  const encoded = [];
  for await (const { vector } of encoder.encodeStream(partOf(file, part), { as })) encoded.push(vector);
  const head = Uint32Array.of(
    encoded.length,
    encoded.reduce((sum, { size }) => sum + size, 0),
  );
  const arrays = [head, Uint32Array.from(encoded, ({ size }) => size)];
  const pieces = [...arrays, ...encoded.map(({ ids }) => ids), ...encoded.map(({ weights }) => weights)];
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(
    `${place}.${process.pid}.part`,
    Buffer.concat(pieces.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))),
  );
  renameSync(`${place}.${process.pid}.part`, place);
}

async function* partOf(file: string, part: number): AsyncGenerator<string> {
  let at = 0;
  for await (const text of textsOf(file)) {
    const inPart = Math.floor(at++ / TEXTS_PER_PART);
    if (inPart > part) return;
    if (inPart === part) yield text;
  }
}

/** The texts of a file of JSON lines, title and text joined, as they were encoded; a line may hold a list, and a question's text stand under `query`. */
export async function* textsOf(file: string): AsyncGenerator<string> {
  const stored = createReadStream(file);
  for await (const line of createInterface({ input: file.endsWith('.gz') ? stored.pipe(createGunzip()) : stored })) {
    for (const { title, text, query } of [JSON.parse(line) as Line | Line[]].flat())
      yield title ? `${title} ${text}` : (text ?? query!);
  }
}

interface Line {
  readonly title?: string;
  readonly text?: string;
  readonly query?: string;
}

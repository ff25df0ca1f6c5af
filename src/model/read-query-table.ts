import { join } from 'node:path';
import { z } from 'zod';
import { exists } from './exists.js';
import { ModelFileBroken } from './model-faults.js';
import { readJson } from './read-json.js';
import { readSafetensors } from './safetensors.js';

const TokenWeights = z.record(z.string(), z.number());
const REMEDY = 'Use the files of one model, unchanged';

/** The file with the token weights of an inference-free model's queries: `idf.json`, or what sentence-transformers saves. */
export async function queryTableFile(folder: string): Promise<string> {
  const idf = join(folder, 'idf.json');
  return (await exists(idf)) ? idf : join(folder, 'model.safetensors');
}

/**
 * A query's weight for each vocabulary id: token to weight as JSON, or `weight` of sentence-transformers' `SparseStaticEmbedding`.
 * Tokens that are not named weigh nothing.
 * @param idOf the vocabulary's id of a token.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function readQueryTable(
  folder: string,
  size: number,
  idOf: (token: string) => number | undefined,
): Promise<Float32Array> {
  const file = await queryTableFile(folder);
  return file.endsWith('.json') ? readIdf(file, size, idOf) : readLearned(file, size);
}

async function readLearned(file: string, size: number): Promise<Float32Array> {
  const tensor = (await readSafetensors(file)).get('weight');
  if (!tensor || tensor.data.length > size) {
    const found = tensor ? `${tensor.data.length} weights for a vocabulary of ${size}` : 'no tensor weight';
    throw new ModelFileBroken(file, found, REMEDY);
  }
  const weights = new Float32Array(size);
  weights.set(tensor.data);
  return weights;
}

async function readIdf(file: string, size: number, idOf: (token: string) => number | undefined) {
  const read = TokenWeights.safeParse(await readJson(file, "queries' token weights"));
  if (!read.success) throw new ModelFileBroken(file, 'no weights by token', REMEDY);
  const weights = new Float32Array(size);
  for (const [token, weight] of Object.entries(read.data)) {
    const id = idOf(token);
    if (id === undefined) {
      throw new ModelFileBroken(file, `token ${JSON.stringify(token)}, which the tokenizer lacks`, REMEDY);
    }
    weights[id] = weight;
  }
  return weights;
}

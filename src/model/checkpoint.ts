import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BertConfig } from './graph/bert-graph.js';
import { ModelFileBroken, ModelFileMissing, ModelUnsupported } from './model-faults.js';
import { readJson } from './read-json.js';

/** A model's folder, read as far as its shape: what the compiler needs beside the weights. */
export interface Checkpoint {
  readonly id: string;
  readonly architecture: string;
  readonly vocabularySize: number;
  /** The longest text that it has positions for, in tokens. */
  readonly positions: number;
  /** safetensors, or an exported ONNX model. */
  readonly weightsFile: string;
  readonly network: Network;
}

/** How the graph comes about: written from a configuration and weights, or taken from an exported model. */
type Network = { readonly kind: 'bert'; readonly config: BertConfig } | { readonly kind: 'onnx' };

const AnyConfig = z.looseObject({
  model_type: z.string(),
  vocab_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive(),
});

const ONNX_FILES = ['model.onnx', 'onnx/model.onnx'];
const EXPORT = 'Use a BERT masked-language model, or export this one: optimum-cli export onnx --task fill-mask';

/**
 * Reads a checkpoint of Hugging Face's layout: `model.safetensors` of an architecture that the compiler knows, else
 * `model.onnx` (or `onnx/model.onnx`) with the logits of a masked-language model.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function readCheckpoint(id: string, folder: string): Promise<Checkpoint> {
  const file = join(folder, 'config.json');
  const json = await readJson(file, "model's shape");
  const any = AnyConfig.safeParse(json);
  if (!any.success) {
    const missing = any.error.issues[0]!.path.join('.');
    throw new ModelFileBroken(file, `no usable ${missing}`, 'Use the config.json of a transformers model');
  }
  const { model_type: architecture, vocab_size: vocabularySize, max_position_embeddings: positions } = any.data;
  const shape = { id, architecture, vocabularySize, positions };
  const exported = await firstOf(ONNX_FILES.map((name) => join(folder, name)));
  const safetensors = join(folder, 'model.safetensors');
  if (!(await exists(safetensors))) {
    if (exported) return { ...shape, weightsFile: exported, network: { kind: 'onnx' } };
    throw await noWeights(id, folder, safetensors);
  }
  const config = BertConfig.safeParse(json);
  if (config.success) return { ...shape, weightsFile: safetensors, network: { kind: 'bert', config: config.data } };
  if (exported) return { ...shape, weightsFile: exported, network: { kind: 'onnx' } };
  const [issue] = config.error.issues;
  const found =
    architecture === 'bert'
      ? `config.json with ${issue!.path.join('.')}: ${issue!.message}`
      : `architecture ${architecture}`;
  throw new ModelUnsupported(id, found, EXPORT);
}

async function noWeights(id: string, folder: string, safetensors: string) {
  if (!(await exists(join(folder, 'pytorch_model.bin')))) return new ModelFileMissing(safetensors, 'weights');
  const remedy =
    'Convert it: AutoModelForMaskedLM.from_pretrained(FOLDER).save_pretrained(FOLDER) writes model.safetensors';
  return new ModelUnsupported(id, 'only pytorch_model.bin, a pickle, which can run code when it is read', remedy);
}

async function firstOf(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await exists(file)) return file;
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

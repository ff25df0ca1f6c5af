import { join } from 'node:path';
import { z } from 'zod';
import { exists } from './exists.js';
import { Bert } from './graph/networks/bert.js';
import { DistilBert } from './graph/networks/distilbert.js';
import { ModernBert } from './graph/networks/modernbert.js';
import { usablePositions, type WrittenNetwork } from './graph/networks/network-graph.js';
import { Roberta } from './graph/networks/roberta.js';
import { ModelFileBroken, ModelFileMissing, ModelUnsupported } from './model-faults.js';
import { readJson, readJsonIfThere } from './read-json.js';

/** A model's folder, read as far as its shape: what the compiler needs beside the weights. */
export interface Checkpoint {
  readonly id: string;
  readonly architecture: string;
  readonly vocabularySize: number;
  /** The longest text that it has positions for, in tokens. */
  readonly positions: number;
  /** safetensors, one or several shards; or an exported ONNX model. */
  readonly weightsFiles: readonly string[];
  readonly network: Network;
}

/** How the graph comes about: written from a configuration and weights, or taken from an exported model. */
type Network = WrittenNetwork | { readonly kind: 'onnx' };

/** By `model_type` of the config.json. */
const ARCHITECTURES: Readonly<Record<string, z.ZodType<WrittenNetwork>>> = {
  bert: Bert,
  distilbert: DistilBert,
  roberta: Roberta,
  'xlm-roberta': Roberta,
  modernbert: ModernBert,
};

const AnyConfig = z.looseObject({
  model_type: z.string(),
  vocab_size: z.number().int().positive(),
  max_position_embeddings: z.number().int().positive(),
  pad_token_id: z.number().int().nonnegative().nullish(),
});

/** Kinds whose positions are numbered from the one behind the padding token's id on (transformers' create_position_ids_from_input_ids), and what that id is unless said. */
const NUMBERED_BEHIND_PADDING = [
  'roberta',
  'xlm-roberta',
  'xlm-roberta-xl',
  'roberta-prelayernorm',
  'camembert',
  'mpnet',
];
const USUAL_PADDING = 1;

const ONNX_FILES = ['model.onnx', 'onnx/model.onnx'];
const EXPORT = `Use a masked-language model of ${Object.keys(ARCHITECTURES).join(', ')}, or export this one: optimum-cli export onnx --task fill-mask`;

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+\.safetensors$/)) });

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
  const { model_type: architecture, vocab_size: vocabularySize, max_position_embeddings, pad_token_id } = any.data;
  const unusable = NUMBERED_BEHIND_PADDING.includes(architecture) ? (pad_token_id ?? USUAL_PADDING) + 1 : 0;
  const shape = { id, architecture, vocabularySize, positions: max_position_embeddings - unusable };
  const exported = await firstOf(ONNX_FILES.map((name) => join(folder, name)));
  const asExport = { ...shape, weightsFiles: [exported!], network: { kind: 'onnx' } } as const;
  const weightsFiles = await safetensorsOf(folder);
  if (weightsFiles.length === 0) {
    if (exported) return asExport;
    throw await noWeights(id, folder, join(folder, 'model.safetensors'));
  }
  const network = ARCHITECTURES[architecture]?.safeParse(json);
  if (network?.success) {
    return { ...shape, positions: usablePositions(network.data), weightsFiles, network: network.data };
  }
  if (exported) return asExport;
  const issue = network?.error.issues[0];
  const found = issue ? `config.json with ${issue.path.join('.')}: ${issue.message}` : `architecture ${architecture}`;
  throw new ModelUnsupported(id, found, EXPORT);
}

/** `model.safetensors`, or the shards that `model.safetensors.index.json` names; none where neither is there. */
async function safetensorsOf(folder: string): Promise<string[]> {
  const whole = join(folder, 'model.safetensors');
  if (await exists(whole)) return [whole];
  const file = join(folder, 'model.safetensors.index.json');
  const json = await readJsonIfThere(file);
  if (json === undefined) return [];
  const index = ShardIndex.safeParse(json);
  if (!index.success) throw new ModelFileBroken(file, 'no weight_map of safetensors files in this folder');
  return [...new Set(Object.values(index.data.weight_map))].sort().map((name) => join(folder, name));
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

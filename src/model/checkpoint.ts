import { join } from 'node:path';
import { z } from 'zod';
import { BertConfig } from './graph/bert-graph.js';
import { ModelFileBroken, ModelUnsupported } from './model-faults.js';
import { readJson } from './read-json.js';

/** A model's folder, read as far as its shape: what the compiler needs beside the weights. */
export interface Checkpoint {
  readonly id: string;
  readonly weightsFile: string;
  readonly config: BertConfig;
}

const AnyConfig = z.looseObject({ model_type: z.string(), architectures: z.array(z.string()).optional() });

/**
 * Reads a checkpoint of Hugging Face's layout.
 * @throws {ModelFileMissing} {@link ModelFileBroken} {@link ModelUnsupported}
 */
export async function readCheckpoint(id: string, folder: string): Promise<Checkpoint> {
  const file = join(folder, 'config.json');
  const json = await readJson(file, "model's shape");
  const any = AnyConfig.safeParse(json);
  if (!any.success) throw new ModelFileBroken(file, 'no model_type', 'Use the config.json of a transformers model');
  if (any.data.model_type !== 'bert') {
    const remedy = 'Use a BERT masked-language model, or the model exported as model.onnx with MLM logits';
    throw new ModelUnsupported(id, `architecture ${any.data.model_type}`, remedy);
  }
  const config = BertConfig.safeParse(json);
  if (!config.success) {
    const [issue] = config.error.issues;
    throw new ModelUnsupported(
      id,
      `config.json with ${issue!.path.join('.')}: ${issue!.message}`,
      'Export it as model.onnx',
    );
  }
  return { id, weightsFile: join(folder, 'model.safetensors'), config: config.data };
}

import { join } from 'node:path';
import { ModelUnsupported } from '../model/model-faults.js';
import { readJson, readJsonIfThere } from '../model/read-json.js';
import type { TokenizerFiles } from './tokenizer.js';

/** By what it was saved from; sentence-transformers reads the first that is there (base/modules/transformer.py, 5.7). */
const SENTENCE_CONFIGS = ['bert', 'roberta', 'distilbert', 'xlm-roberta'].map((kind) => `sentence_${kind}_config.json`);

/**
 * The files of a model's folder that make its tokenizer.
 * @throws {ModelUnsupported} where texts are to be lower-cased before a tokenizer that does not do it itself.
 */
export async function readTokenizer(id: string, folder: string): Promise<TokenizerFiles> {
  const tokenizer = await readJson(join(folder, 'tokenizer.json'), 'tokenizer');
  if ((await asksForLowerCase(folder)) && !lowerCases((tokenizer as { normalizer?: unknown }).normalizer)) {
    const remedy = 'Put {"type": "Lowercase"} first into a Sequence as the normalizer of its tokenizer.json';
    throw new ModelUnsupported(
      id,
      'texts to be lower-cased (do_lower_case) before a tokenizer that keeps case',
      remedy,
    );
  }
  const config = (await readJsonIfThere(join(folder, 'tokenizer_config.json'))) ?? {};
  return { tokenizer: tokenizer as object, config: config as object };
}

async function asksForLowerCase(folder: string): Promise<boolean> {
  for (const name of SENTENCE_CONFIGS) {
    const config = await readJsonIfThere(join(folder, name));
    if (config !== undefined) return (config as { do_lower_case?: unknown }).do_lower_case === true;
  }
  return false;
}

/** Whether a normalizer of a `tokenizer.json` makes letters small, BERT's or that which does nothing else. */
function lowerCases(normalizer: unknown): boolean {
  const {
    type,
    lowercase,
    normalizers = [],
  } = (normalizer ?? {}) as Record<string, unknown> & {
    readonly normalizers?: readonly unknown[];
  };
  return type === 'Lowercase' || (type === 'BertNormalizer' && lowercase === true) || normalizers.some(lowerCases);
}

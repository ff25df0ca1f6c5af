import { join } from 'node:path';
import { readJson, readJsonIfThere } from '../model/read-json.js';
import { readLayout } from '../model/read-layout.js';
import { type ResolveOptions, resolveModel } from '../model/resolve-model.js';
import { TextTokenizer, type TokenizerFiles } from './tokenizer.js';

/**
 * The tokenizer of a model, for the thread that asks: it takes about a millisecond for 200 tokens.
 * @param model as {@link loadEncoder} takes it.
 * @throws {ModelNotFound} {@link ModelFileMissing} {@link ModelFileBroken}
 */
export async function loadTokenizer(model: string, options: ResolveOptions = {}): Promise<TextTokenizer> {
  const { id, folder: whole } = await resolveModel(model, options);
  const { folder } = await readLayout(id, whole);
  return new TextTokenizer(await readTokenizer(folder));
}

/** The files of a model's folder that make its tokenizer. */
export async function readTokenizer(folder: string): Promise<TokenizerFiles> {
  const tokenizer = await readJson(join(folder, 'tokenizer.json'), 'tokenizer');
  const config = (await readJsonIfThere(join(folder, 'tokenizer_config.json'))) ?? {};
  return { tokenizer: tokenizer as object, config: config as object };
}

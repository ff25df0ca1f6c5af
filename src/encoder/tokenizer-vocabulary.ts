import { z } from 'zod';
import { ModelFileBroken } from '../model/model-faults.js';
import { Vocabulary } from '../sparse/vocabulary.js';

const TokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })).default([]),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.number().int()), z.array(z.tuple([z.string(), z.number()]))]),
  }),
});

/**
 * The token strings of a `tokenizer.json` by id, for a model of `size` outputs. Models are often padded beyond their tokenizer;
 * those outputs are called `[unnamed ID]`.
 * @throws {ModelFileBroken} for a file that is no tokenizer.
 */
export function vocabularyOf(tokenizer: object, file: string, size: number): Vocabulary {
  const parsed = TokenizerJson.safeParse(tokenizer);
  if (!parsed.success)
    throw new ModelFileBroken(file, 'no vocabulary', 'Use the tokenizer.json that belongs to the model');
  const { model, added_tokens: added } = parsed.data;
  const tokens = Array.from({ length: size }, (_, id) => `[unnamed ${id}]`);
  const set = (token: string, id: number) => {
    if (id < size) tokens[id] = token;
  };
  const { vocab } = model;
  const entries = Array.isArray(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab);
  for (const [token, id] of entries) set(token, id);
  for (const { id, content } of added) set(content, id);
  return new Vocabulary(tokens);
}

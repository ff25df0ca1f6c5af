import { z } from 'zod';
import { ModelFileBroken } from '../model/model-faults.js';
import { Vocabulary } from '../sparse/vocabulary.js';

/** Its vocabulary is looked at by {@link entriesOf}: a schema for each of 30,000 entries, or 250,000, held the caller's thread for 0.15 s and more. */
const TokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string() })).default([]),
  model: z.looseObject({ vocab: z.custom<object>((vocab) => typeof vocab === 'object' && vocab !== null) }),
});

/**
 * The token strings of a `tokenizer.json` by id, for a model of `size` outputs. Models are often padded beyond their tokenizer;
 * those outputs are called `[unnamed ID]`, and so are those of a token that stands twice, but for the one that texts get: a feature of an
 * index has one weight, so two outputs of one name would be no dot product.
 * @throws {ModelFileBroken} for a file that is no tokenizer.
 */
export function vocabularyOf(tokenizer: object, file: string, size: number): Vocabulary {
  const parsed = TokenizerJson.safeParse(tokenizer);
  const entries = parsed.data && entriesOf(parsed.data.model.vocab);
  if (!entries) throw new ModelFileBroken(file, 'no vocabulary', 'Use the tokenizer.json that belongs to the model');
  const added = parsed.data.added_tokens.map(({ id, content }) => [content, id] as const);
  const named = [...entries, ...added].filter(([, id]) => id < size);
  const tokens = Array.from({ length: size }, (_, id) => `[unnamed ${id}]`);
  // Of a token that stands twice texts get the last id.
  for (const [token, id] of new Map(named)) tokens[id] = token;
  return new Vocabulary(tokens);
}

/** Tokens and their ids: of an object of them (WordPiece, BPE), or of a list of tokens with scores, in the order of ids (Unigram); `undefined` where it is neither. */
function entriesOf(vocab: object): readonly (readonly [string, number])[] | undefined {
  if (Array.isArray(vocab)) return vocab.every(isScored) ? vocab.map(([token], id) => [token, id]) : undefined;
  const entries = Object.entries(vocab);
  return entries.every(([, id]) => Number.isInteger(id)) ? entries : undefined;
}

function isScored(piece: unknown): piece is readonly [string, number] {
  return Array.isArray(piece) && piece.length === 2 && typeof piece[0] === 'string' && typeof piece[1] === 'number';
}

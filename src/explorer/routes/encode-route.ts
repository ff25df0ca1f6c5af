import { z } from 'zod';
import type { Encoder } from '../../encoder/encoder.js';
import type { Explored } from '../explored.js';
import { RequestRejected } from '../explorer-faults.js';

export const encodeRequest = z.object({
  text: z.string().max(100_000),
  as: z.enum(['query', 'document']).default('query'),
  model: z.string().optional(),
  /** Whether to say which word called each term: a second run of the model. */
  words: z.boolean().default(false),
});

/** `POST /api/encode`: the terms of a text, heaviest first, with where each has come from. */
export async function encodeRoute(explored: Explored, asked: z.infer<typeof encodeRequest>, signal: AbortSignal) {
  const encoder = await encoderOf(explored, asked.model);
  const began = performance.now();
  const [encoded] = await encoder.encode([asked.text], { as: asked.as, signal });
  const milliseconds = performance.now() - began;
  const { vector, tokens, truncated } = encoded!;
  const heaviest = vector.heaviestFirst();
  const [own] = await encoder.tokenize([asked.text], { signal });
  // Every other term of the vector is an expansion.
  const typed = new Set(own!.tokens.map(({ id }) => id));
  const ids = Uint32Array.from(heaviest, ({ id }) => id);
  const words =
    asked.words && ids.length > 0 ? await encoder.wordsBehind(asked.text, ids, { as: asked.as, signal }) : [];
  return {
    model: encoder.identity.id,
    tokens,
    truncated,
    milliseconds,
    terms: heaviest.map(({ id, token, weight }, i) => ({
      token,
      weight,
      typed: typed.has(id),
      word: words[i] ?? null,
    })),
  };
}

/** Only models that the explorer was started with: a page must not make it fetch or read anything else. */
async function encoderOf({ encoder, models, openModel }: Explored, name: string | undefined): Promise<Encoder> {
  if (name === undefined) return encoder;
  if (models.includes(name)) return openModel(name);
  throw new RequestRejected(400, `model ${name}`, `models ${models.join(', ')}`, 'Start the explorer with --models');
}

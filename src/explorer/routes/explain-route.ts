import { z } from 'zod';
import { explain } from '../../retrieve/explain-score.js';
import { type Explored, indexOf } from '../explored.js';

export const explainRequest = z.object({ text: z.string().min(1).max(10_000), id: z.string().min(1) });

/** `POST /api/explain`: a hit's score, term by term, with the words on both sides. */
export function explainRoute(explored: Explored, { text, id }: z.infer<typeof explainRequest>, signal: AbortSignal) {
  return explain(indexOf(explored), explored.encoder, id, text, { signal });
}

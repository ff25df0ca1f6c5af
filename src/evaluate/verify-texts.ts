import type { Encoder } from '../encoder/encoder.js';
import type { SparseIndex } from '../retrieve/sparse-index.js';
import { drawTexts } from '../verify/draw-texts.js';
import { type Verification, type VerifyOptions, verify } from '../verify/verify.js';

/** A text to ask with, and what a report calls it. */
export interface QueryText {
  readonly id: string;
  readonly text: string;
}

/** Verifies an index's answers to texts: encodes them as queries, asks, and compares every score with the dot product. */
export async function verifyTexts(
  index: SparseIndex,
  encoder: Encoder,
  texts: readonly QueryText[],
  options: Omit<VerifyOptions, 'dialect' | 'field'> = {},
): Promise<Verification> {
  const { signal } = options;
  const encoded = await encoder.encode(
    texts.map(({ text }) => text),
    { as: 'query', signal },
  );
  const queries = encoded.map(({ vector }, i) => ({ id: texts[i]!.id, vector }));
  const { engine, name, dialect, field } = index;
  return verify(engine, name, queries, { ...options, dialect, field });
}

/** Texts of an index's own documents, to ask it with where nobody has queries. */
export function textsDrawnFrom(index: SparseIndex, count: number, signal?: AbortSignal): Promise<QueryText[]> {
  return drawTexts(index.engine, index.name, index.plan.vectors[index.field]!.from, count, signal);
}

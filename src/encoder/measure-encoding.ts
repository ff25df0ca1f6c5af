import type { Encoder } from './encoder.js';

/** What was encoded in a time. */
export interface EncodingMeasured {
  /** Tokens of each document, in their order. */
  readonly lengths: readonly number[];
  /** What all of them took. */
  readonly seconds: number;
  /** Milliseconds of each query, one after the other. */
  readonly queryMs: readonly number[];
}

export interface MeasureEncodingOptions {
  /** After this time no more documents are begun, nor queries. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Texts that are encoded first, and not counted: they start the threads. */
const WARM_UP = 64;

/** Times an encoder: documents in one stream, over all threads, then queries one at a time. */
export async function measureEncoding(
  encoder: Pick<Encoder, 'encode' | 'encodeStream'>,
  documents: readonly string[],
  queries: readonly string[],
  { seconds, signal }: MeasureEncodingOptions,
): Promise<EncodingMeasured> {
  await encoder.encode(documents.slice(0, WARM_UP), { signal });
  const lengths: number[] = [];
  const start = performance.now();
  const streamed = encoder.encodeStream(until(start + 1000 * seconds, documents), { signal });
  for await (const { tokens } of streamed) lengths.push(tokens);
  const taken = (performance.now() - start) / 1000;
  const queryMs: number[] = [];
  for (const query of until(performance.now() + 1000 * seconds, queries)) {
    const begun = performance.now();
    await encoder.encode([query], { as: 'query', signal });
    queryMs.push(performance.now() - begun);
  }
  return { lengths, seconds: taken, queryMs };
}

function* until<T>(end: number, items: readonly T[]): Generator<T> {
  for (const item of items) {
    if (performance.now() > end) return;
    yield item;
  }
}

import type { Entries } from './encoding-session.js';
import type { TextPlace } from './passages.js';
import type { EncodedTask, PassageBounds } from './worker-messages.js';

/** What a worker made of a text. */
export interface EncodedText {
  /** The text's vector; where its passages are kept, theirs after it. */
  readonly vectors: readonly Entries[];
  readonly tokens: number;
  readonly truncated: boolean;
  /** Where the kept passages stand. */
  readonly passages?: readonly TextPlace[];
}

/** The vectors of a task's texts in few arrays, which go from thread to thread without being copied. */
export function packedTask(texts: readonly EncodedText[]): EncodedTask {
  const vectors = texts.flatMap((text) => text.vectors);
  const sizes = Uint32Array.from(vectors, ({ ids }) => ids.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const ids = new Uint32Array(total);
  const weights = new Float32Array(total);
  let offset = 0;
  for (const vector of vectors) {
    ids.set(vector.ids, offset);
    weights.set(vector.weights, offset);
    offset += vector.ids.length;
  }
  return {
    sizes,
    ids,
    weights,
    tokens: Uint32Array.from(texts, (text) => text.tokens),
    truncated: Uint8Array.from(texts, ({ truncated }) => Number(truncated)),
    passages: texts.some(({ passages }) => passages) ? boundsOf(texts) : undefined,
  };
}

function boundsOf(texts: readonly EncodedText[]): PassageBounds {
  const all = texts.flatMap(({ passages = [] }) => passages);
  return {
    counts: Uint32Array.from(texts, ({ passages = [] }) => passages.length),
    starts: Uint32Array.from(all, ({ start }) => start),
    ends: Uint32Array.from(all, ({ end }) => end),
  };
}

/** The memory of a task, to be handed over with it. */
export function buffersOf({ passages, ...arrays }: EncodedTask): ArrayBuffer[] {
  return [...Object.values(arrays), ...Object.values(passages ?? {})].map(({ buffer }) => buffer as ArrayBuffer);
}

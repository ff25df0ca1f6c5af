import { isObject } from '../dialect/plain-object.js';

/** The concrete indices that an answer is from: of hits, of several searches, of a written document, of a bulk. */
export function indicesIn(answer: unknown): string[] {
  const found = new Set<string>();
  const note = (one: unknown) => {
    if (isObject(one) && typeof one._index === 'string') found.add(one._index);
  };
  const noteHits = (one: unknown) => {
    const hits = isObject(one) && isObject(one.hits) ? one.hits.hits : undefined;
    if (Array.isArray(hits)) hits.forEach(note);
  };
  if (!isObject(answer)) return [];
  note(answer);
  for (const one of [answer, answer.response, ...listOf(answer.responses)]) noteHits(one);
  for (const item of listOf(answer.items)) if (isObject(item)) Object.values(item).forEach(note);
  return [...found];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

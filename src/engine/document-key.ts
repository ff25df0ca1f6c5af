/** What tells a document from every other one of its index: with custom routing one id may stand in several shards. */
export interface DocumentName {
  readonly id: string;
  readonly routing?: string;
}

/** A document's name as one string, different for different documents: the length of its routing says where its id begins. */
export function documentKey({ id, routing = '' }: DocumentName): string {
  return `${routing.length}:${routing}${id}`;
}

/** The document that {@link documentKey} made a string of. */
export function documentOfKey(key: string): DocumentName {
  const length = Number.parseInt(key, 10);
  const named = key.slice(`${length}:`.length);
  const id = named.slice(length);
  return length === 0 ? { id } : { id, routing: named.slice(0, length) };
}

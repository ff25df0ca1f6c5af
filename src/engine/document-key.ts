/** What tells a document from every other one of its index: with custom routing one id may stand in several shards. */
export interface DocumentName {
  readonly id: string;
  readonly routing?: string;
}

/** A document's name as one string, different for different documents. */
export function documentKey({ id, routing = '' }: DocumentName): string {
  return JSON.stringify([routing, id]);
}

/** The document that {@link documentKey} made a string of. */
export function documentOfKey(key: string): DocumentName {
  const [routing, id] = JSON.parse(key) as [string, string];
  return routing === '' ? { id } : { id, routing };
}

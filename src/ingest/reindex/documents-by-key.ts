import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { type DocumentName, documentKey } from '../../engine/document-key.js';
import type { Engine } from '../../engine/engine.js';
import { IndexUnavailable } from '../../engine/engine-faults.js';
import { patiently } from '../bulk/patient-engine.js';

/** A document as `_mget` tells of it. */
export interface FoundDocument {
  readonly found: boolean;
  readonly _routing?: string;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly _source?: JsonObject;
}

/**
 * Documents by id and routing, with all their fields, which sees what no search sees before the next refresh.
 * @returns all of them by {@link documentKey}, those that are not there among them.
 * @throws {IndexUnavailable} where the engine cannot tell of one whether it is there.
 */
export async function documentsByKey(
  engine: Engine,
  index: string,
  documents: readonly DocumentName[],
  signal: AbortSignal | undefined,
  source = true,
): Promise<Map<string, FoundDocument>> {
  if (documents.length === 0) return new Map();
  const docs = documents.map(({ id, routing }) => ({ _id: id, routing, _source: source }));
  const path = `/${encodeURIComponent(index)}/_mget`;
  const query = traitsOf(engine.version).wholeDocuments.parameters;
  const ask = async () => {
    const answer = await engine.request({ method: 'POST', path, query, body: { docs }, signal, repeatable: true });
    const found = (answer as { docs: readonly (FoundDocument & { _id: string; error?: unknown })[] }).docs;
    const unsure = found.find(({ error }) => error !== undefined);
    if (unsure) throw new IndexUnavailable(index, `it does not say whether it has document ${unsure._id}`);
    return new Map(documents.map((one, i) => [documentKey(one), found[i]!]));
  };
  return patiently(engine, ask, { signal });
}

import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { type DocumentName, documentKey } from '../../engine/document-key.js';
import type { Engine } from '../../engine/engine.js';
import { describeError, EngineRefused, IndexNotFound, IndexUnavailable } from '../../engine/engine-faults.js';
import { patiently } from '../bulk/patient-engine.js';

/** A document as `_mget` tells of it. */
export interface FoundDocument {
  readonly found: boolean;
  readonly _routing?: string;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly _source?: JsonObject;
}

type AnsweredDocument = FoundDocument & { readonly _id: string; readonly error?: unknown };

/** Errors of a document that do not pass. All others may be of shards that are on their way: those are of many kinds, by version. */
const LASTING = [
  'illegal_argument_exception',
  'index_closed_exception',
  'routing_missing_exception',
  'security_exception',
];

/**
 * Documents by id and routing, with all their fields, which sees what no search sees before the next refresh.
 * @returns all of them by {@link documentKey}, those that are not there among them.
 * @throws {IndexUnavailable} where the engine cannot tell of one whether it is there. {IndexNotFound} {EngineRefused} where it never will.
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
    const found = (answer as { docs: readonly AnsweredDocument[] }).docs;
    const unsure = found.find(({ error }) => error !== undefined);
    if (unsure) throw faultOf(engine, index, unsure);
    return new Map(documents.map((one, i) => [documentKey(one), found[i]!]));
  };
  return patiently(engine, ask, { signal });
}

/** What an error means that an answer, itself a success, gives of one document. */
function faultOf({ url }: Engine, index: string, document: AnsweredDocument): Error {
  const { type, reason } = describeError(document);
  if (type === 'index_not_found_exception') return new IndexNotFound(index, url);
  const asked = `document ${document._id} of index ${index}`;
  if (LASTING.includes(type)) return new EngineRefused(asked, 400, type, reason);
  return new IndexUnavailable(index, `it does not say whether it has document ${document._id}: ${type}: ${reason}`);
}

import type { Engine, Hit } from '../../engine/engine.js';
import { type DocumentVersion, type Refusal, refusalOf, type SourceDocument } from '../source.js';
import { contentHash, HASH_FIELD } from './content-hash.js';
import { documentsByKey } from './documents-by-key.js';

/** A document as it stands in a copy. */
export interface CopiedDocument {
  /** What it was made from; of a document that others wrote, nothing that tells. */
  readonly hash: unknown;
  /**
   * Whether others wrote or changed it: an application whose alias was moved writes there. It has no hash, or one that its content does not
   * have. It is nowhere else, so that termweave neither replaces nor deletes it.
   */
  readonly isForeign: boolean;
  /** What a write that is to replace just this state is guarded with. */
  readonly version: DocumentVersion;
}

/**
 * How documents stand in a copy at this moment.
 * @returns those that are there, by `documentKey`.
 * @throws {IndexUnavailable}
 */
export async function copiedDocuments(
  engine: Engine,
  copy: string,
  documents: readonly Pick<Hit, 'id' | 'routing'>[],
  vectorFields: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, CopiedDocument>> {
  const copied = new Map<string, CopiedDocument>();
  for (const [key, one] of await documentsByKey(engine, copy, documents, signal)) {
    if (!one.found) continue;
    const { _source: source = {}, _routing: routing, _seq_no: seqNo, _primary_term: primaryTerm } = one;
    const hash = source[HASH_FIELD];
    const isForeign = hash !== contentHash(source, routing, vectorFields);
    copied.set(key, { hash, isForeign, version: { seqNo: seqNo!, primaryTerm: primaryTerm! } });
  }
  return copied;
}

/** Why a document is not brought to a copy that holds one of others under its id. */
export function refusalOfForeign(document: SourceDocument): Refusal {
  const reason = 'the copy holds a document of this id that was not written by termweave; delete it there, or keep it';
  return refusalOf(document, 409, 'written_by_others', reason);
}

import type { Encoder } from '../encoder/encoder.js';
import type { RequestOptions } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';
import type { ModelStamp } from '../mapping/vector-plan.js';
import type { MatchedTerm } from '../query/matched-terms.js';
import type { SparseIndex } from './sparse-index.js';
import { wordsBehind } from './words-behind.js';

/** A document that the index does not have. */
export class DocumentNotFound extends Fault {
  readonly code = 'DOCUMENT_NOT_FOUND';
  constructor(
    readonly index: string,
    readonly id: string,
  ) {
    super({
      asked: `document ${JSON.stringify(id)} of index ${index}`,
      found: 'no document of that id',
      remedy: 'Check the id: `termweave search` shows those it finds',
    });
  }
}

/** A term's part of a score, and where the query has the term from. */
export interface ExplainedTerm extends MatchedTerm {
  /** The words of the query's text that called the term, the strongest first: see {@link wordsBehind}. */
  readonly from: readonly string[];
}

/** Why a document has its score. */
export interface Explanation {
  /** The engine's `_score`; 0 for a document that shares no term with the query. */
  readonly score: number;
  /** The terms that query and document share, the largest product first: the products add up to `score`. */
  readonly terms: readonly ExplainedTerm[];
}

/**
 * Explains the score of one document for a text, term by term.
 * @param encoder of the index's model; this checks that it is.
 * @throws {DocumentNotFound} | {ModelMismatch}
 */
export async function explain(
  index: SparseIndex,
  encoder: Pick<Encoder, 'encode' | 'vocabulary'> & { readonly identity: ModelStamp },
  id: string,
  text: string,
  options: RequestOptions = {},
): Promise<Explanation> {
  index.mustMatch(encoder);
  const [encoded] = await encoder.encode([text], { as: 'query', ...options });
  const filter = { ids: { values: [id] } };
  const { hits } = await index.search(encoded!.vector, { size: 1, filter, ...options });
  const [hit] = hits;
  if (!hit) {
    const there = await index.engine.count(index.name, filter, options);
    if (there === 0) throw new DocumentNotFound(index.name, id);
    return { score: 0, terms: [] };
  }
  const words = await wordsBehind(encoder, text, encoded!.vector, options.signal);
  return { score: hit.score, terms: hit.terms.map((term) => ({ ...term, from: words.get(term.token) ?? [] })) };
}

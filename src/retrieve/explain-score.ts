import type { Encoder } from '../encoder/encoder.js';
import type { RequestOptions } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';
import { documentText } from '../mapping/document-text.js';
import type { ModelStamp } from '../mapping/vector-plan.js';
import type { MatchedTerm } from '../query/matched-terms.js';
import type { SparseIndex } from './sparse-index.js';

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

/** A term's part of a score, and where query and document have the term from. */
export interface ExplainedTerm extends MatchedTerm {
  /** The word of the query's text whose position won the maximum for the term: see `Encoder.wordsBehind`. */
  readonly from: readonly string[];
  /** The word of the document's text that answers, in the same sense, even where no word is shared. Empty where its source lacks the text. */
  readonly answeredBy: readonly string[];
}

/** Why a document has its score. */
export interface Explanation {
  /** The engine's `_score`; 0 for a document that shares no term with the query. */
  readonly score: number;
  /** The terms that query and document share, the largest product first: the products add up to `score`. */
  readonly terms: readonly ExplainedTerm[];
}

/** What an explanation needs of an encoder. */
export type Explainer = Pick<Encoder, 'encode' | 'vocabulary' | 'wordsBehind'> & { readonly identity: ModelStamp };

/**
 * Explains the score of one document for a text, term by term.
 * @param encoder of the index's model; this checks that it is.
 * @throws {DocumentNotFound} | {ModelMismatch}
 */
export async function explain(
  index: SparseIndex,
  encoder: Explainer,
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
  const { score, terms, passage, source } = hit;
  const answer = passage ?? documentText(source, index.plan.vectors[index.field]!.from);
  const ids = Uint32Array.from(terms, ({ token }) => encoder.vocabulary.idOf(token)!);
  const callers = await encoder.wordsBehind(text, ids, { as: 'query', ...options });
  const answers =
    typeof answer === 'string' ? await encoder.wordsBehind(answer, ids, { as: 'document', ...options }) : [];
  return {
    score,
    terms: terms.map((term, i) => ({ ...term, from: listed(callers[i]), answeredBy: listed(answers[i]) })),
  };
}

function listed(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

import type { Encoder } from '../encoder/encoder.js';
import type { RequestOptions } from '../engine/engine.js';
import { Fault } from '../fault/fault.js';
import { textsOf, vectorsOfTexts } from '../mapping/field-texts.js';
import type { ModelStamp } from '../mapping/vector-plan.js';
import type { MatchedTerm } from '../query/matched-terms.js';
import { unpruned } from '../sparse/pruning.js';
import type { SparseHit, SparseIndex } from './sparse-index.js';

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
  const ids = Uint32Array.from(terms, ({ token }) => encoder.vocabulary.idOf(token)!);
  const callers = await encoder.wordsBehind(text, ids, { as: 'query', ...options });
  const answers = await answeringWords(index, encoder, { source, passage }, ids, options);
  return {
    score,
    terms: terms.map((term, i) => ({ ...term, from: listed(callers[i]), answeredBy: listed(answers[i]) })),
  };
}

/** The words of a document that answer ids: of each, those of the text that won the maximum, where the field has several texts. */
async function answeringWords(
  index: SparseIndex,
  encoder: Explainer,
  { source, passage }: Pick<SparseHit, 'source' | 'passage'>,
  ids: Uint32Array,
  options: RequestOptions,
): Promise<readonly (string | undefined)[]> {
  const made = index.plan.vectors[index.field]!;
  const texts = passage === undefined ? textsOf(source, made) : [passage];
  if ('found' in texts) return [];
  const asDocument = { as: 'document', ...options } as const;
  const words = await Promise.all(texts.map((text) => encoder.wordsBehind(text, ids, asDocument)));
  if (texts.length === 1) return words[0]!;
  const encoded = await encoder.encode(texts, { ...asDocument, passages: made.passages });
  const weighed = texts.map((text, i) =>
    vectorsOfTexts([text], [encoded[i]!], { weights: [made.weights![i]!], pruning: unpruned }),
  );
  return Array.from(ids, (id, term) => {
    const parts = weighed.map(({ vector }) => vector.weights[vector.ids.indexOf(id)] ?? 0);
    return words[parts.indexOf(Math.max(...parts))]![term];
  });
}

function listed(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

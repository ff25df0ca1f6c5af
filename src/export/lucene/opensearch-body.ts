import type { TokenVector } from '../token-vector.js';
import { DELIMITER } from './delimited-frequencies.js';

/**
 * The body of an OpenSearch index for exported documents (`{"id","impacts"}`): term frequencies without positions or norms, and a
 * similarity whose score is `boost * frequency`, so that a query of boosted terms scores the dot product. Exact under 2^24.
 */
export function openSearchBody(): Record<string, unknown> {
  return {
    settings: {
      index: {
        similarity: { dot_product: { type: 'scripted', script: { source: 'return query.boost * doc.freq;' } } },
        analysis: {
          filter: { impacts: { type: 'delimited_term_freq', delimiter: DELIMITER } },
          analyzer: {
            impacts: { type: 'custom', tokenizer: 'whitespace', filter: ['impacts'] },
          },
        },
      },
    },
    mappings: {
      properties: {
        id: { type: 'keyword' },
        impacts: { type: 'text', analyzer: 'impacts', index_options: 'freqs', norms: false, similarity: 'dot_product' },
      },
    },
  };
}

/** The search whose scores are the dot products of a query with the documents of such an index. */
export function openSearchQuery({ tokens, weights }: TokenVector): Record<string, unknown> {
  const should = tokens.map((value, i) => ({ term: { impacts: { value, boost: weights[i] } } }));
  return { bool: { should } };
}

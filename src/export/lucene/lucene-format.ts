import { refusedByUnicode, refusedByWhitespace } from '../carried-names.js';
import { lineFormat } from '../line-format.js';
import { scale } from '../quantisation.js';
import { idIn, Malformed, parseObject, vectorIn } from '../read-vectors.js';
import { type TokenVector, termsJson } from '../token-vector.js';
import { DELIMITER, delimitedFrequencies, parseDelimited } from './delimited-frequencies.js';
import { openSearchBody, openSearchQuery } from './opensearch-body.js';

const BODY = 'opensearch-index.json';

/**
 * Lucene: each document as one field of delimited term frequencies, for Lucene itself and for OpenSearch's `delimited_term_freq`
 * filter; queries as maps of tokens to boosts, and as OpenSearch search bodies. The score is the dot product under a similarity
 * of `freq * boost`.
 */
export const luceneFormat = lineFormat({
  name: 'lucene',
  whole: true,
  usual: scale(100),
  losses: [],
  refuses(name, what) {
    if (what === 'id') return refusedByUnicode(name);
    return name.includes(DELIMITER) ? 'the delimiter U+241F within a name' : refusedByWhitespace(name);
  },
  documents: {
    path: 'documents/part-*.jsonl',
    line: (vector) => `{"id":${JSON.stringify(vector.id)},"impacts":${JSON.stringify(delimitedFrequencies(vector))}}`,
    parse(line) {
      const object = parseObject(line);
      if (typeof object.impacts !== 'string') throw new Malformed('no text in field "impacts"');
      return parseDelimited(idIn(object, 'id'), object.impacts);
    },
  },
  queries: [
    { path: 'queries.jsonl', line: (vector) => queryLine(vector), parse: parseQuery },
    {
      path: 'queries-opensearch.jsonl',
      line: (vector) => queryLine(vector, openSearchQuery(vector)),
      parse: parseQuery,
    },
  ],
  companions: () => [{ path: BODY, text: `${JSON.stringify(openSearchBody(), null, 2)}\n` }],
});

function queryLine(vector: TokenVector, query?: Record<string, unknown>): string {
  const body = query ? `,"query":${JSON.stringify(query)}` : '';
  return `{"id":${JSON.stringify(vector.id)},"boosts":${termsJson(vector)}${body}}`;
}

function parseQuery(line: string): TokenVector {
  const object = parseObject(line);
  return vectorIn(line, object, idIn(object, 'id'), ['boosts']);
}

import { refusedByUnicode, refusedByWhitespace } from '../carried-names.js';
import type { LineFile } from '../line-format.js';
import { lineFormat } from '../line-format.js';
import { scale } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { termsJson } from '../token-vector.js';
import { bitTerms, SEPARATOR } from './bit-terms.js';

const parse: LineFile['parse'] = (line) => {
  const object = parseObject(line);
  return vectorIn(line, object, idIn(object, 'id'), ['impacts']);
};

/**
 * Tantivy, which has no custom term frequencies. Two exact ways: `bits`, for stock queries, and `impacts`, for a custom query over
 * tokens that are repeated while indexing (`examples/tantivy`). `tantivy.json` says how many bits the query has to ask for.
 */
export const tantivyFormat = lineFormat({
  name: 'tantivy',
  whole: true,
  usual: scale(100),
  losses: [],
  refuses(name, what) {
    if (what === 'id') return refusedByUnicode(name);
    return name.includes(SEPARATOR) ? 'the separator U+241F within a name' : refusedByWhitespace(name);
  },
  documents: {
    path: 'documents/part-*.jsonl',
    line: (vector) =>
      `{"id":${JSON.stringify(vector.id)},"bits":${JSON.stringify(bitTerms(vector))},"impacts":${termsJson(vector)}}`,
    parse,
  },
  queries: [
    {
      path: 'queries.jsonl',
      line: (vector) => `{"id":${JSON.stringify(vector.id)},"impacts":${termsJson(vector)}}`,
      parse,
    },
  ],
  companions: ({ documents }) => [
    {
      path: 'tantivy.json',
      text: `${JSON.stringify({ separator: SEPARATOR, bits: Math.floor(Math.log2(Math.max(1, documents.largestImpact))) + 1 })}\n`,
    },
  ],
});

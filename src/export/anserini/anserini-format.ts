import { refusedByTabs, refusedByWhitespace } from '../carried-names.js';
import { lineFormat } from '../line-format.js';
import { scale } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { termsJson } from '../token-vector.js';
import { repeatedTokens } from './repeated-tokens.js';

/**
 * Anserini and Pyserini: documents as `JsonVectorCollection`, topics as `TsvString` with each token as often as its weight says,
 * and as weighted JSON (`JsonStringVector`). Index with `-impact -pretokenized`; search with `-arbitraryScoreTieBreak`, or tied
 * scores are nudged apart.
 */
export const anseriniFormat = lineFormat({
  name: 'anserini',
  whole: true,
  usual: scale(100),
  losses: [],
  refuses: (name, what) => (what === 'id' ? refusedByTabs(name) : refusedByWhitespace(name)),
  documents: {
    path: 'documents/part-*.jsonl',
    line: (vector) => `{"id":${JSON.stringify(vector.id)},"contents":"","vector":${termsJson(vector)}}`,
    parse: (line) => {
      const object = parseObject(line);
      return vectorIn(line, object, idIn(object, 'id'), ['vector']);
    },
  },
  queries: [
    { path: 'queries.tsv', ...repeatedTokens },
    {
      path: 'queries.jsonl',
      line: (vector) => `{"qid":${JSON.stringify(vector.id)},"vector":${termsJson(vector)}}`,
      parse: (line) => {
        const object = parseObject(line);
        return vectorIn(line, object, idIn(object, 'qid'), ['vector']);
      },
    },
  ],
});

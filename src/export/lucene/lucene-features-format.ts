import { refusedByUnicode } from '../carried-names.js';
import { lineFormat } from '../line-format.js';
import { featureField } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { termsJson } from '../token-vector.js';

/**
 * Lucene's `FeatureField`: real weights of 9 significant bits, a feature for each token. Queries are boosts on linear feature queries
 * (`examples/lucene`): `FeatureField.newLinearQuery` itself takes weights up to 64 only.
 */
export const luceneFeaturesFormat = lineFormat({
  name: 'lucene-features',
  whole: false,
  usual: featureField,
  losses: [],
  refuses: (name) => refusedByUnicode(name),
  documents: {
    path: 'documents/part-*.jsonl',
    line: (vector) => `{"id":${JSON.stringify(vector.id)},"features":${termsJson(vector)}}`,
    parse: (line) => {
      const object = parseObject(line);
      return vectorIn(line, object, idIn(object, 'id'), ['features']);
    },
  },
  queries: [
    {
      path: 'queries.jsonl',
      line: (vector) => `{"id":${JSON.stringify(vector.id)},"boosts":${termsJson(vector)}}`,
      parse: (line) => {
        const object = parseObject(line);
        return vectorIn(line, object, idIn(object, 'id'), ['boosts']);
      },
    },
  ],
});

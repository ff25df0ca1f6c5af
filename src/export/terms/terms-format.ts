import { refusedByUnicode } from '../carried-names.js';
import { type LineFile, lineFormat } from '../line-format.js';
import { unquantised } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { termsJson } from '../token-vector.js';

const lines = (path: string): LineFile => ({
  path,
  line: (vector) => `{"id":${JSON.stringify(vector.id)},"terms":${termsJson(vector)}}`,
  parse: (line) => {
    const object = parseObject(line);
    return vectorIn(line, object, idIn(object, 'id'), ['terms']);
  },
});

/** termweave's own form of vectors in files, which `export --from` and imports share: `{"id":"d1","terms":{"token":1.5}}`. */
export const termsFormat = lineFormat({
  name: 'terms',
  whole: false,
  usual: unquantised,
  losses: [],
  refuses: (name) => refusedByUnicode(name),
  documents: lines('documents.jsonl'),
  queries: [lines('queries.jsonl')],
});

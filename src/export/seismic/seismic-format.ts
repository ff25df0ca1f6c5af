import { refusedByUnicode } from '../carried-names.js';
import { type LineFile, lineFormat } from '../line-format.js';
import { unquantised } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { termsJson } from '../token-vector.js';

const vectors = (path: string, content: string): LineFile => ({
  path,
  line: (vector) => `{"id":${idLiteral(vector.id)},${content}"vector":${termsJson(vector)}}`,
  parse: (line) => {
    const object = parseObject(line);
    return vectorIn(line, object, idIn(object, 'id'), ['vector']);
  },
});

/** Seismic's JSONL (TusKANNy/seismic): `{"id","content","vector"}` for documents, without content for queries; real weights. */
export const seismicFormat = lineFormat({
  name: 'seismic',
  whole: false,
  usual: unquantised,
  losses: [],
  refuses: (name) => refusedByUnicode(name),
  documents: vectors('documents/part-*.jsonl', '"content":"",'),
  queries: [vectors('queries.jsonl', '')],
});

/** Seismic's converter wants whole numbers; other ids stay text, which newer versions of it take. */
function idLiteral(id: string): string {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? id : JSON.stringify(id);
}

import { refusedByUnicode } from '../carried-names.js';
import { lineFormat } from '../line-format.js';
import { scale } from '../quantisation.js';
import { idIn, Malformed, parseObject, vectorIn } from '../read-vectors.js';
import { type TokenVector, termsJson } from '../token-vector.js';
import { applicationPackage, DOCUMENT, IMPACTS, TENSOR } from './application-package.js';
import { refusedByLiteral, tensorQuery, wandQuery } from './vespa-queries.js';

const PREFIX = `id:${DOCUMENT}:${DOCUMENT}::`;

/**
 * Vespa: an application package, a feed of `put` operations, and query bodies for both ways of asking: a mapped tensor, for
 * ranking, and a weighted set under `wand`, for retrieval, whose weights are whole numbers.
 */
export const vespaFormat = lineFormat({
  name: 'vespa',
  whole: true,
  usual: scale(100),
  losses: [],
  refuses(name, what) {
    if (what === 'id')
      return name === '' || /\p{Cc}/u.test(name) ? 'an empty id, or a control character in it' : undefined;
    return refusedByLiteral(name) ?? refusedByUnicode(name);
  },
  documents: { path: 'documents/part-*.jsonl', line: putLine, parse: parsePut },
  queries: [
    { path: 'queries-tensor.jsonl', line: (vector) => queryLine(vector, tensorQuery(vector)), parse: parseQuery },
    { path: 'queries-wand.jsonl', line: (vector) => queryLine(vector, wandQuery(vector)), parse: parseQuery },
  ],
  companions: applicationPackage,
});

/** Always the explicit form `{"cells":{...}}`: `cells`, `type`, `values` and `blocks` are tokens of BERT. */
function putLine(vector: TokenVector): string {
  const terms = termsJson(vector);
  const fields = `{"id":${JSON.stringify(vector.id)},"${TENSOR}":{"cells":${terms}},"${IMPACTS}":${terms}}`;
  return `{"put":${JSON.stringify(PREFIX + vector.id)},"fields":${fields}}`;
}

function parsePut(line: string): TokenVector {
  const put = parseObject(line);
  const fields = put.fields as Record<string, unknown> | undefined;
  if (typeof fields !== 'object' || fields === null) throw new Malformed('no object in field "fields"');
  return vectorIn(line, put, idIn(fields, 'id'), ['fields', IMPACTS]);
}

function queryLine(vector: TokenVector, body: Record<string, unknown>): string {
  return `{"id":${JSON.stringify(vector.id)},"terms":${termsJson(vector)},"body":${JSON.stringify(body)}}`;
}

function parseQuery(line: string): TokenVector {
  const object = parseObject(line);
  return vectorIn(line, object, idIn(object, 'id'), ['terms']);
}

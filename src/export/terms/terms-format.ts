import { refusedByUnicode } from '../carried-names.js';
import type { ExportFormat } from '../export-format.js';
import { type LineFile, lineFormat } from '../line-format.js';
import { unquantised } from '../quantisation.js';
import { idIn, parseObject, vectorIn } from '../read-vectors.js';
import { type TokenVector, termsJson } from '../token-vector.js';

/** A line of vectors in our own form: `{"id":"d1","terms":{"token":1.5}}`, the id also under `_id`. @throws {Malformed} */
export function parseTermsLine(line: string): TokenVector {
  const object = parseObject(line);
  return vectorIn(line, object, idIn(object, '_id' in object ? '_id' : 'id'), ['terms']);
}

const lines = (path: string): LineFile => ({
  path,
  line: (vector) => `{"id":${JSON.stringify(vector.id)},"terms":${termsJson(vector)}}`,
  parse: parseTermsLine,
});

const common = {
  name: 'terms',
  whole: false,
  usual: unquantised,
  losses: [],
  refuses: (name: string) => refusedByUnicode(name),
  queries: [lines('queries.jsonl')],
};

/** termweave's own form of vectors in files, which `export --from` and imports share. */
export const termsFormat = lineFormat({ ...common, documents: lines('documents.jsonl') });

/** The same form, documents in parts in a folder of that name. */
export function termsParts(folder: string): ExportFormat {
  return lineFormat({ ...common, documents: lines(`${folder}/part-*.jsonl`) });
}

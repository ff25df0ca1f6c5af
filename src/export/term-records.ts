import { idIn, Malformed, parseObject, type ReadOptions, readVectors, vectorIn } from './read-vectors.js';
import { type TokenVector, termsJson } from './token-vector.js';

/** A line of a file to export: a vector, or a text that is still to be encoded. */
export type ExportRecord = { readonly vector: TokenVector } | { readonly id: string; readonly text: string };

/** termweave's own form of vectors in files, one a line: `{"id":"d1","terms":{"token":1.5}}`. */
export const termRecords = {
  line: (vector: TokenVector): string => `{"id":${JSON.stringify(vector.id)},"terms":${termsJson(vector)}}`,

  /** Lines with `terms` are vectors; lines with `text`, and maybe a `title`, are texts as BEIR's corpora have them. @throws {Malformed} */
  parse(line: string): ExportRecord {
    const object = parseObject(line);
    const id = idIn(object, '_id' in object ? '_id' : 'id');
    if ('terms' in object) return { vector: vectorIn(line, object, id, ['terms']) };
    if (typeof object.text !== 'string') throw new Malformed('neither "terms" nor "text"');
    return { id, text: typeof object.title === 'string' ? `${object.title} ${object.text}`.trim() : object.text };
  },

  read: (file: string, options?: ReadOptions) => readVectors(file, termRecords.parse, options),
};

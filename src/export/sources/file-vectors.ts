import { parseObject, readEveryRow } from '../read-vectors.js';
import { termsFormat } from '../terms/terms-format.js';
import type { VectorSource } from '../vector-source.js';
import { importedVectors } from './imported-vectors.js';
import { type TextVectorOptions, textVectors } from './text-vectors.js';

/**
 * The vectors of a file, in its order: as they stand there (`{"id","terms"}`, in JSON lines), or encoded from its texts. The first line that
 * can be read says which; an encoder is opened at once, where one is needed.
 */
export async function fileVectors(file: string, options: TextVectorOptions): Promise<VectorSource> {
  if (!(await holdsVectors(file))) {
    const encoder = await options.openEncoder();
    return textVectors(file, { ...options, openEncoder: async () => encoder });
  }
  return importedVectors(termsFormat, file, 'documents');
}

/** Files of texts in forms that vectors do not come in. */
const TEXTS = /^-$|\.(csv|tsv|parquet)(\.gz)?$/i;

async function holdsVectors(file: string): Promise<boolean> {
  if (TEXTS.test(file)) return false;
  for await (const object of readEveryRow(file, readable)) {
    if (object) return 'terms' in object;
  }
  return true;
}

function readable(line: string): Record<string, unknown> | undefined {
  try {
    return parseObject(line);
  } catch {
    return undefined;
  }
}

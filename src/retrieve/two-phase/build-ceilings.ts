import type { RequestOptions } from '../../engine/engine.js';
import { hasLaggingCopies } from '../../engine/lagging-copies.js';
import { Fault } from '../../fault/fault.js';
import type { Vocabulary } from '../../sparse/vocabulary.js';
import type { OpenedField } from '../opened-field.js';
import { storeCeilings } from './ceiling-store.js';
import type { Ceilings } from './ceilings.js';

/** Searches in one request: each is for the best document of one term, which engines find without reading the whole posting list. */
const TERMS_PER_REQUEST = 500;

/** An index whose copies may be behind: no table of it would prove anything. */
export class CopiesLag extends Fault {
  readonly code = 'CEILINGS_UNPROVABLE';
  constructor(readonly index: string) {
    super({
      asked: `the ceilings of index ${index}`,
      found:
        'it is replicated by segments (index.replication.type), so that a copy may answer from before the last writes',
      remedy: 'Search without two phases: that is exact, and no slower where it was measured',
    });
  }
}

export interface BuildOptions extends RequestOptions {
  /** Told after every request: terms asked so far. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Finds the largest stored weight of every term by asking the engine for each term's best document, and keeps the table beside the index (see
 * `ceiling-store.ts`). Its cost follows from the vocabulary, hardly from the number of documents.
 * @param vocabulary of the index's model: it is not checked here.
 * @throws {CopiesLag}
 */
export async function buildCeilings(
  index: OpenedField,
  vocabulary: Vocabulary,
  { onProgress, ...options }: BuildOptions = {},
): Promise<Ceilings> {
  if (hasLaggingCopies(index.description)) throw new CopiesLag(index.name);
  // The table is kept for the concrete index: an alias may filter it, or move while it is asked.
  const { name } = index.description;
  // The mark comes first: what is written after it makes the table old, whether or not the searches below see it.
  const mark = await index.engine.writeMark(name, options);
  await index.engine.refresh(name, options);
  const weights = new Float32Array(vocabulary.size);
  for (let start = 0; start < vocabulary.size; start += TERMS_PER_REQUEST) {
    const tokens = vocabulary.tokens.slice(start, start + TERMS_PER_REQUEST);
    const answers = await index.engine.multiSearch(
      name,
      tokens.map((token) => bestOf(index, token)),
      options,
    );
    answers.forEach(({ hits }, i) => {
      weights[start + i] = hits[0]?.score ?? 0;
    });
    onProgress?.(start + tokens.length);
  }
  const ceilings = { vocabulary: vocabulary.fingerprint, mark, weights };
  await storeCeilings(index, ceilings, options);
  return ceilings;
}

/** The score of the best document for a term of weight 1 is the term's largest stored weight. */
function bestOf({ dialect, field }: OpenedField, token: string) {
  const query = dialect.query(field, [{ name: dialect.names.nameOf(token), weight: 1 }]);
  return { query, size: 1, track_total_hits: false, _source: false };
}

import type { JsonObject } from '../../dialect/dialect.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { IndexExists, IndexNotFound } from '../../engine/engine-faults.js';
import { DEFAULT_RETRY } from '../bulk/backoff.js';
import { writeForGood } from '../bulk/write-for-good.js';

/** The small index in which the processes of a reindex tell each other how far they are. */
const NOTES = 'termweave-runs';
const MOST_SLICES = 1000;

/** One part of a reindex: `part` from 1 to `of`. */
export interface SliceNote {
  readonly copy: string;
  readonly source: string;
  readonly part: number;
  readonly of: number;
  readonly state: 'running' | 'done';
  /** Documents of this part that are in the copy. */
  readonly documents: number;
  readonly failed: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Writes down how far a part is. */
export async function noteSlice(engine: Engine, note: SliceNote, { signal }: RequestOptions): Promise<void> {
  const id = `${note.copy}.${note.part}of${note.of}`;
  await writeForGood(engine, NOTES, [{ kind: 'index', id, source: { ...note } }], { signal, retry: DEFAULT_RETRY });
}

/** Makes the index of notes, if it is not there. */
export async function prepareNotes(engine: Engine, options: RequestOptions): Promise<void> {
  const mappings = { dynamic: false, properties: { copy: { type: 'keyword' } } };
  try {
    await engine.createIndex(NOTES, { settings: { index: { number_of_shards: 1 } }, mappings }, options);
  } catch (thrown) {
    if (!(thrown instanceof IndexExists)) throw thrown;
  }
}

/** What the parts of a copy have written down, in their order. */
export async function readSlices(engine: Engine, copy: string, { signal }: RequestOptions): Promise<SliceNote[]> {
  try {
    await engine.refresh(NOTES, { signal });
    const { hits } = await engine.search(NOTES, { query: { term: { copy } }, size: MOST_SLICES }, { signal });
    return hits.map(({ source }) => source as JsonObject as unknown as SliceNote).sort((a, b) => a.part - b.part);
  } catch (thrown) {
    if (thrown instanceof IndexNotFound) return [];
    throw thrown;
  }
}

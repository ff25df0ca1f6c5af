import type { Engine, RequestOptions } from '../../engine/engine.js';
import { IndexNotFound } from '../../engine/engine-faults.js';
import { NOTES, writeNote } from './notes.js';

const MOST_SLICES = 1000;
/** A process that has not written for so long is taken for dead. */
const ALIVE_MS = 120_000;

/** One part of a reindex: `part` from 1 to `of`. */
export interface SliceNote {
  readonly copy: string;
  readonly source: string;
  /** The number of the run that it belongs to: see `joinRun`. */
  readonly run: number;
  readonly part: number;
  readonly of: number;
  /** `ended`: broken off; the same command goes on. */
  readonly state: 'running' | 'done' | 'ended';
  /** Documents of this part that are in the copy. */
  readonly documents: number;
  readonly failed: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Writes down how far a part is. */
export async function noteSlice(engine: Engine, note: SliceNote, options: RequestOptions): Promise<void> {
  const id = `${note.copy}.${note.part}of${note.of}`;
  await writeNote(engine, { kind: 'index', id, source: { ...note } }, options);
}

/** What the parts of a copy have written down, in their order; those of earlier runs are among them. */
export async function readSlices(engine: Engine, copy: string, { signal }: RequestOptions): Promise<SliceNote[]> {
  try {
    await engine.refresh(NOTES, { signal });
    const { hits } = await engine.search(NOTES, { query: { term: { copy } }, size: MOST_SLICES }, { signal });
    return hits.map(({ source }) => source as unknown as SliceNote).sort((a, b) => a.part - b.part);
  } catch (thrown) {
    if (thrown instanceof IndexNotFound) return [];
    throw thrown;
  }
}

/** Whether a process is at work on a part, as far as its notes tell. */
export function isLoading({ state, at }: SliceNote): boolean {
  return state === 'running' && Date.now() - at < ALIVE_MS;
}

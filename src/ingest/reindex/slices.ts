import type { Engine, RequestOptions } from '../../engine/engine.js';
import { documentsByKey } from './documents-by-key.js';
import { NOTES, writeNote } from './notes.js';

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
  const id = idOf(note.copy, note.part, note.of);
  await writeNote(engine, { kind: 'index', id, source: { ...note } }, options);
}

/** What the parts of a copy that is made in `of` have written down, in their order; those of earlier runs are among them. */
export async function readSlices(
  engine: Engine,
  copy: string,
  of: number,
  { signal }: RequestOptions,
): Promise<SliceNote[]> {
  const ids = Array.from({ length: of }, (_, i) => ({ id: idOf(copy, i + 1, of) }));
  // By id, which sees every note at once, however many others there are.
  const found = await documentsByKey(engine, NOTES, ids, signal);
  return [...found.values()].flatMap(({ _source }) => (_source ? [_source as unknown as SliceNote] : []));
}

function idOf(copy: string, part: number, of: number): string {
  return `${copy}.${part}of${of}`;
}

/** Whether a process is at work on a part, as far as its notes tell. */
export function isLoading({ state, at }: SliceNote): boolean {
  return state === 'running' && Date.now() - at < ALIVE_MS;
}

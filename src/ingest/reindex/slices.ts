import type { Engine, RequestOptions } from '../../engine/engine.js';
import type { CopyReport } from './copy-documents.js';
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
  /** Of a part whose failed documents are tried again: whether it was done before. */
  readonly wasDone?: boolean;
  /** Documents of this part that are in the copy. */
  readonly documents: number;
  readonly failed: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a note says of how a part stands. */
type Account = Pick<SliceNote, 'state' | 'wasDone' | 'documents' | 'failed'>;

/** Of a part that is read from its beginning: what has been brought of it, or was there. */
export function accountOfWhole(state: SliceNote['state'], report: CopyReport | undefined): Account {
  const { indexed = 0, unchanged = 0, failed = 0 } = report ?? {};
  return { state, documents: indexed + unchanged, failed };
}

/**
 * Of a part of which only documents that failed are tried again: they come to those that it has. Broken off, it is as far as it was, done if it was
 * done; what had failed in it counts as failed until all of that has been tried.
 */
export function accountOfRetry(earlier: Account | undefined) {
  const { documents = 0, failed = 0 } = earlier ?? {};
  const wasDone = earlier?.state === 'done' || earlier?.wasDone === true;
  return (state: SliceNote['state'], report: CopyReport | undefined): Account => {
    const added = (report?.indexed ?? 0) - (report?.updated ?? 0);
    return {
      state: state === 'done' && !wasDone ? 'ended' : state,
      wasDone,
      documents: documents + added,
      failed: state === 'done' ? (report?.failed ?? 0) : failed,
    };
  };
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

/** What the parts of one run have written down, in their order. */
export async function slicesOf(
  engine: Engine,
  copy: string,
  { number, of }: { readonly number: number; readonly of: number },
  options: RequestOptions,
): Promise<SliceNote[]> {
  const slices = await readSlices(engine, copy, of, options);
  return slices.filter(({ run }) => run === number);
}

function idOf(copy: string, part: number, of: number): string {
  return `${copy}.${part}of${of}`;
}

/** Whether a part is whole: done, or done before a retry that nobody is at work on any more. */
export function isDone(note: SliceNote): boolean {
  return note.state === 'done' || (note.wasDone === true && !isLoading(note));
}

/** Whether a process is at work on a part, as far as its notes tell. */
export function isLoading({ state, at }: SliceNote): boolean {
  return state === 'running' && Date.now() - at < ALIVE_MS;
}

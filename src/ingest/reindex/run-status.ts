import type { Engine, RequestOptions } from '../../engine/engine.js';
import { NoRunOfCopy } from './run-faults.js';
import { type Run, readRun } from './runs.js';
import { isLoading, type SliceNote, slicesOf } from './slices.js';

/** How far the last run of a copy is. */
export interface RunStatus {
  readonly source: string;
  /** `loading`: slices are being brought, or wait for somebody to go on; `finishing`: one process checks; `done`. */
  readonly state: Run['state'];
  /** What the slices have noted, in their order. */
  readonly slices: readonly SliceNote[];
  /** Slices that have noted nothing in this run, as `3/16`. */
  readonly missing: readonly string[];
  readonly documents: number;
  readonly failed: number;
  /** Slices at which a process is at work, as far as its notes tell. */
  readonly running: number;
}

/** Adds up what the processes of a copy's last run have noted. @throws {@link NoRunOfCopy} */
export async function runStatus(engine: Engine, copy: string, options: RequestOptions): Promise<RunStatus> {
  const found = await readRun(engine, copy, options);
  if (!found) throw new NoRunOfCopy(copy);
  const { of, state, source } = found.run;
  const slices = await slicesOf(engine, copy, found.run, options);
  const there = new Set(slices.map(({ part }) => part));
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((part) => !there.has(part));
  return {
    ...{ source, state, slices, missing: missing.map((part) => `${part}/${of}`) },
    documents: slices.reduce((sum, { documents }) => sum + documents, 0),
    failed: slices.reduce((sum, { failed }) => sum + failed, 0),
    running: slices.filter(isLoading).length,
  };
}

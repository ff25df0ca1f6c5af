import type { Engine, RequestOptions, Write } from '../../engine/engine.js';
import { EngineRefused, IndexExists } from '../../engine/engine-faults.js';
import { retryOf } from '../bulk/patient-engine.js';
import { writeForGood } from '../bulk/write-for-good.js';

/** The small index in which the processes of a reindex tell each other how far they are. */
export const NOTES = 'termweave-runs';

const CONFLICT = 409;

/** Makes the index of notes, if it is not there. */
export async function prepareNotes(engine: Engine, options: RequestOptions): Promise<void> {
  const mappings = { dynamic: false, properties: { copy: { type: 'keyword' } } };
  try {
    await engine.createIndex(NOTES, { settings: { index: { number_of_shards: 1 } }, mappings }, options);
  } catch (thrown) {
    if (!(thrown instanceof IndexExists)) throw thrown;
  }
}

/**
 * Writes a note. @returns false where the write was conditional and another process was quicker.
 * @throws {EngineRefused} where the engine refuses it: a process that cannot leave notes must not go on as if it could.
 */
export async function writeNote(engine: Engine, write: Write, { signal }: RequestOptions): Promise<boolean> {
  const [outcome] = await writeForGood(engine, NOTES, [write], { signal, retry: retryOf(engine) });
  if (outcome!.ok) return true;
  const { status, type, reason } = outcome!;
  if (status === CONFLICT) return false;
  throw new EngineRefused(`write to index ${NOTES}`, status, type, reason);
}

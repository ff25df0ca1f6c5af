import type { DeadLetterFile, DeadLetterFileOptions } from '../ingest/dead-letter-file.js';
import { mustTakeFile } from './place-to-write.js';

/**
 * The file of dead letters of a run. One that could not be written is refused here, before the run: not hours later, at the first document
 * that fails.
 * @throws {InvalidOption}
 */
export async function deadLettersAt(path: string, options: DeadLetterFileOptions): Promise<DeadLetterFile> {
  await mustTakeFile(path, '--dead-letters FILE', { beside: true });
  const { DeadLetterFile } = await import('../ingest/dead-letter-file.js');
  return new DeadLetterFile(path, options);
}

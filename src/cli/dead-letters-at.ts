import type { DeadLetterFile, DeadLetterFileOptions } from '../ingest/dead-letter-file.js';
import { InvalidOption } from './invalid-option.js';
import { mustTakeFile } from './place-to-write.js';

/**
 * The file of dead letters of a run. One that could not be written, or holds something else, is refused here, before the run: not hours
 * later, at the first document that fails.
 * @throws {InvalidOption}
 */
export async function deadLettersAt(path: string, options: DeadLetterFileOptions): Promise<DeadLetterFile> {
  await mustTakeFile(path, '--dead-letters FILE', { beside: true });
  const { DeadLetterFile, holdsOtherThanLetters } = await import('../ingest/dead-letter-file.js');
  if (await holdsOtherThanLetters(path)) {
    throw new InvalidOption({
      asked: `write dead letters to ${path}`,
      found: 'a file whose first line is no dead letter',
      remedy: 'Name another file, with --dead-letters FILE: this one would be written anew',
    });
  }
  return new DeadLetterFile(path, options);
}

import { type Command, Option } from 'commander';
import { DIALECT_NAMES, type DialectName } from '../dialect/dialect.js';
import type { Passages } from '../encoder/passages.js';
import { type Pruning, parsePruning } from '../sparse/pruning.js';
import { InvalidOption } from './invalid-option.js';
import { passagesOption } from './option-values.js';

/** The options of every command that writes vectors into an index: which fields, and how they are made. */
export interface VectorOptions {
  readonly field?: string;
  readonly perField?: boolean;
  readonly passages?: Passages;
  readonly keepPassages?: boolean;
  readonly prune?: Pruning;
  readonly dialect?: DialectName;
}

/** Adds the options that say how the vectors of an index are made. */
export function withVectorOptions(command: Command): Command {
  return command
    .option('--field <NAME>', 'the vector field (default: splade)')
    .option(
      '--per-field',
      'a vector field for each text field, as in splade_title; its name begins with that of --field',
    )
    .option(
      '--passages <TOKENS/OVERLAP>',
      'long texts in overlapping passages, at sentence ends, the vector their maximum (default: cut)',
      passagesOption,
    )
    .option('--keep-passages', 'with --passages: each with its text and its own vector; the best one scores')
    .option('--prune <PRUNING>', 'as in topK(128) or atLeast(0.05)+topK(256) (default: keep all)', parsePruning)
    .addOption(new Option('--dialect <NAME>', "default: the engine's best").choices([...DIALECT_NAMES]));
}

/** The passages that options ask for. @throws {InvalidOption} for `--keep-passages` alone. */
export function passagesAsked({ passages, keepPassages }: VectorOptions): Passages | undefined {
  if (!keepPassages) return passages;
  if (passages) return { ...passages, kept: true };
  throw new InvalidOption({
    asked: '--keep-passages',
    found: 'no --passages',
    remedy: 'Say how long passages are, as in --passages 256/32',
  });
}

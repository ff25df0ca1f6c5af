import { type Command, Option } from 'commander';
import { DIALECT_NAMES, type DialectName } from '../dialect/dialect.js';
import type { Passages } from '../encoder/passages.js';
import { type Pruning, parsePruning } from '../sparse/pruning.js';
import { passagesOption } from './option-values.js';

/** The options of every command that writes vectors into an index: which fields, and how they are made. */
export interface VectorOptions {
  readonly field?: string;
  readonly perField?: boolean;
  readonly passages?: Passages;
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
    .option('--prune <PRUNING>', 'as in topK(128) or atLeast(0.05)+topK(256) (default: keep all)', parsePruning)
    .addOption(new Option('--dialect <NAME>', "default: the engine's best").choices([...DIALECT_NAMES]));
}

import type { Command } from 'commander';
import { type IndexAndEncoderOptions, openIndexAndEncoder, withIndexAndEncoderOptions } from './index-and-encoder.js';
import { interruption } from './interruption.js';
import { printJson, say } from './output.js';

const EXAMPLES = `
Examples:
  $ termweave ceilings books
  $ termweave search books "how does a fox hunt" --two-phase`;

/** `termweave ceilings INDEX`: the table that proves searches in two phases exact. */
export function addCeilings(program: Command): void {
  const command = program
    .command('ceilings <index>')
    .description(
      "keep each term's largest stored weight beside an index, until the next write: searches in two phases can then be proved exact",
    );
  withIndexAndEncoderOptions(command).addHelpText('after', EXAMPLES).action(ceilingsCommand);
}

async function ceilingsCommand(name: string, options: IndexAndEncoderOptions): Promise<void> {
  const { buildCeilings } = await import('../retrieve/two-phase/build-ceilings.js');
  await using opened = await openIndexAndEncoder(name, options);
  const { index, encoder } = opened;
  const { mark, weights } = await buildCeilings(index, encoder.vocabulary, {
    signal: interruption,
    onProgress: (done) => void (done % 5000 === 0 && say(`${done} of ${encoder.vocabulary.size} terms`)),
  });
  const terms = weights.filter((weight) => weight > 0).length;
  printJson({ index: name, field: index.field, terms, largest: Math.max(...weights), mark });
}

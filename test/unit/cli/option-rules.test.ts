import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/main.js';

/** Reads a command line that must be refused before anything is done. */
async function refusal(words: string): Promise<unknown> {
  const program = buildProgram();
  silence(program);
  return program.parseAsync(['node', 'termweave', ...words.split(' ')]).then(
    () => 'it was run',
    (thrown) => thrown,
  );
}

function silence(command: Command): void {
  command.showHelpAfterError(false).configureOutput({ outputError: () => undefined });
  for (const one of command.commands) silence(one);
}

describe('options that say nothing together, or nothing alone, are refused', () => {
  it.each([
    ['encode fox --jsonl --json', '--json'],
    ['encode --bench --as query', '--as'],
    ['encode --bench --prune topK(3)', '--prune'],
    ['encode --bench --jsonl', '--jsonl'],
    ['demo --url http://127.0.0.1:1 --engine memory', '--engine'],
    ['connect opensearch --service http://a:1 --index b --text c --print --apply-settings', '--apply-settings'],
  ])('%s', async (words, other) => {
    expect(await refusal(words)).toMatchObject({
      code: 'commander.conflictingOption',
      message: expect.stringContaining(other),
    });
  });

  it.each([
    ['encode fox --text title', '--jsonl'],
    ['encode fox --out v', '--jsonl'],
    ['encode fox --broken answer', '--jsonl'],
    ['search books fox --one-request', '--two-phase'],
    ['eval scifact --per-query', '--json'],
    ['dump books --json', '--to'],
    ['demo --text title', '--corpus'],
    ['reindex shop --to copy --follow-overlap 10m', '--follow'],
  ])('%s', async (words, missing) => {
    expect(await refusal(words)).toMatchObject({
      code: 'termweave.optionAlone',
      message: expect.stringContaining(`without '${missing}'`),
    });
  });
});

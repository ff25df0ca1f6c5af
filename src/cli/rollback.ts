import type { Command } from 'commander';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { print, printJson } from './output.js';
import { toldWaits } from './told-waits.js';

const EXAMPLES = `
Examples:
  $ termweave rollback shop-search`;

/** `termweave rollback ALIAS` */
export function addRollback(program: Command): void {
  const command = program
    .command('rollback <alias>')
    .description('move an alias back to where it stood before reindex moved it, in one step')
    .option('--json', 'one JSON value: {"alias","from","to":[...]}');
  withEngineOptions(command).addHelpText('after', EXAMPLES).action(rollback);
}

async function rollback(alias: string, options: EngineOptions & { readonly json?: boolean }): Promise<void> {
  const { rollBackAlias } = await import('../ingest/reindex/alias.js');
  await using engine = await openEngine(options);
  const moved = await rollBackAlias(engine, alias, { retry: toldWaits(), signal: interruption });
  if (options.json) printJson(moved);
  else print(`${alias}: from ${moved.from} back to ${moved.to.join(', ')}`);
}

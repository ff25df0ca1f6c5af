import type { Command } from 'commander';
import pc from 'picocolors';
import type { SyncResult } from '../ingest/reindex/sync.js';
import { deadLettersAt } from './dead-letters-at.js';
import { type EngineOptions, openEngine, withEngineOptions } from './engine-options.js';
import { interruption } from './interruption.js';
import { type ModelOptions, openEncoder, withModelOptions } from './model-options.js';
import { ExitCode } from './outcome.js';
import { print, printJson, say } from './output.js';
import { toldWaits } from './told-waits.js';

interface SyncOptions extends EngineOptions, ModelOptions {
  readonly to: string;
  readonly deadLetters?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ termweave sync shop --to shop-splade
  $ termweave sync shop --to shop-splade --json | jq .updated`;

/** `termweave sync SOURCE --to COPY` */
export function addSync(program: Command): void {
  const command = program
    .command('sync <source>')
    .description('bring a copy made by reindex up to its source: encode only what changed, delete what is gone')
    .requiredOption('--to <NAME>', 'the copy')
    .option('--dead-letters <FILE>', 'where failed documents go (default: COPY.dead-letters.jsonl)')
    .option('--json', 'one JSON value: {"added","updated","deleted","unchanged","failed","kept"}');
  withModelOptions(withEngineOptions(command)).addHelpText('after', EXAMPLES).action(run);
}

async function run(source: string, options: SyncOptions): Promise<void> {
  const { sync } = await import('../ingest/reindex/sync.js');
  await using deadLetters = await deadLettersAt(options.deadLetters ?? `${options.to}.dead-letters.jsonl`, { source });
  await using engine = await openEngine(options);
  await using encoder = await openEncoder(options);
  const all = { encoder, deadLetters, retry: toldWaits(), signal: interruption };
  const result = await sync(engine, source, options.to, all);
  try {
    await deadLetters.settle();
  } finally {
    tell(result, source, options, deadLetters.path);
  }
}

function tell(result: SyncResult, source: string, { to, json }: SyncOptions, deadLetters: string): void {
  const { added, updated, deleted, unchanged, failed, kept } = result;
  if (failed > 0) {
    say(pc.red(`${failed} failed: see ${deadLetters}`));
    process.exitCode = ExitCode.negative;
  }
  if (kept > 0) say(`${kept} documents that others wrote into ${to} are kept; ${source} does not have them`);
  if (json) printJson(result);
  else print(`${added} added, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged in ${to}`);
}

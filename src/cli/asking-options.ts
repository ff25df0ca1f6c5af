import type { Command } from 'commander';
import type { Asking } from '../evaluate/systems/system.js';
import { type Pruning, parsePruning } from '../sparse/pruning.js';
import { conflicts } from './option-rules.js';

/** How the vectors of searches are asked: the values of {@link withAskingOptions}. */
export interface AskingOptions {
  readonly prune?: Pruning;
  readonly config?: string;
}

/**
 * Adds `--prune` and `--config`.
 * @param strategy the command's own option that a configuration stands for, too.
 */
export function withAskingOptions(command: Command, strategy: string): Command {
  command
    .option('--prune <PRUNING>', "of the query's terms, as in topK(24) or ratioOfMax(0.3)", parsePruning)
    .option('--config <FILE>', 'ask as the pick of `termweave tune --write FILE`');
  return conflicts(command, '--config', '--prune', strategy);
}

/** The strategy that a system asks by; none where it leaves that open. */
export function strategyOf({ fusion, window }: Asking): 'hybrid' | 'rescore' | undefined {
  if (fusion) return 'hybrid';
  return window === undefined ? undefined : 'rescore';
}

/** What those options say: of a configuration, the system that it names. @throws {InvalidOption} {UnknownSystem} */
export async function askingOf({ prune, config }: AskingOptions): Promise<Asking> {
  if (config === undefined) return { pruning: prune };
  return (await import('./tuned-configuration.js')).readTunedAsking(config);
}

import { Command, CommanderError } from 'commander';
import { addCeilings } from './ceilings.js';
import { addConnect, addDisconnect } from './connect.js';
import { addDemo } from './demo.js';
import { addDump } from './dump.js';
import { addEncode } from './encode.js';
import { addEval } from './eval.js';
import { addExplain } from './explain.js';
import { addExplore } from './explore.js';
import { addExport } from './export.js';
import { addGateway } from './gateway.js';
import { addImport } from './import.js';
import { addIndex } from './index-command.js';
import { endOf, interruptible } from './interruption.js';
import { addMapping } from './mapping.js';
import { addModel } from './model.js';
import { closingFailuresOf, ExitCode, exitCodeOf, failureOf, reportFailure, WrongUsage } from './outcome.js';
import { printed } from './output.js';
import { packageVersion } from './package-version.js';
import { addReindex } from './reindex.js';
import { addRollback } from './rollback.js';
import { addSandbox } from './sandbox.js';
import { addSearch } from './search.js';
import { addServe } from './serve.js';
import { addStats } from './stats.js';
import { addSync } from './sync.js';
import { addTranslate } from './translate.js';
import { addTune } from './tune.js';
import { addVerify } from './verify.js';

/** Each command, in the order of `--help`: adds itself to the program. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  addDemo,
  addModel,
  addEncode,
  addMapping,
  addIndex,
  addReindex,
  addSync,
  addRollback,
  addSearch,
  addTranslate,
  addExplain,
  addExplore,
  addCeilings,
  addVerify,
  addEval,
  addStats,
  addTune,
  addDump,
  addExport,
  addImport,
  addServe,
  addGateway,
  addConnect,
  addDisconnect,
  addSandbox,
];

/**
 * The `termweave` command line. Each command lives in a file of its own and loads its room only when it runs, so that
 * `--help` answers at once.
 * @param argv as `process.argv`: the first two entries are the runtime and the script.
 * @returns the exit code: see {@link ExitCode}.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  const program = buildProgram();
  if (json) silence(program);
  try {
    await interruptible(() => program.parseAsync([...argv]));
    await printed();
    return Number(process.exitCode ?? ExitCode.success);
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.success;
    const failure = thrown instanceof CommanderError ? new WrongUsage(thrown) : endOf(failureOf(thrown));
    // For a person, commander has said it already, with its own hints.
    if (json || !(failure instanceof WrongUsage)) reportFailure(failure, json);
    for (const one of closingFailuresOf(thrown)) reportFailure(one, json);
    return exitCodeOf(failure);
  }
}

/** Leaves wrong usage to be told as JSON. */
function silence(command: Command): void {
  command.showHelpAfterError(false).configureOutput({ outputError: () => undefined });
  for (const one of command.commands) silence(one);
}

/** The whole tree of commands: what `--help` and docs/cli.md are made of. */
export function buildProgram(): Command {
  const program = new Command('termweave')
    .description(
      'SPLADE for the search engine you already run: encode, index, search and verify on Elasticsearch and OpenSearch.',
    )
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options and examples)')
    // `termweave sandbox up --version 7.17` means the engine's version.
    .enablePositionalOptions()
    .exitOverride();
  for (const add of COMMANDS) add(program);
  // Commander copies exitOverride to a command only where the command is made by the program itself.
  for (const command of program.commands) command.exitOverride();
  return program;
}

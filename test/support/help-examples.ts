import type { Command } from 'commander';

/** A command and the examples that its `--help` gives. */
export interface CommandExamples {
  readonly name: string;
  readonly examples: readonly string[];
}

/** The examples of every command under a program, in the order of `--help`: lines that begin with `$ ` after `Examples:`. */
export function examplesOf(program: Command): CommandExamples[] {
  return program.commands.flatMap((command) => commandsUnder(command, 'termweave'));
}

function commandsUnder(command: Command, parent: string): CommandExamples[] {
  const name = `${parent} ${command.name()}`;
  const [, examples = ''] = helpOf(command).split('Examples:');
  const lines = [...examples.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => line!);
  return [{ name, examples: lines }, ...command.commands.flatMap((under) => commandsUnder(under, name))];
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

const DEMO = 'brings up an engine and reads thousands of files; `npm run demo` is run by hand';
const ML = 'needs an engine with ml-commons: test/contract/connector runs it on one';

/** Examples that cannot be run here, and why. Every other one is. */
export const NOT_RUN_EXAMPLES: readonly (readonly [example: RegExp, reason: string])[] = [
  [/^npm run demo/, DEMO],
  [/^termweave model pull .+\//, 'fetches from the hub'],
  [/^termweave connect opensearch .*--apply-settings/, ML],
  [/^termweave disconnect/, ML],
];

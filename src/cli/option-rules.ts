import type { Command } from 'commander';

/**
 * Refuses an option that says nothing without another one, as commander refuses those that contradict each other (`Option.conflicts`).
 * @param option its long flag, as in `--text`.
 * @param others at least one of these must stand beside it.
 */
export function needs(command: Command, option: string, ...others: readonly string[]): Command {
  return command.hook('preAction', (_, acting) => {
    if (acting !== command || !isGiven(command, option) || others.some((other) => isGiven(command, other))) return;
    command.error(`error: option '${option}' says nothing without '${others.join("' or '")}'`, {
      code: 'termweave.optionAlone',
    });
  });
}

/** Refuses two options that contradict each other. */
export function conflicts(command: Command, option: string, ...others: readonly string[]): Command {
  declared(command, option).conflicts(others.map((other) => declared(command, other).attributeName()));
  return command;
}

function isGiven(command: Command, flag: string): boolean {
  const source = command.getOptionValueSource(declared(command, flag).attributeName());
  return source !== undefined && source !== 'default';
}

function declared(command: Command, flag: string) {
  return command.options.find(({ long }) => long === flag)!;
}

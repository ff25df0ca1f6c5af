import pc from 'picocolors';
import { Fault, messageOf } from '../fault/fault.js';
import { FileSystemFault } from './file-system-fault.js';
import { Interrupted } from './interruption.js';
import { ReaderGone, say } from './output.js';

/** What the shell is told. */
export const ExitCode = {
  success: 0,
  /** The command ran to its end and the answer is no: scores disagree, documents failed. */
  negative: 1,
  /** The words or the data given cannot be used. */
  input: 2,
  /** Something outside is missing or broken: engine, model, Java, disk. */
  environment: 3,
  /** A defect of termweave itself. */
  defect: 70,
  interrupted: 130,
  /** 128 + SIGPIPE, as of a program that the signal ends. */
  readerGone: 141,
} as const;

/** A command line that cannot be read: an unknown command or option, a value that does not fit. */
export class WrongUsage extends Fault {
  readonly code = 'USAGE_WRONG';
  constructor(cause: Error) {
    super({
      asked: 'read the command line',
      found: cause.message.replace(/^error: /, ''),
      remedy: 'Add --help for the options and examples',
      cause,
    });
  }
}

/**
 * What to tell of a thrown thing: the first failure, where closing what was open failed after it (`await using` makes one error of both); and
 * of an error of the file system the fault that it stands for.
 */
export function failureOf(thrown: unknown): unknown {
  let first = thrown;
  while (isSuppressed(first)) first = first.suppressed;
  return FileSystemFault.of(first) ?? first;
}

/** What failed besides while what was open was being closed: dead letters that could not be put in their place, say. */
export function closingFailuresOf(thrown: unknown): unknown[] {
  const failures: unknown[] = [];
  for (let one = thrown; isSuppressed(one); one = one.suppressed)
    failures.push(FileSystemFault.of(one.error) ?? one.error);
  return failures;
}

function isSuppressed(thrown: unknown): thrown is SuppressedError {
  return (thrown as Partial<Error> | undefined)?.name === 'SuppressedError';
}

/** The exit code that a thrown thing ends the process with. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof Interrupted) return ExitCode.interrupted;
  if (thrown instanceof ReaderGone) return ExitCode.readerGone;
  if (thrown instanceof Fault) return ExitCode[thrown.kind];
  return ExitCode.defect;
}

/**
 * Says on stderr what went wrong: four lines for a person, one JSON object where `--json` was asked for. A stack trace is
 * shown for a defect only, and only where `TERMWEAVE_DEBUG` is set.
 */
export function reportFailure(thrown: unknown, json: boolean): void {
  if (thrown instanceof ReaderGone) return;
  if (thrown instanceof Interrupted && !json) say(pc.yellow('interrupted'));
  else if (json) say(JSON.stringify({ error: factsOf(thrown) }));
  else if (thrown instanceof Fault) reportFault(thrown);
  else reportDefect(thrown);
}

function reportFault(fault: Fault): void {
  say(`${pc.red('error')}  ${fault.asked}`);
  say(`found  ${fault.found}`);
  say(`do     ${fault.remedy}`);
  say(pc.dim(`code   ${fault.code}`));
}

function reportDefect(thrown: unknown): void {
  say(`${pc.red('defect')} ${messageOf(thrown)}`);
  if (process.env.TERMWEAVE_DEBUG && thrown instanceof Error) say(thrown.stack ?? '');
  else say(pc.dim('This is a defect of termweave. Run again with TERMWEAVE_DEBUG=1 and report what it prints.'));
}

function factsOf(thrown: unknown): Record<string, unknown> {
  if (thrown instanceof Interrupted) return { code: 'INTERRUPTED', found: 'a signal that asked it to end' };
  if (!(thrown instanceof Fault)) return { code: 'DEFECT', found: messageOf(thrown) };
  const { name, kind, cause, stack, ...facts } = thrown as Fault & Record<string, unknown>;
  return facts;
}

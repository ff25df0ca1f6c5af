import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { exactJson } from '../dialect/exact-number.js';
import { Fault, type FaultKind, messageOf } from '../fault/fault.js';
import { endInOrder, interruption } from './interruption.js';

/** One JSON value on a line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${exactJson(value)}\n`);
}

/** Colours are for a terminal, and wherever they are forced. Where CI has them in its log, whoever reads stdout by a pipe wants none. */
const hasColours = process.stdout.isTTY || Boolean(process.env.FORCE_COLOR);

/** Text on stdout: the answer that was asked for. */
export function print(text: string): void {
  process.stdout.write(`${hasColours ? text : stripVTControlCharacters(text)}\n`);
}

/** Lines on stdout as they come, no faster than whoever reads them. */
export async function writeLines(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) {
    interruption.throwIfAborted();
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain', { signal: interruption });
  }
}

/** Talk: progress, warnings, where to look next. On stderr, so that stdout can be piped. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows under headings, without frames, for stdout. Columns of numbers are aligned to the right. */
export function tableOf(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const isNumeric = (column: number) => rows.every((row) => typeof row[column] === 'number');
  const table = new Table({
    head: [...headings],
    colAligns: headings.map((_, column) => (isNumeric(column) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: FRAMELESS,
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ \t]+$/gm, '');
}

const FRAMELESS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/** What was asked for could not be handed over. */
class OutputUnwritable extends Fault {
  readonly code = 'OUTPUT_UNWRITABLE';
  override readonly kind: FaultKind = 'environment';
  constructor(cause: Error) {
    super({
      asked: 'write to standard output',
      found: messageOf(cause),
      remedy: 'Free the disk or mend what the output goes to, then run it again',
      cause,
    });
  }
}

/** Whoever read stdout has closed it early (`| head`): nothing more is wanted, and nobody is to be told. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

// In order, for what the command has open (an index that loads, letters written aside) outlives it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  endInOrder(
    error.code === 'EPIPE' ? new ReaderGone('stdout was closed', { cause: error }) : new OutputUnwritable(error),
  );
});

// Talk that nobody can hear any more (its log is full, its pipe closed) is no reason to stop the work.
process.stderr.on('error', () => undefined);

/** Waits until what was printed has been taken. @throws {OutputUnwritable} {ReaderGone} */
export async function printed(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write('', () => resolve());
  });
  // A stream says what failed once the write is answered.
  await new Promise(setImmediate);
  const { reason } = interruption;
  if (reason instanceof OutputUnwritable || reason instanceof ReaderGone) throw reason;
}

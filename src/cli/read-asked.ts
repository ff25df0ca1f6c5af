import { readFile } from 'node:fs/promises';
import { messageOf } from '../fault/fault.js';
import { InvalidOption } from './invalid-option.js';

/** The text of a file that an option names. @throws {InvalidOption} */
export async function readAsked(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'ENOENT' ? 'no such file' : messageOf(cause);
    throw new InvalidOption({ asked: `${what} in ${file}`, found, remedy: 'Check the path and its rights', cause });
  });
}

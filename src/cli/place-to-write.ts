import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemReason } from './file-system-fault.js';
import { InvalidOption } from './invalid-option.js';

/**
 * Refuses, before long work, a file that could not be written at its end. Its folder need not be there.
 * @param option the option that names it, or may: the message says so.
 * @param beside whether it is written beside its place and moved there.
 * @throws {InvalidOption}
 */
export async function mustTakeFile(file: string, option: string, { beside }: { beside: boolean }): Promise<void> {
  const there = await statsOf(file);
  if (there?.isDirectory()) throw refused(file, 'a folder', option);
  if (there && !(beside && there.isFile())) return mustBeWritable(file, file, option);
  await mustTakeFolder(dirname(file), option, file);
}

/** Refuses a folder that could neither be made nor written into. @throws {InvalidOption} */
export async function mustTakeFolder(folder: string, option: string, asked = folder): Promise<void> {
  for (let nearest = resolve(folder); ; nearest = dirname(nearest)) {
    const there = await statsOf(nearest);
    if (!there && nearest !== dirname(nearest)) continue;
    if (there && !there.isDirectory()) throw refused(asked, `${nearest} is a file, no folder`, option);
    return mustBeWritable(nearest, asked, option);
  }
}

/** What cannot be looked at is not there: whatever is above it says why. */
async function statsOf(path: string) {
  return stat(path).catch(() => undefined);
}

async function mustBeWritable(place: string, asked: string, option: string): Promise<void> {
  await access(place, constants.W_OK).catch((cause: unknown) => {
    const where = place === asked ? '' : `${place}: `;
    throw refused(asked, `${where}${systemReason(cause)}`, option, cause);
  });
}

function refused(asked: string, found: string, option: string, cause?: unknown): InvalidOption {
  return new InvalidOption({
    asked: `write ${asked}`,
    found,
    remedy: `Name a place that can be written, with ${option}`,
    cause,
  });
}

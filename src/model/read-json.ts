import { readFile } from 'node:fs/promises';
import { messageOf } from '../fault/fault.js';
import { ModelFileBroken, ModelFileMissing } from './model-faults.js';

/**
 * A JSON file of a model; `needed` says what it holds, for the message when it is not there.
 * @throws {ModelFileMissing} {@link ModelFileBroken}
 */
export async function readJson(file: string, needed: string): Promise<unknown> {
  const text = await readText(file);
  if (text === undefined) throw new ModelFileMissing(file, needed);
  return parse(file, text);
}

/** The same for a file that may be absent: then `undefined`. @throws {ModelFileBroken} */
export async function readJsonIfThere(file: string): Promise<unknown> {
  const text = await readText(file);
  return text === undefined ? undefined : parse(file, text);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFileBroken(file, messageOf(thrown), 'Make the file readable');
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new ModelFileBroken(file, `no JSON: ${messageOf(thrown)}`);
  }
}

import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exactJson } from '../dialect/exact-number.js';
import { InvalidOption } from './invalid-option.js';
import { jsonObject } from './option-values.js';
import { say } from './output.js';

/** A configuration file that a pick goes into. */
export interface TunedConfiguration {
  /** Puts a system into it, as `search.system`; what else stands there stays. */
  write(system: string): Promise<void>;
}

/** Opens a configuration, or a new one, before hours go into what is to be written. @throws {InvalidOption} */
export async function openConfiguration(file: string): Promise<TunedConfiguration> {
  const configuration = jsonObject(await writableText(file), `the configuration in ${file}`);
  return {
    async write(system) {
      const search = { ...(configuration.search as object | undefined), system };
      await writeFile(file, `${exactJson({ ...configuration, search }, 2)}\n`);
      say(`${file}: search.system = ${system}`);
    },
  };
}

async function writableText(file: string): Promise<string> {
  try {
    const there = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw cause;
    });
    await access(there === undefined ? dirname(file) : file, constants.W_OK);
    return there ?? '{}';
  } catch (cause) {
    const { message } = cause as Error;
    throw new InvalidOption({ asked: `write ${file}`, found: message, remedy: 'Check the path and its rights', cause });
  }
}

import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exactJson } from '../dialect/exact-number.js';
import type { Asking } from '../evaluate/systems/system.js';
import { InvalidOption } from './invalid-option.js';
import { jsonObject } from './option-values.js';
import { say } from './output.js';
import { readAsked } from './read-asked.js';

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

/**
 * How searches are to be asked by a configuration that `tune --write` has written.
 * @throws {InvalidOption} {UnknownSystem} for one that names no system, or one that no translated search asks as.
 */
export async function readTunedAsking(file: string): Promise<Asking> {
  const { parseSystem } = await import('../evaluate/systems/parse-system.js');
  const asked = `the configuration in ${file}`;
  const { search } = jsonObject(await readAsked(file, 'the configuration'), asked);
  const system = (search as { readonly system?: unknown } | undefined)?.system;
  if (typeof system !== 'string') {
    const remedy =
      'Let `termweave tune --write FILE` put one there, or write {"search":{"system":"splade+prune(topK 24)"}}';
    throw new InvalidOption({ asked, found: 'no search.system', remedy });
  }
  const { asking } = parseSystem(system);
  if (asking) return asking;
  throw new InvalidOption({
    asked: `${asked}, by a translated search`,
    found: `search.system ${JSON.stringify(system)}`,
    remedy:
      'Choose among splade, splade+prune(…) and hybrid(…): bm25 is a search left as it is, two phases are `termweave search --two-phase`, and weak spots are for `eval` to see',
  });
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JsonObject } from '../dialect/dialect.js';
import { exactJson } from '../dialect/exact-number.js';
import type { Asking } from '../evaluate/systems/system.js';
import { InvalidOption } from './invalid-option.js';
import { jsonObject } from './option-values.js';
import { say } from './output.js';
import { mustTakeFile } from './place-to-write.js';
import { readAsked } from './read-asked.js';

/** How searches are asked that no translated one is. */
const ASKED_BY =
  'bm25 is a search left as it is, two phases are `termweave search --two-phase`, and weak spots are for `eval` to see';

/** A configuration file that a pick goes into. */
export interface TunedConfiguration {
  /** Puts a pick into it, as `search.system` and, where its documents are pruned, `search.documents`; what else stands there stays. */
  write(pick: string): Promise<void>;
}

/** Opens a configuration, or a new one, before hours go into what is to be written. @throws {InvalidOption} */
export async function openConfiguration(file: string): Promise<TunedConfiguration> {
  await mustTakeFile(file, '--write', { beside: false });
  const { trialNamed } = await import('../evaluate/tuning/trial.js');
  const { parseSystem } = await import('../evaluate/systems/parse-system.js');
  const configuration = jsonObject(await textThere(file), `the configuration in ${file}`);
  searchIn(configuration, file);
  return {
    async write(pick) {
      const trial = trialNamed(pick);
      const { documents: _, ...kept } = searchIn(configuration, file);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${exactJson({ ...configuration, search: { ...kept, ...trial } }, 2)}\n`);
      say(`${file}: search.system = ${trial.system}`);
      if (trial.documents !== undefined)
        say(`its documents are pruned: make that copy with \`termweave reindex --prune "${trial.documents}"\``);
      if (!parseSystem(trial.system).asking) say(`no --config takes ${trial.system}: ${ASKED_BY}`);
    },
  };
}

/** @throws {InvalidOption} where `search` is there and no object. */
function searchIn({ search = {} }: JsonObject, file: string): JsonObject {
  return jsonObject(exactJson(search), `the configuration in ${file}, its "search"`);
}

/** What stands in the file, which need not be there yet. */
async function textThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '{}';
    throw cause;
  });
}

/**
 * How searches are to be asked by a configuration that `tune --write` has written.
 * @throws {InvalidOption} {UnknownSystem} for one that names no system, or one that no translated search asks as.
 */
export async function readTunedAsking(file: string): Promise<Asking> {
  const { parseSystem } = await import('../evaluate/systems/parse-system.js');
  const asked = `the configuration in ${file}`;
  const { system } = searchIn(jsonObject(await readAsked(file, 'the configuration'), asked), file);
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
    remedy: `Choose among splade, splade+prune(…), rescore(…) and hybrid(…): ${ASKED_BY}`,
  });
}

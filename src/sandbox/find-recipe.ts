import { type Recipe, recipes } from './recipe.js';
import type { EngineName } from './sandbox.js';
import { EngineVersionUnknown } from './sandbox-faults.js';

/**
 * The recipe for an engine: its default, or the newest whose version is `version` or begins with it (`7.17`). A flavour is
 * asked for by name: `3.6.0+ml`.
 * @throws {EngineVersionUnknown} when there is none.
 */
export function findRecipe(engine: EngineName, version?: string): Recipe {
  const ofEngine = recipes.filter((recipe) => recipe.engine === engine);
  if (version === undefined) return ofEngine[0]!;
  const [wanted, flavour] = version.split('+');
  const [newest] = ofEngine
    .filter((recipe) => recipe.flavour === flavour && `${recipe.version}.`.startsWith(`${wanted}.`))
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  if (newest === undefined) throw new EngineVersionUnknown(engine, version, ofEngine.map(versionName));
  return newest;
}

/** A published version, written out: `2.11.1`. */
const WHOLE_VERSION = /^\d+\.\d+\.\d+$/;

/**
 * The version that a container runs: that of the recipe, or any whole one.
 * @throws {EngineVersionUnknown} for a beginning that no recipe has.
 */
export function findVersion(engine: EngineName, version?: string): string {
  return version !== undefined && WHOLE_VERSION.test(version) ? version : findRecipe(engine, version).version;
}

function versionName({ version, flavour }: Recipe): string {
  return flavour === undefined ? version : `${version}+${flavour}`;
}

import { type FetchedEngine, fetchEngine } from './fetch-engine.js';
import { findJdk, type Jdk } from './find-jdk.js';
import { findRecipe } from './find-recipe.js';
import type { Recipe } from './recipe.js';
import type { LaunchOptions } from './sandbox.js';

/** All that a start under Java needs, on this machine. */
export interface PreparedEngine {
  readonly recipe: Recipe;
  readonly jdk: Jdk;
  readonly fetched: FetchedEngine;
}

/**
 * Find Java and fetch the engine, so that a start needs neither network nor time for it.
 * @throws {EngineVersionUnknown} {@link JdkMissing} {@link MavenMissing} {@link ArtifactsUnavailable} {@link LauncherBroken}
 */
export async function prepareEngine(options: LaunchOptions): Promise<PreparedEngine> {
  const recipe = findRecipe(options.engine, options.version);
  const jdk = await findJdk(recipe.java, { javaHome: options.javaHome });
  return { recipe, jdk, fetched: await fetchEngine(recipe, jdk, options) };
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { findRecipe } from './find-recipe.js';
import { startJavaSandbox } from './java-sandbox.js';
import type { Sandbox, SandboxOptions } from './sandbox.js';

export type { EngineName, Sandbox, SandboxOptions } from './sandbox.js';

/** Where engines are kept when nobody says otherwise. */
const defaultHome = join(homedir(), '.cache', 'termweave');

/**
 * Start a throw-away engine on loopback and wait until its cluster is healthy. It ends with `stop()`, at the end of an
 * `await using` block, or with this process, however that ends.
 *
 * ```ts
 * await using sandbox = await startSandbox({ engine: 'opensearch' });
 * await fetch(`${sandbox.url}/_cluster/health`);
 * ```
 *
 * @throws {Fault} EngineVersionUnknown, JdkMissing, MavenMissing, ArtifactsUnavailable, DataFolderUnwritable, DataFolderInUse,
 * DiskFull, PortInUse, NodeDied, StartTimeout (codes `SANDBOX_*`), or the signal's reason.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const recipe = findRecipe(options.engine, options.version);
  return startJavaSandbox(recipe, { ...options, home: options.home ?? defaultHome });
}

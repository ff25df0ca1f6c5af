import { homedir } from 'node:os';
import { join } from 'node:path';
import { findVersion } from './find-recipe.js';
import { startJavaSandbox } from './java-sandbox.js';
import type { LaunchOptions, Sandbox, SandboxOptions } from './sandbox.js';
import { ContainerRuntimeMissing, ImageUnavailable } from './sandbox-faults.js';

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
export function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  return launchSandbox({ ...options, home: options.home ?? defaultHome });
}

/** Launch by the way that was asked for, or by the first that works. */
export async function launchSandbox(options: LaunchOptions): Promise<Sandbox> {
  if (options.via === 'java') return startJavaSandbox(options);
  if (options.via === 'container') return inContainer(options);
  if ((options.nodes ?? 1) > 1 || options.data !== undefined) return startJavaSandbox(options);
  try {
    return await inContainer(options);
  } catch (error) {
    if (!(error instanceof ContainerRuntimeMissing || error instanceof ImageUnavailable)) throw error;
    options.onProgress?.({ step: 'start', detail: `under Java: ${error.found}` });
    return startJavaSandbox(options);
  }
}

/** testcontainers takes a second to load: only those who run containers wait for it. */
async function inContainer(options: LaunchOptions): Promise<Sandbox> {
  const { startContainerSandbox } = await import('./container-sandbox.js');
  return startContainerSandbox({ ...options, version: findVersion(options.engine, options.version) });
}

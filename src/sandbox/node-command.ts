import { join } from 'node:path';
import { DEFAULT_HEAP, DEFAULT_TUNING } from './as-asked.js';
import type { FetchedEngine } from './fetch-engine.js';
import type { Recipe } from './recipe.js';
import type { SandboxOptions } from './sandbox.js';

/** A node's own settings. Watermarks are absolute: a disk that is 96 % full may still have room for many a test. */
export function nodeSettings(recipe: Recipe, fetched: FetchedEngine, folder: string): Record<string, string> {
  const { distribution } = recipe;
  return {
    'path.home': distribution === undefined ? join(folder, 'home') : join(fetched.folder, distribution),
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
    'network.host': '127.0.0.1',
    'http.port': '0',
    'transport.port': '0',
    'cluster.routing.allocation.disk.watermark.low': '300mb',
    'cluster.routing.allocation.disk.watermark.high': '200mb',
    'cluster.routing.allocation.disk.watermark.flood_stage': '100mb',
  };
}

/** Nodes of a cluster listen first and are introduced afterwards, hence no waiting for a leader in between. */
export function discovery(recipe: Recipe, names: readonly string[]): Record<string, string> {
  if (names.length === 1) return { 'discovery.type': 'single-node' };
  return {
    [recipe.firstLeaders]: names.join(','),
    'discovery.seed_providers': 'file',
    'discovery.initial_state_timeout': '0s',
  };
}

const QUICK_TO_START = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** The arguments of `java` that start a node: JVM, class path with the launcher, main class. Settings follow them. */
export function javaCommand(
  recipe: Recipe,
  { heap = DEFAULT_HEAP, tuned = DEFAULT_TUNING }: Pick<SandboxOptions, 'heap' | 'tuned'>,
  fetched: FetchedEngine,
): string[] {
  const jvm = recipe.jvm(join(fetched.folder, recipe.jars));
  const classPath = jvm.indexOf('-cp');
  const withLauncher =
    classPath < 0
      ? [...jvm, '-cp', fetched.launcher]
      : jvm.with(classPath + 1, `${fetched.launcher}:${jvm[classPath + 1]}`);
  return [
    ...(tuned === 'start-up' ? ['-Xms256m', ...QUICK_TO_START] : [`-Xms${heap}`]),
    `-Xmx${heap}`,
    '-Dlog4j2.disable.jmx=true',
    '-Dlog4j.shutdownHookEnabled=false',
    ...withLauncher,
    recipe.launcher.at(-1)!,
  ];
}

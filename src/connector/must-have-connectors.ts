import { traitsOf } from '../dialect/engine-traits.js';
import type { Engine } from '../engine/engine.js';
import { NoConnectors } from './connector-faults.js';

/** ml-commons calls the encoder, neural-search has the processors and the query. */
const PLUGINS = ['opensearch-ml', 'opensearch-neural-search'];

/** Refuses an engine that has no connectors, before anything else is asked of it. @throws {NoConnectors} */
export async function mustHaveConnectors(engine: Engine, index: string, signal?: AbortSignal): Promise<void> {
  const { version } = engine;
  const name = `${version.flavour} ${version.text}`;
  if (!traitsOf(version).hasConnectors) throw new NoConnectors(index, name);
  const there = await pluginsOf(engine, signal);
  const missing = PLUGINS.filter((plugin) => !there.includes(plugin));
  if (missing.length > 0) throw new NoConnectors(index, `${name} without ${missing.join(' and ')}`);
}

async function pluginsOf(engine: Engine, signal?: AbortSignal): Promise<string[]> {
  const query = { filter_path: 'nodes.*.plugins.name' };
  const answer = await engine.request({ method: 'GET', path: '/_nodes/plugins', query, signal });
  const { nodes = {} } = answer as { nodes?: Readonly<Record<string, { plugins?: readonly { name: string }[] }>> };
  return Object.values(nodes).flatMap(({ plugins = [] }) => plugins.map(({ name }) => name));
}

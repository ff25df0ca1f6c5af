import type { JsonObject } from '../dialect/dialect.js';
import type { Engine } from '../engine/engine.js';
import type { Connection } from './connection.js';
import { clusterSettings, ONLY_ML_NODES } from './opensearch-bodies.js';

type Settings = Readonly<Record<'persistent' | 'transient' | 'defaults', JsonObject>>;

/** The settings that the cluster lacks, with the values that it needs; patterns that it has are kept. */
export async function missingClusterSettings(
  engine: Engine,
  connection: Connection,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const query = { flat_settings: 'true', include_defaults: 'true' };
  const answer = (await engine.request({ method: 'GET', path: '/_cluster/settings', query, signal })) as Settings;
  const current = { ...answer.defaults, ...answer.persistent, ...answer.transient };
  const missing: JsonObject = {};
  for (const [name, needed] of Object.entries(await clusterSettings(connection))) {
    const lacking = Array.isArray(needed) ? lackingPatterns(current[name], needed as string[]) : needed;
    if (lacking !== undefined && String(current[name]) !== lacking) missing[name] = lacking;
  }
  if (ONLY_ML_NODES in missing && (await hasMlNode(engine, signal))) delete missing[ONLY_ML_NODES];
  return missing;
}

/** Where a cluster has nodes for models, they may stay the only ones that run them. */
async function hasMlNode(engine: Engine, signal?: AbortSignal): Promise<boolean> {
  const query = { filter_path: 'nodes.*.roles' };
  const answer = await engine.request({ method: 'GET', path: '/_nodes', query, signal });
  const { nodes = {} } = answer as { readonly nodes?: Readonly<Record<string, { readonly roles: readonly string[] }>> };
  return Object.values(nodes).some(({ roles }) => roles.includes('ml'));
}

export async function applyClusterSettings(engine: Engine, settings: JsonObject, signal?: AbortSignal): Promise<void> {
  if (Object.keys(settings).length === 0) return;
  const body = { persistent: settings };
  await engine.request({ method: 'PUT', path: '/_cluster/settings', body, signal });
}

/** The patterns of the cluster and ours, where ours are not all among them. */
function lackingPatterns(current: unknown, needed: readonly string[]): string[] | undefined {
  const present = Array.isArray(current) ? (current as string[]) : [];
  if (needed.every((pattern) => present.includes(pattern))) return undefined;
  return [...new Set([...present, ...needed])];
}

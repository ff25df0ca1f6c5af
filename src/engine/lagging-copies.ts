import type { IndexDescription } from './engine.js';

/**
 * Whether copies of an index's shards may still be behind their primary after a refresh. OpenSearch's segment replication copies segments when they
 * are made, later than the refresh answers; the setting is fixed for the life of an index, whoever chose it (`index.replication.type`, or the cluster's
 * default for new indices).
 */
export function hasLaggingCopies({ settings }: Pick<IndexDescription, 'settings'>): boolean {
  const { index } = settings as { index?: { replication?: { type?: unknown } } };
  return String(index?.replication?.type).toUpperCase() === 'SEGMENT';
}

import { setTimeout as sleep } from 'node:timers/promises';
import { StartTimeout } from './sandbox-faults.js';

const RETRY_MS = 100;

/**
 * Wait until a cluster of `nodes` nodes has elected a leader and allocated every primary shard. Asks `_cluster/health`: it
 * exists on every engine, while `GET /` is missing from Elasticsearch's test distributions.
 * @throws {StartTimeout}, or the signal's reason.
 */
export async function waitForHealth(
  url: string,
  { nodes, timeoutSeconds, signal }: { nodes: number; timeoutSeconds: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const request = `${url}/_cluster/health?wait_for_status=yellow&wait_for_nodes=${nodes}&timeout=2s`;
  let found = 'no answer';
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    try {
      const response = await fetch(request, { signal: AbortSignal.timeout(5_000) });
      found = await response.text();
      if (response.ok) return;
    } catch (error) {
      found = String((error as Error).cause ?? error);
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
  throw new StartTimeout(`a healthy cluster of ${nodes} node(s) at ${url}`, timeoutSeconds, request, found);
}

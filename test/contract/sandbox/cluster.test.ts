import { homeFolder } from '../../../src/cli/settings.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { call } from '../../support/http.js';
import { isAlive } from '../../support/processes.js';

const NODES = 3;

onEveryEngine('a cluster', ({ engine, version }) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ engine, version, nodes: NODES, heap: '512m', via: 'java', home: homeFolder() });
  }, STARTS_ENGINES_MS);
  afterAll(() => sandbox?.stop());

  const nodesSeenBy = async (url: string) => (await call(url, 'GET', '/_cluster/health')).body.number_of_nodes;

  it(
    'is one cluster, seen from each node',
    async () => {
      const seen = await Promise.all(sandbox.nodes.map(({ url }) => nodesSeenBy(url)));
      expect(seen).toEqual([NODES, NODES, NODES]);
    },
    STARTS_ENGINES_MS,
  );

  it(
    'keeps every document while the leader is killed, and takes the node back on the same port',
    async () => {
      const settings = { number_of_shards: 1, number_of_replicas: NODES - 1 };
      await call(sandbox.url, 'PUT', '/kept', { settings });
      await call(sandbox.url, 'GET', '/_cluster/health/kept?wait_for_status=green&timeout=30s');
      for (let id = 0; id < 20; id++) await call(sandbox.url, 'PUT', `/kept/_doc/${id}`, { id });

      const leader = await leaderOf(sandbox);
      const { url, pid } = sandbox.nodes[leader]!;
      await sandbox.killNode(leader);
      expect(isAlive(pid!)).toBe(false);
      await expect(call(url, 'GET', '/_cluster/health')).rejects.toThrow();

      await sandbox.startNode(leader);
      expect(sandbox.nodes[leader]!.url).toBe(url);
      expect(await nodesSeenBy(url)).toBe(NODES);
      await call(url, 'POST', '/kept/_refresh');
      expect((await call(url, 'GET', '/kept/_count')).body.count).toBe(20);
    },
    STARTS_ENGINES_MS,
  );
});

/** Which node, counted from 0, leads: names are `node-1`, `node-2`, … */
async function leaderOf(sandbox: Sandbox): Promise<number> {
  const { body } = await call(sandbox.url, 'GET', '/_cluster/state/master_node,nodes');
  return Number(body.nodes[body.master_node].name.slice('node-'.length)) - 1;
}

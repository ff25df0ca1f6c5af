import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../../../src/cli/settings.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';

onEveryEngine('a sandbox that cannot start', ({ engine, version }) => {
  const own = { engine, version, via: 'java', home: homeFolder() } as const;
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'termweave-faults-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  it(
    'names the port that somebody else listens on',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const port = String((other.address() as AddressInfo).port);
      try {
        const starting = startSandbox({ ...own, data, settings: { 'http.port': port } });
        await expect(starting).rejects.toMatchObject({ code: 'SANDBOX_PORT_IN_USE', port });
      } finally {
        other.close();
      }
    },
    STARTS_ENGINES_MS,
  );

  it(
    'says that another node holds its data',
    async () => {
      await using _holder = await startSandbox({ ...own, data });
      await expect(startSandbox({ ...own, data })).rejects.toMatchObject({ code: 'SANDBOX_DATA_IN_USE' });
    },
    STARTS_ENGINES_MS,
  );

  it(
    'shows the end of the log of a node that dies',
    async () => {
      await expect(startSandbox({ ...own, data, settings: { 'no.such.setting': 'x' } })).rejects.toMatchObject({
        code: 'SANDBOX_NODE_DIED',
        log: expect.stringContaining('no.such.setting'),
        logFile: join(data, 'node-1', 'console.log'),
      });
    },
    STARTS_ENGINES_MS,
  );

  it(
    'gives up on a node that does not answer in time',
    async () => {
      await expect(startSandbox({ ...own, data, timeout: 0.5 })).rejects.toMatchObject({
        code: 'SANDBOX_START_TIMEOUT',
      });
    },
    STARTS_ENGINES_MS,
  );
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bringUp, listStanding, takeDown } from '../../../src/sandbox/standing.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { STARTS_ENGINES_MS } from '../../support/engines.js';
import { call } from '../../support/http.js';

/** `.ci/containers` builds the image and says its name; anywhere else these cases are counted as skipped. */
const image = process.env.TERMWEAVE_TEST_IMAGE;
const own = { engine: 'opensearch', version: '3.8.0', image, heap: '512m' } as const;

const containers = async () =>
  (await promisify(execFile)('docker', ['ps', '--all', '--quiet'])).stdout.split('\n').length;

(image === undefined ? describe.skip : describe)('a sandbox in a container (bash .ci/containers)', () => {
  it(
    'is what a machine with an engine for containers gets, listens on loopback, and is removed',
    async () => {
      const before = await containers();
      const sandbox = await startSandbox(own);
      const [node] = sandbox.nodes;
      expect(node).toEqual({ url: sandbox.url, container: expect.stringMatching(/^[0-9a-f]{64}$/) });
      const { stdout } = await promisify(execFile)('docker', ['port', node!.container!]);
      expect(stdout.trim()).toBe(`9200/tcp -> ${new URL(sandbox.url).host}`);
      await sandbox.stop();
      await sandbox.stop();
      expect(await containers()).toBe(before);
    },
    STARTS_ENGINES_MS,
  );

  it(
    'keeps its data and its port over a crash',
    async () => {
      await using sandbox = await startSandbox(own);
      const { url } = sandbox;
      expect((await call(url, 'PUT', '/kept/_doc/1?refresh=true', { n: 1 })).status).toBe(201);
      await sandbox.killNode(0);
      await expect(call(url, 'GET', '/kept/_count')).rejects.toThrow();
      await sandbox.startNode(0);
      expect((await call(url, 'GET', '/kept/_count')).body.count).toBe(1);
    },
    STARTS_ENGINES_MS,
  );

  it(
    'stands, is found again, and goes down',
    async () => {
      const home = await mkdtemp(join(tmpdir(), 'termweave-standing-'));
      const up = await bringUp({ ...own, home });
      expect(await bringUp({ ...own, home })).toEqual(up);
      expect(await listStanding(home)).toEqual([{ ...up, running: true }]);
      expect(await takeDown(home)).toEqual([up]);
      expect(await listStanding(home)).toEqual([]);
      await expect(call(up.url, 'GET', '/')).rejects.toThrow();
      await rm(home, { recursive: true });
    },
    STARTS_ENGINES_MS,
  );

  it(
    'says which image cannot be had',
    async () => {
      const absent = startSandbox({ ...own, image: 'termweave-sandbox/absent:1', via: 'container' });
      await expect(absent).rejects.toMatchObject({
        code: 'SANDBOX_IMAGE_UNAVAILABLE',
        image: 'termweave-sandbox/absent:1',
      });
    },
    STARTS_ENGINES_MS,
  );

  it(
    'refuses what a container here cannot be',
    async () => {
      const refusal = { code: 'SANDBOX_NOT_IN_CONTAINER' };
      await expect(startSandbox({ ...own, via: 'container', nodes: 3 })).rejects.toMatchObject(refusal);
      await expect(startSandbox({ ...own, via: 'container', data: '/tmp/x' })).rejects.toMatchObject(refusal);
    },
    STARTS_ENGINES_MS,
  );
});

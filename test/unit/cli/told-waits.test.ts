import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toldWaits } from '../../../src/cli/told-waits.js';
import { termweave } from '../../support/command-line.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { tinyCheckpoint } from '../../support/tiny-checkpoint.js';

const AWAY_MS = 4000;
const SOURCE = JSON.stringify({ shop: { aliases: {}, settings: { index: { uuid: 'u' } }, mappings: {} } });

describe('a command whose engine is busy for a while', () => {
  let model: string;
  let home: string;
  beforeAll(async () => {
    model = await tinyCheckpoint();
    home = await mkdtemp(join(tmpdir(), 'termweave-waits-'));
  });

  /** An engine with a source, that has too much to do when it is asked of the target, and then does not let anybody in. */
  async function busyEngine(): Promise<FakeEngine> {
    const engine = await FakeEngine.start();
    let since: number | undefined;
    engine.answer = ({ url }, response) => {
      response.setHeader('content-type', 'application/json');
      if (url === '/') return response.end('{"version":{"number":"3.8.0","distribution":"opensearch"}}');
      if (url === '/shop') return response.end(SOURCE);
      if (!url!.startsWith('/target')) return response.end('{"_shards":{"total":1,"successful":1,"failed":0}}');
      since ??= performance.now();
      const status = performance.now() - since < AWAY_MS ? 429 : 403;
      const error = { type: 'circuit_breaking_exception', reason: 'data too large' };
      return response.writeHead(status).end(JSON.stringify({ error, status }));
    };
    return engine;
  }

  it.each([
    ['index', ['index', '-', '--index', 'target', '--make-ids']],
    ['reindex', ['reindex', 'shop', '--to', 'target', '--text', 'text']],
    ['sync', ['sync', 'shop', '--to', 'target']],
  ])('says so: %s', async (_, args) => {
    await using engine = await busyEngine();
    const all = [
      ...args,
      '--url',
      engine.url,
      '--model',
      model,
      '--workers',
      '1',
      '--dead-letters',
      join(home, 'letters'),
    ];
    const { stdout, stderr } = await termweave(all, { env: { TERMWEAVE_HOME: home }, input: '{"text":"coat"}\n' });
    expect(stderr).toMatch(/^waiting for the engine: .*data too large/m);
    expect(stderr).toContain('ENGINE_ACCESS_DENIED');
    expect(stdout).toBe('');
  });
});

test('short waits are not told of, and long ones not each', () => {
  const told: string[] = [];
  const { onWait } = toldWaits((text) => told.push(text));
  onWait!(300, 'HTTP 503');
  expect(told).toEqual([]);
  for (let i = 0; i < 5; i++) onWait!(3000, 'HTTP 503');
  expect(told).toEqual(['waiting for the engine: HTTP 503']);
});

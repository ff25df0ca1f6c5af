import { toldWaits } from '../../../src/cli/told-waits.js';
import type { WireRequest } from '../../../src/engine/engine.js';
import { makeReady } from '../../../src/ingest/reindex/copy-settings.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { changed } from '../../support/changed-engine.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const OWN = { number_of_replicas: '1', refresh_interval: '5s' };
const LOADING = { number_of_replicas: '0', refresh_interval: '-1' };

describe('a copy that the alias moves to has its own settings', () => {
  it('where the same command was given again while the first was finishing', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const [held, release] = gate();
    let second: Promise<unknown> | undefined;
    let atMove: unknown;
    engine.onRequest = async ({ path }) => {
      if (path === '/_aliases') atMove = engine.settings.get('copy');
      if (!path.startsWith('/_cluster/health') || second) return;
      const [started, start] = gate();
      second = reindexed(engine, 'shop', { to: 'copy', alias: 'search', encoder: encoderThat(start, held) });
      // It has nothing to encode, so that it ends by itself; where it does not, the first must not wait for it.
      await Promise.race([started, second, new Promise((resolve) => setTimeout(resolve, 300))]);
    };
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    expect(atMove).toMatchObject(OWN);
    release();
    await second;
    expect(engine.settings.get('copy')).toMatchObject(OWN);
  });

  it('where the first run was killed, and somebody has added an alias to look at the copy', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    const killed = reindex(engine, 'shop', { to: 'copy', encoder: hashingEncoder(), textFields: ['text'] });
    await killed.next();
    expect(engine.settings.get('copy')).toMatchObject(LOADING);
    engine.aliases.set('look', new Set(['copy']));
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
    expect(engine.settings.get('copy')).toMatchObject(OWN);
  });

  it('where an index template gives the copy an alias, which is taken away', async () => {
    await using engine = new (class extends MemoryCluster {
      override async createIndex(...given: Parameters<MemoryCluster['createIndex']>) {
        await super.createIndex(...given);
        if (given[0] === 'copy') this.aliases.set('all-shops', new Set(['shop', 'copy']));
      }
    })();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    expect(engine.aliases.get('all-shops')).toEqual(new Set(['shop']));
    expect(engine.settings.get('copy')).toMatchObject(OWN);
  });

  it('where an index template gives the copy an alias, and whoever made it was killed before that was taken away', async () => {
    await using engine = new (class extends MemoryCluster {
      override async createIndex(...given: Parameters<MemoryCluster['createIndex']>) {
        await super.createIndex(...given);
        if (given[0] === 'copy') this.aliases.set('all-shops', new Set(['shop', 'copy']));
      }
    })();
    await filledWith(engine, 'shop', TEXTS);
    engine.onRequest = ({ path }) => {
      if (path === '/_aliases') throw new Error('killed');
    };
    await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toThrow('killed');
    engine.onRequest = () => undefined;
    await reindexed(engine, 'shop', { to: 'copy' });
    expect(engine.aliases.get('all-shops')).toEqual(new Set(['shop']));
    engine.aliases.set('look', new Set(['copy']));
    await reindexed(engine, 'shop', { to: 'copy' });
    expect(engine.aliases.get('look')).toEqual(new Set(['copy']));
  });

  it('and keeps what somebody has set there since', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', TEXTS);
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    engine.settings.set('copy', { ...engine.settings.get('copy'), number_of_replicas: '3' });
    await reindexed(engine, 'shop', { to: 'copy', alias: 'search' });
    expect(engine.settings.get('copy')).toMatchObject({ ...OWN, number_of_replicas: '3' });
  });
});

it.each([
  ['there at once', 1, []],
  ['long in coming', 3, ['waiting for the engine: shards of copy are not there yet']],
])('a person is told of replicas that are %s', async (_, looks, expected) => {
  await using engine = new MemoryCluster();
  await filledWith(engine, 'copy', TEXTS);
  let looked = 0;
  const slow = changed(engine, {
    async request({ query }: WireRequest) {
      if (query?.wait_for_no_initializing_shards) looked++;
      return { timed_out: looked < looks, status: 'yellow' };
    },
  });
  const told: string[] = [];
  await makeReady(slow, 'copy', { retry: toldWaits((text) => told.push(text)) });
  expect([told, looked]).toEqual([expected, looks]);
});

function gate(): [Promise<void>, () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}

function encoderThat(start: () => void, held: Promise<void>) {
  const encoder = hashingEncoder();
  return {
    ...encoder,
    async *encodeStream(...given: Parameters<typeof encoder.encodeStream>) {
      start();
      await held;
      yield* encoder.encodeStream(...given);
    },
  };
}

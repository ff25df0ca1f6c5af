import { jest } from '@jest/globals';
import { EngineRefused } from '../../../src/engine/engine-faults.js';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const FIRST = { to: 'copy', slice: { part: 0, of: 2 } };
const SECOND = { to: 'copy', slice: { part: 1, of: 2 } };
const MINUTE = 60_000;
const HOUR = 3_600_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** An engine that is asked for the first time how the copy's replicas are: something happens before it says so. */
async function whileReplicated(happen: (engine: MemoryCluster) => Promise<unknown>): Promise<MemoryCluster> {
  const engine = new MemoryCluster();
  await filledWith(engine, 'shop', TEXTS);
  await reindexed(engine, 'shop', FIRST);
  engine.onRequest = async ({ path }) => {
    if (!path.startsWith('/_cluster/health')) return;
    engine.onRequest = () => undefined;
    await happen(engine);
  };
  return engine;
}

it('is finished by the process that has begun to, however long that takes', async () => {
  expect.assertions(3);
  await using engine = await whileReplicated(async (engine) => {
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(await reindexed(engine, 'shop', FIRST)).toMatchObject({ waitingFor: 0, verified: false });
  });
  expect(await reindexed(engine, 'shop', { ...SECOND, alias: 'search' })).toMatchObject({ verified: true });
  expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
});

it('is finished by the process that has begun to, though the answer to a sign of life was lost', async () => {
  await using engine = await whileReplicated(async (engine) => {
    const bulk = engine.bulk.bind(engine);
    engine.bulk = async (...write) => {
      await bulk(...write);
      throw new EngineRefused('POST /_bulk', 408, 'timeout', 'said by a proxy, for an engine that has written it');
    };
    await jest.advanceTimersByTimeAsync(MINUTE);
    engine.bulk = bulk;
  });
  expect(await reindexed(engine, 'shop', { ...SECOND, alias: 'search' })).toMatchObject({ verified: true });
  expect(engine.aliases.get('search')).toEqual(new Set(['copy']));
});

it('is finished by another process where the one that had begun to is not heard of any more', async () => {
  await using engine = await whileReplicated(async (engine) => {
    // As long as it is held, its event loop turns no timer.
    jest.setSystemTime(Date.now() + HOUR);
    expect(await reindexed(engine, 'shop', FIRST)).toMatchObject({ waitingFor: 0, verified: true });
  });
  expect(await reindexed(engine, 'shop', { ...SECOND, alias: 'search' })).toMatchObject({ verified: false });
  expect(engine.aliases.get('search')).toBeUndefined();
});

it('leaves no timer behind', async () => {
  await using engine = await whileReplicated(async () => undefined);
  await reindexed(engine, 'shop', SECOND);
  expect(jest.getTimerCount()).toBe(0);
});

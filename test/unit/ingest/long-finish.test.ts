import { jest } from '@jest/globals';
import { filledWith, MemoryCluster, reindexed } from '../../support/memory-cluster.js';

const TEXTS = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`d${i}`, `coat number ${i}`]));
const FIRST = { to: 'copy', slice: { part: 0, of: 2 } };
const SECOND = { to: 'copy', slice: { part: 1, of: 2 } };
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
  await using engine = await whileReplicated(async (engine) => {
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(await reindexed(engine, 'shop', FIRST)).toMatchObject({ waitingFor: 0, verified: false });
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

import { setTimeout as sleep } from 'node:timers/promises';
import { chunksOf } from '../../../src/encoder/chunks-of.js';

const collected = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

test('cuts a quick source into full chunks', async () => {
  expect(await collected(chunksOf([1, 2, 3, 4, 5], 2, 1000))).toEqual([[1, 2], [3, 4], [5]]);
  expect(await collected(chunksOf([], 2, 1000))).toEqual([]);
});

test('does not keep the items of a slow source', async () => {
  async function* slow() {
    yield 1;
    await sleep(200);
    yield 2;
  }
  expect(await collected(chunksOf(slow(), 10, 5))).toEqual([[1], [2]]);
});

test('closes its source when the reader stops', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  for await (const _ of chunksOf(endless(), 3, 1000)) break;
  await sleep(0);
  expect(closed).toBe(true);
});

/** Gives one item and then nothing for a long time. */
async function* idle() {
  yield 1;
  await sleep(60_000, undefined, { ref: false });
}

it.each([5, Number.POSITIVE_INFINITY])(
  'ends with the signal while its source is idle, patience %p',
  async (patience) => {
    const aborting = new AbortController();
    const reading = collected(chunksOf(idle(), 10, patience, aborting.signal));
    setTimeout(() => aborting.abort(new Error('enough')), 20);
    await expect(reading).rejects.toThrow('enough');
  },
);

test('a source that throws when it is closed early ends nothing else', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  async function* sour() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: a clean-up that fails is what is tested
      throw new Error('sour');
    }
  }
  for await (const _ of chunksOf(sour(), 3, 1000)) break;
  await sleep(5);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

async function* breaksAfter(items: number, pauseMs = 0) {
  for (let i = 0; i < items; i++) yield i;
  if (pauseMs > 0) await sleep(pauseMs);
  throw new Error('broken');
}

async function read(source: AsyncIterable<number>, size: number, readerMs = 0) {
  const chunks: number[][] = [];
  let failure: unknown;
  try {
    for await (const chunk of chunksOf(source, size, 50)) {
      chunks.push(chunk);
      await sleep(readerMs);
    }
  } catch (thrown) {
    failure = thrown;
  }
  return { chunks, failure };
}

it.each([
  ['at the end of a chunk, while its reader is slow', 4, 30],
  ['at the end of a chunk, after a pause', 4, 0],
  ['within a chunk', 3, 0],
])('gives what came before a failure %s, then the failure', async (_, items, readerMs) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { chunks, failure } = await read(breaksAfter(items, readerMs === 0 ? 5 : 0), 2, readerMs);
  await sleep(0);
  process.off('unhandledRejection', note);
  expect(chunks.flat()).toEqual([0, 1, 2, 3].slice(0, items));
  expect(failure).toMatchObject({ message: 'broken' });
  expect(unhandled).toEqual([]);
});

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

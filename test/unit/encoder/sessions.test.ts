import { sessionsFor } from '../../../src/encoder/sessions.js';
import { isReadTwice } from '../../../src/model/graph-files.js';

test('a small model has a session for each thread, a large one a session for four threads', () => {
  expect(sessionsFor(6, false)).toEqual({ count: 6, threads: 1 });
  expect(sessionsFor(1, true)).toEqual({ count: 1, threads: 1 });
  expect(sessionsFor(4, true)).toEqual({ count: 1, threads: 4 });
  expect(sessionsFor(6, true)).toEqual({ count: 2, threads: 3 });
});

test('a model is large by what it takes in memory: weights of float16 are widened when they are loaded', () => {
  expect([256e6, 256e6 + 1].map((bytes) => isReadTwice(bytes, 'float32'))).toEqual([true, false]);
  expect([128e6, 128e6 + 1].map((bytes) => isReadTwice(bytes, 'float16'))).toEqual([true, false]);
  expect(isReadTwice(137e6, 'int8')).toBe(true);
});

import { sessionsFor } from '../../../src/encoder/sessions.js';

const MB = 1e6;

test('a small model has a session for each thread, a large one a single session on all threads', () => {
  expect(sessionsFor(4, 20 * MB)).toEqual({ count: 4, threads: 1 });
  expect(sessionsFor(4, 137 * MB)).toEqual({ count: 4, threads: 1 });
  expect(sessionsFor(4, 532 * MB)).toEqual({ count: 1, threads: 4 });
  expect(sessionsFor(1, 532 * MB)).toEqual({ count: 1, threads: 1 });
});

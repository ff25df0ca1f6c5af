import { didYouMean } from '../../../src/fault/did-you-mean.js';

const SYSTEMS = ['bm25', 'splade', 'two-phase', 'hybrid'];

it.each([
  ['bm52', 'bm25'],
  ['spalde', 'splade'],
  ['Hybird', 'hybrid'],
  ['twophase', 'two-phase'],
])('of %s the nearest name is offered', (written, meant) => {
  expect(didYouMean(written, SYSTEMS)).toBe(`; did you mean ${meant}?`);
});

it.each(['elasticsearch', '', 'x'])('of %p none is', (written) => {
  expect(didYouMean(written, SYSTEMS)).toBe('');
  expect(didYouMean(written, ['R'])).toBe('');
});

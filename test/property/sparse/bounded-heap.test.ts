import fc from 'fast-check';
import { BoundedHeap } from '../../../src/sparse/bounded-heap.js';

describe('a bounded heap', () => {
  it('keeps what a full sort keeps, whatever the order of offers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(20), (items, capacity) => {
        const heap = new BoundedHeap<number>(capacity, (a, b) => a - b);
        for (const item of items) heap.offer(item);
        expect(heap.drainBestFirst()).toEqual(items.toSorted((a, b) => b - a).slice(0, capacity));
      }),
    );
  });
});

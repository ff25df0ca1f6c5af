import fc from 'fast-check';
import { batchesByLength } from '../../../src/encoder/batches.js';

const lengths = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 60 });

test('every text is in exactly one batch', () => {
  fc.assert(
    fc.property(lengths, (all) => {
      const texts = batchesByLength(all, 512).flat();
      expect([...texts].sort((a, b) => a - b)).toEqual([...all.keys()]);
    }),
  );
});

test('a padded batch holds no more than the budget, unless it is a single text', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 1024 }), (all, budget) => {
      for (const batch of batchesByLength(all, budget)) {
        const padded = batch.length * Math.max(...batch.map((text) => all[text]!));
        expect(batch.length === 1 || padded <= budget).toBe(true);
      }
    }),
  );
});

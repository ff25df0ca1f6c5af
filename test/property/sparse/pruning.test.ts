import fc from 'fast-check';
import {
  atLeast,
  inOrder,
  parsePruning,
  ratioOfMax,
  shareOfMass,
  topK,
  unpruned,
} from '../../../src/sparse/pruning.js';
import { vectors } from '../../support/vectors.js';

const prunings = fc.oneof(
  fc.constant(unpruned),
  fc.integer({ min: 1, max: 20 }).map(topK),
  fc.double({ min: 0, max: 3, noNaN: true }).map(atLeast),
  fc.double({ min: 0, max: 1, noNaN: true }).map(ratioOfMax),
  fc.double({ min: 0.01, max: 1, noNaN: true }).map(shareOfMass),
);

describe('every pruning', () => {
  it('keeps a subset and no other weights', () => {
    fc.assert(
      fc.property(vectors(), prunings, (vector, pruning) => {
        const before = new Map(Array.from(vector.ids, (id, i) => [id, vector.weights[i]]));
        const after = pruning.prune(vector);
        return Array.from(after.ids).every((id, i) => before.get(id) === after.weights[i]);
      }),
    );
  });

  it('keeps no entry lighter than one it drops', () => {
    fc.assert(
      fc.property(vectors(), prunings, (vector, pruning) => {
        const after = pruning.prune(vector);
        const kept = new Set(after.ids);
        const dropped = Array.from(vector.weights).filter((_, i) => !kept.has(vector.ids[i]!));
        return after.size === 0 || Math.max(0, ...dropped) <= Math.min(...after.weights);
      }),
    );
  });

  it('is idempotent, but for a share of the mass', () => {
    fc.assert(
      fc.property(vectors(), prunings, (vector, pruning) => {
        fc.pre(!pruning.spec.startsWith('shareOfMass'));
        const once = pruning.prune(vector);
        return pruning.prune(once).size === once.size;
      }),
    );
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(vectors(), fc.array(prunings, { maxLength: 3 }), (vector, steps) => {
        fc.pre(steps.every((step) => step !== unpruned));
        const pruning = inOrder(...steps);
        const read = parsePruning(pruning.spec);
        expect(read.spec).toBe(pruning.spec);
        expect(read.prune(vector).ids).toEqual(pruning.prune(vector).ids);
      }),
    );
  });
});

describe('each pruning', () => {
  it('topK keeps the k heaviest, and the lower id of equals', () => {
    fc.assert(
      fc.property(vectors(), fc.integer({ min: 1, max: 20 }), (vector, k) => {
        const expected = vector
          .heaviestFirst()
          .slice(0, k)
          .map((term) => term.id);
        expect(Array.from(topK(k).prune(vector).ids)).toEqual(expected.sort((a, b) => a - b));
      }),
    );
  });

  it('shareOfMass holds its share, and never empties a vector', () => {
    const mass = (weights: Float32Array) => weights.reduce((sum, weight) => sum + weight, 0);
    fc.assert(
      fc.property(vectors({ minLength: 1 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (vector, share) => {
        const kept = shareOfMass(share).prune(vector);
        return kept.size > 0 && mass(kept.weights) >= share * mass(vector.weights) * (1 - 1e-6);
      }),
    );
  });

  it.each([
    '',
    'top(3)',
    'topK(0)',
    'topK(1.5)',
    'atLeast(-1)',
    'ratioOfMax(2)',
    'shareOfMass(0)',
    'topK(3)+',
    'constructor(1)',
  ])('refuses %j and says how it is written', (spec) => {
    expect(() => parsePruning(spec)).toThrow(
      expect.objectContaining({ code: 'PRUNING_INVALID', remedy: expect.stringContaining('topK(N)') }),
    );
  });
});

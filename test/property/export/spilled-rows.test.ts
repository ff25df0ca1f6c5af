import fc from 'fast-check';
import { SpilledRows } from '../../../src/export/spilled-rows.js';
import { inFreshFolder } from '../../support/token-vectors.js';

describe('spilled rows', () => {
  it('give each row its entries in the order in which they came, however small the runs', async () => {
    const entry = fc.tuple(fc.nat(6), fc.nat(1000), fc.nat(1000));
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        async (entries, runLength) => {
          await inFreshFolder(async (folder) => {
            await using rows = new SpilledRows(folder, runLength);
            for (const [row, column, value] of entries) {
              await rows.reserve(1);
              rows.add(row, column, value);
            }
            for (let row = 0; row <= 6; row++) {
              const { columns, values } = await rows.row(row);
              const expected = entries.filter(([at]) => at === row);
              expect(Array.from(columns)).toEqual(expected.map(([, column]) => column));
              expect(Array.from(values)).toEqual(expected.map(([, , value]) => value));
            }
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});

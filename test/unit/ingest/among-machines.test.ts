import fc from 'fast-check';
import { amongMachines } from '../../../src/ingest/reindex/among-machines.js';
import type { Estimate } from '../../../src/ingest/reindex/estimate.js';

const whole: Estimate = {
  dryRun: true,
  source: 'shop',
  to: 'shop-splade',
  documents: 1_000_001,
  sample: 200,
  tokens: 90_000_000,
  seconds: 36_000,
  bytes: 4_000_000_000,
  nonZerosPerDocument: 200,
};

describe('an estimate among machines', () => {
  it('is that of one, divided; its machine-hours stay', () => {
    expect(amongMachines(whole, 4, 0.4)).toEqual({
      machines: 4,
      documents: 250_001,
      hours: 2.5,
      bytes: 1_000_000_000,
      machineHours: 10,
      bytesPerSecond: 444_444,
      cost: 1,
    });
  });

  it('has no cost where no price is given, and is nothing for nothing', () => {
    expect(amongMachines(whole, 1)).not.toHaveProperty('cost');
    expect(amongMachines({ ...whole, documents: 0, seconds: 0, bytes: 0 }, 3, 1)).toEqual({
      machines: 3,
      documents: 0,
      hours: 0,
      bytes: 0,
      machineHours: 0,
      bytesPerSecond: 0,
      cost: 0,
    });
  });

  it('leaves no document and no byte to nobody, however many there are', () => {
    fc.assert(
      fc.property(
        fc.nat(10 ** 9),
        fc.nat(10 ** 9),
        fc.integer({ min: 1, max: 10_000 }),
        (documents, bytes, machines) => {
          const each = amongMachines({ ...whole, documents, bytes }, machines);
          expect(each.documents * machines).toBeGreaterThanOrEqual(documents);
          expect(each.bytes * machines).toBeGreaterThanOrEqual(bytes);
          expect(each.machineHours).toBe(10);
        },
      ),
    );
  });
});

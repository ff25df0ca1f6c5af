import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCELERATORS } from '../../../src/encoder/device/device.js';
import type { Encoded } from '../../../src/encoder/encoder.js';
import { loadEncoder } from '../../../src/encoder/load-encoder.js';
import type { DeviceName } from '../../../src/model/model-identity.js';
import { describeOnAccelerator } from '../../support/accelerators.js';
import { expectSmallGolden } from '../../support/expect-small-golden.js';

const MINUTES = 180_000;
/** Terms lighter than this, of weights up to 3, may be there on one device and not on the other. */
const MOST_DIFFERENCE = 2e-5;
const TEXTS = [
  'how do vaccines work',
  'The river rose after the rain, and the bridge at the old mill was closed for a week.',
  'Sparse vectors are kept in an inverted index. '.repeat(30),
  'mat',
];

describe.each(ACCELERATORS.map(({ name }) => name))('%s', (device) => {
  describeOnAccelerator(device, `vectors of ${device}`, () => {
    let home: string;
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'termweave-home-'));
    });
    afterAll(() => rm(home, { recursive: true }));

    test.each([
      ['bert-untied', 'max log1p relu'],
      ['bert-sum', 'sum log1p relu'],
      ['bert-float16', 'max log1p relu'],
      ['roberta', 'max log1p relu'],
      ['modernbert', 'max log1p relu'],
    ])(
      "are sentence-transformers' of %s",
      (name, pooling) => expectSmallGolden(name, { home, pooling, device }),
      MINUTES,
    );

    test(
      'are the screened ones of the CPU, of real weights',
      async () => {
        const [here, there] = [await encoded('cpu'), await encoded(device)];
        here.forEach(({ vector }, i) => {
          const weights = new Map([...vector.terms()].map(({ id, weight }) => [id, weight]));
          for (const { id, weight } of there[i]!.vector.terms()) {
            expect(Math.abs(weight - (weights.get(id) ?? 0))).toBeLessThan(MOST_DIFFERENCE);
            weights.delete(id);
          }
          for (const weight of weights.values()) expect(weight).toBeLessThan(MOST_DIFFERENCE);
        });
      },
      MINUTES,
    );
  });
});

async function encoded(device: DeviceName): Promise<Encoded[]> {
  const home = process.env.TERMWEAVE_HOME ?? join(homedir(), '.cache', 'termweave');
  await using encoder = await loadEncoder('splade-tiny', { home, device });
  return await encoder.encode(TEXTS);
}

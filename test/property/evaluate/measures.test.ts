import fc from 'fast-check';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import { judgedOrder, trecOrder } from '../../../src/evaluate/measures/trec-order.js';
import { holm } from '../../../src/evaluate/significance/holm.js';
import { randomisationTest } from '../../../src/evaluate/significance/randomisation-test.js';
import { compareUtf8 } from '../../../src/sparse/compare-utf8.js';

const measures = parseMeasures('nDCG@10 nDCG AP RR@10 R@5 P@5 Success@3 Judged@10');
const id = fc.integer({ min: 0, max: 15 }).map((number) => `d${number}`);
const judged = fc.record({
  ranking: fc.uniqueArray(fc.record({ id, score: fc.double({ noNaN: true }) }), { selector: (one) => one.id }),
  grades: fc.array(fc.tuple(id, fc.integer({ min: -1, max: 3 }))).map((entries) => new Map(entries)),
});
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe('measures', () => {
  it('are between 0 and 1', () => {
    const inRange = (value: number) => value >= 0 && value <= 1 + 1e-12;
    fc.assert(fc.property(judged, (one) => measures.every((measure) => inRange(measure.of(one)))));
  });

  it('order ids as their UTF-8 bytes', () => {
    const sign = (a: string, b: string) => Math.sign(compareUtf8(a, b));
    const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const text = fc.string({ unit: 'binary' });
    fc.assert(fc.property(text, text, (a, b) => sign(a, b) === bytes(a, b)));
  });

  it('do not depend on the order in which a run is given', () => {
    const ids = ({ ranking }: { ranking: { id: string; score: number }[] }) => trecOrder(ranking).map((one) => one.id);
    fc.assert(
      fc.property(judged, (one) => {
        expect(ids({ ranking: [...one.ranking].reverse() })).toEqual(ids(one));
      }),
    );
  });
});

describe('ties', () => {
  it('fall by id or rise by id, and change no order between different scores', () => {
    const few = fc.integer({ min: 0, max: 3 });
    const run = fc.uniqueArray(fc.record({ id: fc.string({ unit: 'binary' }), score: few }), {
      selector: (one) => one.id,
    });
    fc.assert(
      fc.property(run, (documents) => {
        const rising = judgedOrder(documents, 'id');
        const falling = judgedOrder(documents, 'trec_eval');
        expect(rising.map(({ score }) => score)).toEqual(falling.map(({ score }) => score));
        for (const score of [0, 1, 2, 3]) {
          const ids = (ranking: typeof rising) => ranking.filter((one) => one.score === score).map((one) => one.id);
          expect(ids(rising)).toEqual(ids(falling).reverse());
          expect(ids(rising)).toEqual([...ids(rising)].sort(compareUtf8));
        }
      }),
    );
  });
});

describe('significance', () => {
  it('is certain of no difference between equal values, and does not mind which system comes first', async () => {
    const pairs = fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(pairs, async (values) => {
        const [a, b] = [values.map(([x]) => x), values.map(([, y]) => y)];
        expect((await randomisationTest(a, a)).p).toBe(1);
        expect((await randomisationTest(a, b)).p).toBe((await randomisationTest(b, a)).p);
      }),
    );
  });

  it('never makes a corrected p smaller, nor changes which is smaller', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), (values) => {
        const adjusted = holm(values);
        values.forEach((p, i) => {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(p);
          values.forEach((q, j) => {
            if (p <= q) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
      }),
    );
  });
});

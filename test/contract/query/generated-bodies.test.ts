import fc from 'fast-check';
import pMap from 'p-map';
import type { JsonObject } from '../../../src/dialect/dialect.js';
import { add } from '../../../src/query/strategies/add.js';
import { replace } from '../../../src/query/strategies/replace.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { onEveryEngine } from '../../support/engines.js';
import { searchBodies } from '../../support/search-bodies.js';
import { type SearchedIndex, searchedIndex } from '../../support/searched-index.js';
import { toyVectors } from '../../support/toy-encoder.js';

/** `TERMWEAVE_GENERATED_BODIES=10000` asks more of each engine; 400 are enough to find what broke before. */
const BODIES = Number(process.env.TERMWEAVE_GENERATED_BODIES ?? 400);
const BATCH = 100;
const STRATEGIES = [replace(), add({ weight: 0.5 }), rescore()];

onEveryEngine('generated bodies', ({ url }) => {
  let searched: SearchedIndex;

  beforeAll(async () => {
    searched = await searchedIndex(await url());
  }, 120_000);
  afterAll(() => searched?.[Symbol.asyncDispose]());

  const search = (bodies: readonly JsonObject[]) =>
    pMap(bodies, (body) => searched.send('_search', body), { concurrency: 8 });

  it(`are accepted after as before, and count alike (${BODIES})`, async () => {
    const seed = Date.now() % 1_000_000_007;
    const bodies = fc.sample(searchBodies(), { numRuns: BODIES, seed });
    const seen = { refusedBefore: 0, translated: 0, counted: 0 };
    for (let start = 0; start < bodies.length; start += BATCH) {
      const batch = bodies.slice(start, start + BATCH);
      const after = batch.map((body, i) => {
        const options = { ...searched, strategy: STRATEGIES[i % STRATEGIES.length]! };
        return translate(body, options, toyVectors(textsIn(body, options)));
      });
      const plain = await search(batch);
      const answers = await search(after.map(({ body }) => body));
      for (const [i, answer] of answers.entries()) {
        if (plain[i]!.status !== 200) seen.refusedBefore++;
        else {
          const said = { seed, body: JSON.stringify(batch[i]), error: JSON.stringify(answer.body.error) };
          expect({ ...said, status: answer.status }).toEqual({ ...said, status: 200 });
          expect({ ...said, aggs: answer.body.aggregations }).toEqual({ ...said, aggs: plain[i]!.body.aggregations });
          if (answer.body.aggregations) seen.counted++;
          if (after[i]!.report.translated.length > 0) seen.translated++;
        }
      }
    }
    // A generator that makes what engines refuse would prove nothing.
    expect(seen.refusedBefore).toBeLessThan(BODIES * 0.35);
    expect(seen.translated).toBeGreaterThan(BODIES * 0.2);
    expect(seen.counted).toBeGreaterThan(BODIES * 0.2);
    console.info(`${searched.engine.version.flavour} ${searched.engine.version.text}: ${JSON.stringify(seen)}`);
  }, 3_600_000);
});

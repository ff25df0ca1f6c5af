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

/** `TERMWEAVE_GENERATED_BODIES=10000` asks more of each engine, and says what it saw. */
const MANY = process.env.TERMWEAVE_GENERATED_BODIES;
const BODIES = Number(MANY ?? 300);
const BATCH = 100;
const STRATEGIES = [replace(), add({ weight: 0.5 }), rescore()];

onEveryEngine('generated bodies', ({ url, name }) => {
  let searched: SearchedIndex;

  beforeAll(async () => {
    searched = await searchedIndex(await url());
  }, 120_000);
  afterAll(() => searched?.[Symbol.asyncDispose]());

  const search = (bodies: readonly JsonObject[]) =>
    pMap(bodies, (body) => searched.send('_search', body), { concurrency: 8 });

  const translated = (body: JsonObject, i: number) => {
    const options = { ...searched, strategy: STRATEGIES[i % STRATEGIES.length]! };
    return translate(body, options, toyVectors(textsIn(body, options)));
  };

  it(`are accepted after as before, and count alike (${BODIES})`, async () => {
    const seed = Date.now() % 1_000_000_007;
    const bodies = fc.sample(searchBodies(), { numRuns: BODIES, seed });
    const seen = { refusedBefore: 0, translated: 0, counted: 0 };
    for (let start = 0; start < bodies.length; start += BATCH) {
      const batch = bodies.slice(start, start + BATCH);
      const after = batch.map(translated);
      const plain = await search(batch);
      const answers = await search(after.map(({ body }) => body));
      for (const [i, { status, body: before }] of plain.entries()) {
        if (status !== 200) seen.refusedBefore++;
        else {
          expectAlike(before, answers[i]!, { seed, body: JSON.stringify(batch[i]) });
          seen.counted += Number(before.aggregations !== undefined);
          seen.translated += Number(after[i]!.report.translated.length > 0);
        }
      }
    }
    if (MANY) process.stderr.write(`${name}: ${JSON.stringify({ bodies: BODIES, seed, ...seen })}\n`);
    // A generator of what engines refuse, or of what is left, would prove nothing.
    expect(seen.refusedBefore).toBeLessThan(BODIES * 0.4);
    expect(seen.translated).toBeGreaterThan(BODIES * 0.2);
    expect(seen.counted).toBeGreaterThan(BODIES * 0.1);
  }, 3_600_000);
});

function expectAlike(before: JsonObject, after: { status: number; body: JsonObject }, facts: object): void {
  const error = JSON.stringify(after.body.error);
  expect({ ...facts, error, status: after.status }).toEqual({ ...facts, error, status: 200 });
  expect({ ...facts, aggs: after.body.aggregations }).toEqual({ ...facts, aggs: before.aggregations });
}

import fc from 'fast-check';
import { engineVersion } from '../../../src/dialect/engine-version.js';
import { esSparseVector } from '../../../src/dialect/es-sparse-vector.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { add } from '../../../src/query/strategies/add.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { replace } from '../../../src/query/strategies/replace.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { searchBodies } from '../../support/search-bodies.js';
import { toyVectors } from '../../support/toy-encoder.js';
import { toyPlan } from '../../support/translation-table.js';

const strategies = fc.constantFrom(
  replace(),
  add({ weight: 0.5 }),
  rescore(),
  hybrid({ by: 'query' }),
  hybrid({ by: 'retriever' }),
  hybrid(),
);
const dialects = fc.constantFrom(rankFeatures, esSparseVector(engineVersion('elasticsearch', '9.5.3')));

const cases = fc
  .record({ body: searchBodies(), strategy: strategies, dialect: dialects })
  .map(({ body, strategy, dialect }) => ({
    body,
    options: { plan: toyPlan(dialect.name), dialect, strategy },
  }));

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const run = ({ body, options }: Case) => translate(body, options, toyVectors(textsIn(body, options)));

describe('a translation', () => {
  it('changes nothing that it was given', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const before = structuredClone(one.body);
        run({ ...one, body: deepFrozen(one.body) });
        expect(one.body).toEqual(before);
      }),
    );
  });

  it('of a translation changes nothing', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const once = run(one).body;
        expect(run({ ...one, body: once }).body).toBe(once);
      }),
    );
  });

  it('gives the body itself exactly when nothing was translated', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { body, report } = run(one);
        expect(body === one.body).toBe(report.translated.length === 0);
      }),
    );
  });

  it('changes nothing but what finds, orders and highlights', () => {
    const CHANGED = new Set(['query', 'rescore', 'retriever', 'search_pipeline', 'highlight']);
    fc.assert(
      fc.property(cases, (one) => {
        const { body } = run(one);
        for (const [key, value] of Object.entries(one.body)) if (!CHANGED.has(key)) expect(body[key]).toBe(value);
        for (const key of Object.keys(body)) expect(CHANGED.has(key) || Object.hasOwn(one.body, key)).toBe(true);
      }),
    );
  });

  it('is the same for the same input', () => {
    fc.assert(fc.property(cases, (one) => expect(JSON.stringify(run(one))).toBe(JSON.stringify(run(one)))));
  });

  it('asks no more features than the engine takes', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 100, max: 400 }), (one, maxFeatures) => {
        const { report } = run({ ...one, options: { ...one.options, maxFeatures } as Case['options'] });
        const asked = report.translated.flatMap(({ vectors }) => vectors.map(({ terms }) => terms));
        // One term each is the least that still asks.
        expect(asked.reduce((sum, terms) => sum + terms, 0)).toBeLessThanOrEqual(Math.max(maxFeatures, asked.length));
      }),
    );
  });

  it('reports every text clause once, by a path that leads to it', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { report } = run(one);
        for (const { path, query } of [...report.translated, ...report.left]) {
          if (query !== '') expect(at(one.body, path)).toBeDefined();
        }
        const paths = [...report.translated, ...report.left].map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });
});

/** What stands at a report's path. */
function at(body: unknown, path: string): unknown {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  // biome-ignore lint/suspicious/noExplicitAny: a generated tree
  return steps.reduce((value: any, step) => value?.[step], body as any);
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const part of Object.values(Object.freeze(value))) deepFrozen(part);
  return value;
}

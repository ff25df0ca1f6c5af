import fc from 'fast-check';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { Fault } from '../../../src/fault/fault.js';
import { hybrid } from '../../../src/query/strategies/hybrid.js';
import { replace } from '../../../src/query/strategies/replace.js';
import { rescore } from '../../../src/query/strategies/rescore.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { VocabularyMismatch } from '../../../src/sparse/vocabulary.js';
import { processorTime } from '../../support/processor-time.js';
import { toyVector, toyVectors } from '../../support/toy-encoder.js';
import { toyPlan } from '../../support/translation-table.js';
import { awkwardVocabulary, vectors } from '../../support/vectors.js';

const options = { plan: toyPlan('rank-features'), dialect: rankFeatures };
const MEGABYTES_10 = 'long '.repeat(2_000_000);

function nested(depth: number): unknown {
  let query: unknown = { match: { title: 'fox' } };
  for (let i = 0; i < depth; i++) query = { bool: { must: [query] } };
  return { query };
}

function cycle(): unknown {
  const bool: Record<string, unknown> = {};
  bool.must = [{ bool }];
  return { query: { bool } };
}

const JUNK: readonly [string, unknown, string][] = [
  ['nothing', undefined, 'BODY_INVALID'],
  ['null', null, 'BODY_INVALID'],
  ['a text', MEGABYTES_10, 'BODY_INVALID'],
  ['an array', [], 'BODY_INVALID'],
  ['a date', new Date(0), 'BODY_INVALID'],
  ['a query that is a number', { query: 5 }, 'BODY_INVALID'],
  ['a query of no name', { query: {} }, 'BODY_INVALID'],
  ['a query of two names', { query: { match: { title: 'a' }, term: { tag: 'b' } } }, 'BODY_INVALID'],
  ['a bool that is a text', { query: { bool: 'x' } }, 'BODY_INVALID'],
  ['a clause that is a number', { query: { bool: { must: [3] } } }, 'BODY_INVALID'],
  ['a match of two fields', { query: { match: { title: 'a', body: 'b' } } }, 'BODY_INVALID'],
  ['a match without text', { query: { match: { title: { operator: 'and' } } } }, 'BODY_INVALID'],
  ['a match of an object', { query: { match: { title: { query: { a: 1 } } } } }, 'BODY_INVALID'],
  ['fields that are a number', { query: { multi_match: { query: 'a', fields: 5 } } }, 'BODY_INVALID'],
  ['a field that is a number', { query: { multi_match: { query: 'a', fields: [5] } } }, 'BODY_INVALID'],
  ['a boost that is none', { query: { match: { title: { query: 'a', boost: 'x' } } } }, 'BODY_INVALID'],
  ['a field boost that is none', { query: { multi_match: { query: 'a', fields: ['title^'] } } }, 'BODY_INVALID'],
  [
    'a boost that is no number',
    { query: { match: { title: { query: 'a', boost: Object.create(null) } } } },
    'BODY_INVALID',
  ],
  ['a retriever that is a text', { retriever: 'x' }, 'BODY_INVALID'],
  ['the name __proto__', JSON.parse('{"query":{"__proto__":{"match":{"title":"a"}}}}'), 'BODY_INVALID'],
  ['a text of 10 MB', { query: { match: { title: MEGABYTES_10 } } }, 'QUERY_TEXT_TOO_LONG'],
  [
    'a query string of 10 MB',
    { query: { query_string: { query: MEGABYTES_10, fields: ['title'] } } },
    'QUERY_TEXT_TOO_LONG',
  ],
  ['10,000 levels', nested(10_000), 'BODY_TOO_LARGE'],
  ['a cycle', cycle(), 'BODY_TOO_LARGE'],
  ['too many parts', { query: { terms: { tag: Array.from({ length: 200_001 }, () => ({})) } } }, 'BODY_TOO_LARGE'],
];

describe('junk ends in a clear fault, fast', () => {
  it.each(JUNK)('%s', (_title, body, code) => {
    const started = processorTime();
    expect(() => translate(body, options, new Map())).toThrow(expect.objectContaining({ code }));
    expect(processorTime() - started).toBeLessThan(2_000);
  });

  it.each([
    ['asks a field without a vector', { match: { tag: MEGABYTES_10 } }],
    ['only filters', { bool: { filter: { match: { title: MEGABYTES_10 } } } }],
  ])('but a text of 10 MB that %s, which is not encoded', (_, query) => {
    expect(translate({ query }, options, new Map()).body).toEqual({ query });
  });

  it('names the path and what stood there, shortly', () => {
    const body = { query: { bool: { must: [{ match: { title: ['a', 'b'] } }] } } };
    const fault = (() => {
      try {
        textsIn(body, options);
      } catch (thrown) {
        return thrown as Fault;
      }
      return undefined;
    })();
    expect(fault).toBeInstanceOf(Fault);
    expect(fault!.message).toContain('query.bool.must[0].match.title');
    expect(fault!.message.length).toBeLessThan(400);
  });

  it('is never anything but a fault, whatever stands in a body', () => {
    const names = fc.constantFrom(
      'query',
      'bool',
      'must',
      'match',
      'title',
      'multi_match',
      'fields',
      'filter',
      'nested',
      'dis_max',
      'queries',
      'rescore',
      'retriever',
      'rrf',
      'retrievers',
      'sort',
      'aggs',
      '__proto__',
      'constructor',
    );
    const junk = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(junk.object, (body) => {
        try {
          translate(body, options, toyVectors(textsIn(body, options)));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

it.each([
  ['sort', { sort: [[Object.create(null)]] }],
  ['operator', { query: { match: { title: { query: 'fox', operator: Object.create(null) } } } }],
  [
    'minimum_should_match',
    { query: { match: { title: { query: 'fox', minimum_should_match: Object.create(null) } } } },
  ],
  ['path', { query: { nested: { path: Object.create(null), query: { match: { title: 'fox' } } } } }],
  ['size', { query: { match: { title: 'fox' } }, size: Object.create(null) }],
])('%s without even a text form is left for the engine to refuse', (_part, body) => {
  for (const strategy of [replace(), rescore(), hybrid({ by: 'client' })]) {
    expect(() => translate(body, { ...options, strategy }, toyVectors(['fox']))).not.toThrow();
  }
});

describe('keys of the prototype', () => {
  it('are fields like any other, and survive', () => {
    const body = JSON.parse(
      '{"query":{"bool":{"must":[{"match":{"title":"fox"}},{"match":{"constructor":"a"}},{"match":{"__proto__":"b"}}]}}}',
    );
    const { body: after, report } = translate(body, options, toyVectors(['fox']));
    expect(report.left.map(({ reason }) => reason)).toEqual(['no-vector', 'no-vector']);
    expect(JSON.stringify(after)).toContain('{"match":{"__proto__":"b"}}');
    expect(({} as Record<string, unknown>).match).toBeUndefined();
  });
});

describe('vectors', () => {
  it('that are missing are asked for', () => {
    const body = { query: { match: { title: 'fox' } } };
    expect(() => translate(body, options, new Map())).toThrow(expect.objectContaining({ code: 'VECTOR_MISSING' }));
  });

  it('of another vocabulary are refused', () => {
    const [alien] = fc.sample(vectors({ minLength: 1 }), 1);
    expect(alien!.vocabulary).toBe(awkwardVocabulary);
    const body = { query: { match: { title: 'fox' } } };
    expect(() => translate(body, options, new Map([['fox', alien!]]))).toThrow(VocabularyMismatch);
    expect(() => translate(body, options, new Map([['fox', toyVector('fox')]]))).not.toThrow();
  });
});

import { connect } from '../../../src/engine/connect.js';
import type { Engine, Outcome, Write } from '../../../src/engine/engine.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import { parseSystems } from '../../../src/evaluate/systems/parse-system.js';
import { prunedCopy } from '../../../src/evaluate/tuning/pruned-copy.js';
import { runCandidates } from '../../../src/evaluate/tuning/run-candidates.js';
import { topK } from '../../../src/sparse/pruning.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';

const vocabulary = new Vocabulary(['fox', 'hunt', 'a.b']);
const vector = (terms: Record<string, number>) => SparseVector.fromTerms(vocabulary, terms);
const DOCUMENTS = [vector({ fox: 1.25, 'a.b': 1 }), vector({ fox: 1.5 }), vector({ hunt: 2, 'a.b': 0.5 })];
const TOPICS = [{ id: 'q', text: 'fox', vector: vector({ fox: 1, 'a.b': 1 }) }];
const [RBO] = parseMeasures('RBO');

async function searched() {
  const engine = await connect('memory:');
  const { index, dialect } = await indexVectors(engine, DOCUMENTS);
  return { engine, index, dialect, field: FIELD, textFields: ['text'] };
}

describe('a pruned copy', () => {
  it('keeps everything but what is pruned, and is gone afterwards', async () => {
    const index = await searched();
    await using engine = index.engine;
    let name: string;
    {
      await using copy = await prunedCopy(index, topK(1), vocabulary);
      name = copy.index.index;
      const { hits } = await engine.search(name, { query: { match_all: {} }, size: 10 });
      const sources = Object.fromEntries(hits.map(({ id, source }) => [id, source]));
      const kept = { d0: { fox: 1.25 }, d1: { fox: 1.5 }, d2: { hunt: 2 } };
      for (const [id, features] of Object.entries(kept)) expect(sources[id]).toHaveProperty(FIELD, features);
      expect(sources.d2).toMatchObject({ text: 'document 2' });
      const { mappings } = await engine.describeIndex(name);
      expect(mappings).toMatchObject({ _meta: { termweave: { vectors: { [FIELD]: { pruning: 'topK(1)' } } } } });
    }
    await expect(engine.describeIndex(name)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    expect(await engine.count(index.index)).toBe(3);
  });
});

describe('a pruned copy that the engine does not take whole', () => {
  it('ends the trial by the document, and is deleted', async () => {
    const index = await searched();
    await using engine = index.engine;
    const made: string[] = [];
    const refusing = new Proxy(engine, {
      get(target, verb: keyof Engine) {
        if (verb === 'bulk') return async (name: string, writes: readonly Write[]) => refuseSecond(name, writes);
        const value = target[verb];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const refuseSecond = (name: string, writes: readonly Write[]): Outcome[] => {
      made.push(name);
      return writes.map(({ id }, i) =>
        i === 1
          ? { ok: false, id, status: 400, type: 'mapper_parsing_exception', reason: 'no' }
          : { ok: true, id, result: 'created' },
      );
    };
    const copy = prunedCopy({ ...index, engine: refusing }, topK(1), vocabulary);
    await expect(copy).rejects.toMatchObject({ code: 'TRIAL_INCOMPLETE', id: 'd1', index: index.index });
    await expect(engine.describeIndex(made.at(-1)!)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });
});

describe('candidates', () => {
  it('are run warm for what a page costs, and judged as for that page', async () => {
    const index = await searched();
    await using engine = index.engine;
    const bodies: { size: number; rescore?: { window_size: number } }[] = [];
    const search = engine.search.bind(engine);
    engine.search = (name, body, options) => {
      bodies.push(body as (typeof bodies)[number]);
      return search(name, body, options);
    };
    // Whichever of the candidates is asked first.
    const asked = (from: number) => {
      const sizes = bodies.slice(from).map(({ size, rescore }) => [size, rescore?.window_size] as const);
      const half = sizes.length / 2;
      const inOrder = (part: typeof sizes) => part.sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
      return [...inOrder(sizes.slice(0, half)), ...inOrder(sizes.slice(half))];
    };
    const options = { qrels: new Map([['q', new Map([['d1', 1]])]]), measure: RBO!, vocabulary };
    await runCandidates(index, TOPICS, parseSystems('splade,two-phase(topK 1)'), options);
    expect(asked(0)).toEqual([
      [1000, undefined],
      [1000, 50],
      [10, undefined],
      [10, 50],
    ]);
    const before = bodies.length;
    await runCandidates(index, TOPICS, parseSystems('two-phase(topK 1),hybrid(rrf)'), { ...options, page: 20 });
    expect(asked(before)).toEqual([
      ...[
        [100, undefined],
        [100, undefined],
      ],
      [1000, 100],
      ...[
        [100, undefined],
        [100, undefined],
      ],
      [20, 100],
    ]);
    const deep = bodies.length;
    const [recall] = parseMeasures('R@1000');
    await runCandidates(index, TOPICS, parseSystems('hybrid(rrf)'), { ...options, measure: recall! });
    expect(asked(deep)).toEqual(Array.from({ length: 4 }, () => [1000, undefined]));
  });

  it('are measured by agreement with the unpruned answer where nobody judged', async () => {
    const index = await searched();
    await using _ = index.engine;
    const systems = parseSystems('splade,splade+prune(topK 1)');
    const options = { measure: RBO!, vocabulary, documentPrunings: [topK(1)] };
    const results = await runCandidates(index, TOPICS, systems, options);
    const agreement = [...results].map(([name, { evaluation }]) => [name, evaluation.means.get('RBO')]);
    // Unpruned: d0 (2.25), d1 (1.5), d2 (0.5). By `fox` alone, which both prunings leave: d1, d0.
    const swapped = expect.closeTo(0.1 * (0 + 0.9 + 0.81 * (2 / 3 + (2 * 1) / (2 * 3))) + 0.9 ** 3, 12);
    expect(agreement).toEqual([
      ['splade', 1],
      ['splade+prune(topK 1)', swapped],
      ['splade on topK(1)', swapped],
      ['splade+prune(topK 1) on topK(1)', swapped],
    ]);
  });

  it('say which systems they join', async () => {
    const index = await searched();
    await using _ = index.engine;
    const options = { measure: RBO!, vocabulary, documentPrunings: [topK(1)] };
    const results = await runCandidates(index, TOPICS, parseSystems('splade,hybrid(rrf)'), options);
    expect([...results].map(([name, { combines }]) => [name, combines])).toEqual([
      ['splade', undefined],
      ['hybrid(rrf)', ['bm25', 'splade']],
      ['splade on topK(1)', undefined],
      ['hybrid(rrf) on topK(1)', ['bm25', 'splade']],
    ]);
  });

  it('are measured by judgements where there are some', async () => {
    const index = await searched();
    await using _ = index.engine;
    const qrels = new Map([['q', new Map([['d1', 1]])]]);
    const [RR] = parseMeasures('RR');
    const options = { qrels, measure: RR!, vocabulary };
    const results = await runCandidates(index, TOPICS, parseSystems('splade,splade+prune(topK 1)'), options);
    expect([...results.values()].map(({ evaluation }) => evaluation.means.get('RR'))).toEqual([0.5, 1]);
  });
});

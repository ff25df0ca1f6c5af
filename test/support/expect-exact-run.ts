import type { TokenVector } from '../../src/export/token-vector.js';
import type { IntegerCollection } from './integer-vectors.js';

type Scores = Map<string, number>;

/** A TREC run as maps: query, document, score. Scores are float32, however many digits were printed. */
export function parseRun(text: string, tag?: string): Map<string, Scores> {
  const run = new Map<string, Scores>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [query, , document, , score, system] = line.split(' ');
    if (tag !== undefined && system !== tag) continue;
    if (!run.has(query!)) run.set(query!, new Map());
    run.get(query!)!.set(document!, Math.fround(Number(score)));
  }
  return run;
}

/**
 * Every hit scores the dot product of the impacts, to the last bit, and the hits of each query are its best `depth`: the same scores in
 * the same order. Which of equal scores comes first is each system's own affair.
 * @param rounded what the system does to the exact sum, where that is more than nothing.
 */
export function expectExactRun(
  run: ReadonlyMap<string, Scores>,
  { documents, queries }: IntegerCollection,
  depth: number,
  rounded: (score: number) => number = (score) => score,
): void {
  let compared = 0;
  for (const query of queries) {
    const expected = scoresOf(query, documents, rounded);
    const found = run.get(query.id) ?? new Map();
    const wrong = [...found].filter(([id, score]) => score !== expected.get(id));
    expect({ query: query.id, wrong }).toEqual({ query: query.id, wrong: [] });
    const best = [...expected.values()].sort((a, b) => b - a).slice(0, depth);
    expect([...found.values()]).toEqual(best);
    compared += found.size;
  }
  expect(compared).toBeGreaterThan(queries.length);
}

function scoresOf(query: TokenVector, documents: readonly TokenVector[], rounded: (score: number) => number): Scores {
  const asked = new Map(query.tokens.map((token, i) => [token, query.weights[i]!]));
  const scores: Scores = new Map();
  for (const { id, tokens, weights } of documents) {
    let score = 0;
    for (let i = 0; i < tokens.length; i++) {
      const weight = asked.get(tokens[i]!);
      if (weight !== undefined) score += weight * weights[i]!;
    }
    if (score > 0) scores.set(id, rounded(score));
  }
  return scores;
}

import { runInTurn } from '../../../src/evaluate/systems/run-system.js';
import type { SearchedIndex, System } from '../../../src/evaluate/systems/system.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const topics = Array.from({ length: 300 }, (_, i) => ({
  id: `q${i}`,
  text: '',
  vector: SparseVector.empty(new Vocabulary(['a'])),
}));

test('asks every topic of all systems before the next topic, each as often after every other one', async () => {
  const asked: string[][] = [];
  const system = (spec: string): System => ({
    spec,
    async rank(_, { id }) {
      asked.push([id, spec]);
      return { documents: [{ id: `${spec} of ${id}`, score: 1 }], clauses: spec.length };
    },
  });
  const systems = new Map([system('a'), system('bb'), system('c')].map((one) => [one.spec, one]));
  const runs = await runInTurn(systems, {} as SearchedIndex, topics, { size: 1 });
  expect(asked.map(([id]) => id)).toEqual(topics.flatMap(({ id }) => [id, id, id]));
  const after = new Map<string, number>();
  for (const [i, [, spec]] of asked.entries()) {
    if (i % 3 === 0) continue;
    const pair = `${asked[i - 1]![1]} ${spec}`;
    after.set(pair, (after.get(pair) ?? 0) + 1);
  }
  // 600 followings of six pairs: 100 each, give or take four standard deviations.
  expect(after.size).toBe(6);
  for (const count of after.values())
    expect(Math.abs(count - 100)).toBeLessThan(4 * Math.sqrt(600 * (1 / 6) * (5 / 6)));
  expect(runs.get('bb')!.clauses).toEqual(topics.map(() => 2));
  expect(runs.get('bb')!.run.get('q2')).toEqual([{ id: 'bb of q2', score: 1 }]);
});

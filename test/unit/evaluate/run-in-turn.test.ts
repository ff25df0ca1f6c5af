import { runInTurn } from '../../../src/evaluate/systems/run-system.js';
import type { SearchedIndex, System } from '../../../src/evaluate/systems/system.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const topics = ['q1', 'q2', 'q3'].map((id) => ({ id, text: id, vector: SparseVector.empty(new Vocabulary(['a'])) }));

test('asks every topic of all systems before the next topic, each system first in its turn', async () => {
  const asked: string[] = [];
  const system = (spec: string): System => ({
    spec,
    async rank(_, { id }) {
      asked.push(`${id} ${spec}`);
      return { documents: [{ id: `${spec} of ${id}`, score: 1 }], clauses: spec.length };
    },
  });
  const systems = new Map([system('a'), system('bb')].map((one) => [one.spec, one]));
  const runs = await runInTurn(systems, {} as SearchedIndex, topics, { size: 1 });
  expect(asked).toEqual(['q1 a', 'q1 bb', 'q2 bb', 'q2 a', 'q3 a', 'q3 bb']);
  expect(runs.get('bb')).toMatchObject({ clauses: [2, 2, 2], latencies: expect.any(Array) });
  expect(runs.get('bb')!.run.get('q2')).toEqual([{ id: 'bb of q2', score: 1 }]);
});

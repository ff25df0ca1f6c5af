import { QueryVectors } from '../../../src/query/query-vectors.js';
import { toyVector } from '../../support/toy-encoder.js';

function counting(capacity?: number) {
  const calls: string[][] = [];
  const vectors = new QueryVectors(async (texts) => {
    calls.push([...texts]);
    return texts.map(toyVector);
  }, capacity);
  return { calls, vectors };
}

describe('the vectors of query texts', () => {
  it('come in one call per body, each text once', async () => {
    const { calls, vectors } = counting();
    const given = await vectors.of(['a', 'b', 'a']);
    expect(calls).toEqual([['a', 'b']]);
    expect([...given.keys()].sort()).toEqual(['a', 'b']);
    expect(given.get('b')).toEqual(toyVector('b'));
  });

  it('are remembered, the least recently used forgotten first', async () => {
    const { calls, vectors } = counting(2);
    await vectors.of(['a']);
    await vectors.of(['b']);
    await vectors.of(['a']);
    await vectors.of(['c']);
    await vectors.of(['a', 'b']);
    expect(calls).toEqual([['a'], ['b'], ['c'], ['b']]);
  });

  it('are given though the body itself pushes them out', async () => {
    const { calls, vectors } = counting(2);
    await vectors.of(['a', 'b']);
    const given = await vectors.of(['c', 'a']);
    expect([given.get('c'), given.get('a')]).toEqual([toyVector('c'), toyVector('a')]);
    expect((await vectors.of(['a'])).get('a')).toEqual(toyVector('a'));
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('fit in one body whatever the capacity', async () => {
    const { vectors } = counting(1);
    expect((await vectors.of(['a', 'b', 'c'])).size).toBe(3);
  });
});

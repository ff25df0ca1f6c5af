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

describe('texts that are asked for while they are encoded', () => {
  /** An encoder that answers when it is told to, and leaves when it is. */
  function waiting() {
    const calls: { texts: readonly string[]; signal?: AbortSignal; answer(): void; fail(): void }[] = [];
    const vectors = new QueryVectors((texts, signal) => {
      return new Promise((resolve, reject) => {
        const fail = () => reject(new Error('out of order'));
        calls.push({ texts, signal, answer: () => resolve(texts.map(toyVector)), fail });
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    });
    return { calls, vectors };
  }

  it('are encoded once for all who ask', async () => {
    const { calls, vectors } = waiting();
    const asked = [vectors.of(['a', 'b']), vectors.of(['b']), vectors.of(['b', 'c'])];
    for (const call of calls) call.answer();
    expect(calls.map(({ texts }) => texts)).toEqual([['a', 'b'], ['c']]);
    expect(await Promise.all(asked.map(async (one) => [...(await one).keys()]))).toEqual([
      ['a', 'b'],
      ['b'],
      ['b', 'c'],
    ]);
    await vectors.of(['a', 'b', 'c']);
    expect(calls).toHaveLength(2);
  });

  it('are encoded for the others where one has left, and broken off where all have', async () => {
    const { calls, vectors } = waiting();
    const leaving = [new AbortController(), new AbortController()];
    const [first, second] = leaving.map(({ signal }) => vectors.of(['a'], signal));
    leaving[0]!.abort('gone');
    await expect(first).rejects.toBe('gone');
    expect(calls.map(({ signal }) => signal!.aborted)).toEqual([false]);
    leaving[1]!.abort('gone, too');
    await expect(second).rejects.toBe('gone, too');
    expect(calls.map(({ signal }) => signal!.aborted)).toEqual([true]);
    const third = vectors.of(['a']);
    calls[1]!.answer();
    expect((await third).get('a')).toEqual(toyVector('a'));
  });

  it('fail for all who wait, and not for who asks later', async () => {
    const { calls, vectors } = waiting();
    const asked = [vectors.of(['a']), vectors.of(['a'])];
    calls[0]!.fail();
    for (const one of asked) await expect(one).rejects.toThrow('out of order');
    const later = vectors.of(['a']);
    calls[1]!.answer();
    expect((await later).get('a')).toEqual(toyVector('a'));
  });
});

it('long texts are not remembered: ten thousand of them would be a gigabyte', async () => {
  const { calls, vectors } = counting();
  const [short, long] = ['a'.repeat(1000), 'a'.repeat(1001)];
  for (let i = 0; i < 2; i++) expect((await vectors.of([short, long])).get(long)).toEqual(toyVector(long));
  expect(calls).toEqual([[short, long], [long]]);
});

import { DistinctDeadLetters } from '../../../src/ingest/dead-letters.js';

const refused = (id: string) => ({ id, status: 400, type: 'odd', reason: 'odd' });

describe('distinct dead letters', () => {
  it('gets a document once, however often it fails', async () => {
    const got: (string | undefined)[] = [];
    const to = { put: async (some: readonly { id?: string }[]) => void got.push(...some.map(({ id }) => id)) };
    const letters = new DistinctDeadLetters({ ...to, [Symbol.asyncDispose]: async () => {} });
    await letters.put([refused('a'), refused('b')]);
    await letters.put([refused('a'), { ...refused('a'), routing: 'r' }]);
    expect(got).toEqual(['a', 'b', 'a']);
    expect(letters.documents).toBe(3);
  });
});

import type { Engine, IndexDescription } from '../../../src/engine/engine.js';
import { followField } from '../../../src/ingest/reindex/follow-field.js';

const source: IndexDescription = { name: 'books', aliases: [], settings: {}, mappings: {} };

/** An engine that answers shard statistics, and takes refreshes. */
function answering(shards: object): Engine {
  const engine = { request: async () => ({ indices: { books: { shards } } }), refresh: async () => {} };
  return engine as unknown as Engine;
}

const primary = (global_checkpoint: number) => ({
  routing: { primary: true },
  seq_no: { max_seq_no: global_checkpoint + 4, global_checkpoint },
});

describe('following by _seq_no', () => {
  it('leaves out of its mark the writes that are still under way', async () => {
    const engine = answering({ 0: [primary(5)], 1: [primary(7)] });
    expect(await followField(engine, source, '_seq_no').highest({})).toBe(5);
  });

  it('refuses where a primary shard does not answer', async () => {
    const engine = answering({ 0: [primary(5)], 1: [{ routing: { primary: true } }] });
    const highest = followField(engine, source, '_seq_no').highest({});
    await expect(highest).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  });

  it('compares everything where there is no mark', () => {
    expect(followField(answering({}), source, '_seq_no').since(undefined)).toEqual({ match_all: {} });
  });
});

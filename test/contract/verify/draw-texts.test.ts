import { connect } from '../../../src/engine/connect.js';
import type { Engine, Write } from '../../../src/engine/engine.js';
import { drawTexts } from '../../../src/verify/draw-texts.js';
import { freshName, onEveryEngine } from '../../support/engines.js';

const SHARDS = 6;
const DOCUMENTS = 900;

onEveryEngine('texts drawn from an index', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  /** The ids of each shard. */
  async function idsByShard(index: string): Promise<Set<string>[]> {
    const path = `/${index}/_search`;
    const ask = async (shard: number) => {
      const query = { preference: `_shards:${shard}`, size: String(DOCUMENTS) };
      const answer = (await engine.request({ method: 'GET', path, query })) as { hits: { hits: { _id: string }[] } };
      return new Set(answer.hits.hits.map(({ _id }) => _id));
    };
    return Promise.all(Array.from({ length: SHARDS }, (_, shard) => ask(shard)));
  }

  it('are from all of its shards, the same ones each time, also where some documents have no text', async () => {
    const index = freshName('many-shards');
    await engine.createIndex(index, { settings: { index: { number_of_shards: SHARDS, number_of_replicas: 0 } } });
    const writes = Array.from({ length: DOCUMENTS }, (_, i): Write => {
      return { kind: 'index', id: `d${i}`, source: i % 3 === 0 ? { number: i } : { text: `words of ${i}` } };
    });
    await engine.bulk(index, writes);
    await engine.refresh(index);
    const drawn = await drawTexts(engine, index, ['text'], 20);
    expect(drawn).toHaveLength(20);
    const shards = await idsByShard(index);
    const touched = shards.filter((ids) => drawn.some(({ id }) => ids.has(id)));
    expect(touched).toHaveLength(SHARDS);
    expect(await drawTexts(engine, index, ['text'], 20)).toEqual(drawn);
    await engine.deleteIndex(index);
  });
});

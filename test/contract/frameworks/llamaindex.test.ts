import { MetadataMode, TextNode } from '@llamaindex/core/schema';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { TextStore } from '../../../src/frameworks/text-store.js';
import { openRetriever } from '../../../src/public/llamaindex.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { FRAMEWORK_TEXTS } from '../../support/framework-texts.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

// LlamaIndex.TS publishes no standard tests of retrievers.
onEveryEngine('LlamaIndex.TS', ({ url }) => {
  const encoder = hashingEncoder();
  const name = freshName('llamaindex');
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
    const store = await TextStore.open(engine, name, encoder);
    await store.add(FRAMEWORK_TEXTS);
  }, 120_000);
  afterAll(async () => {
    await engine?.deleteIndex(name);
    await engine?.[Symbol.asyncDispose]();
  });

  it('retrieves text nodes with their metadata, scored as the index scores them', async () => {
    const retriever = await openRetriever(engine, name, encoder);
    const found = await retriever.retrieve({ query: 'the fox hunts' });
    const [encoded] = await encoder.encode(['the fox hunts']);
    const { hits } = await (await SparseIndex.open(engine, name)).search(encoded!.vector);
    expect(found.map(({ node, score }) => [node.id_, score])).toEqual(hits.map(({ id, score }) => [id, score]));
    const { node } = found[0]!;
    expect(node).toBeInstanceOf(TextNode);
    expect([node.getContent(MetadataMode.NONE), node.metadata]).toEqual([
      FRAMEWORK_TEXTS[0].text,
      FRAMEWORK_TEXTS[0].metadata,
    ]);
  });

  it('takes a bare text, and messages of several parts', async () => {
    const retriever = await openRetriever(engine, name, encoder, { similarityTopK: 1 });
    const parts = [
      { type: 'text' as const, text: 'the' },
      { type: 'text' as const, text: 'bread' },
    ];
    for (const query of ['the bread', { query: parts }]) {
      expect((await retriever.retrieve(query)).map(({ node }) => node.id_)).toEqual(['3']);
    }
  });

  it('keeps to a filter, which changes no score', async () => {
    const all = await (await openRetriever(engine, name, encoder)).retrieve('the fox');
    const filter = { term: { year: 2021 } };
    const some = await (await openRetriever(engine, name, encoder, { filter })).retrieve('the fox');
    expect(some.map(({ node, score }) => [node.id_, score])).toEqual(
      all.filter(({ node }) => node.metadata.year === 2021).map(({ node, score }) => [node.id_, score]),
    );
    expect(some).toHaveLength(2);
  });

  it('refuses another model', async () => {
    await expect(openRetriever(engine, name, hashingEncoder('other'))).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
    });
  });
});

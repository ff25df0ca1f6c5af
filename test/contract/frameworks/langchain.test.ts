import { Document } from '@langchain/core/documents';
import { RunnableLambda } from '@langchain/core/runnables';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import type { SpladeVectorStore } from '../../../src/frameworks/langchain/splade-vector-store.js';
import { openRetriever, openVectorStore } from '../../../src/public/langchain.js';
import type { SparseAnswer } from '../../../src/retrieve/sparse-index.js';
import { accepts, expectedScore } from '../../../src/verify/expected-score.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { FRAMEWORK_TEXTS } from '../../support/framework-texts.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

/*
 * LangChain.js publishes no standard tests for stores and retrievers: its package of them is internal, and has chat models alone. The laws
 * named after functions below are those of the Python package langchain-tests 1.1.9 (VectorStoreIntegrationTests,
 * RetrieversIntegrationTests), on texts that share a word: a sparse search finds nothing that shares no term. Of them `get_by_ids` is not
 * in the interface of LangChain.js, and neither is `k` for one `invoke`.
 */
onEveryEngine('LangChain.js', ({ url }) => {
  const encoder = hashingEncoder();
  const documents = FRAMEWORK_TEXTS.map(
    ({ id, text, metadata }) => new Document({ id, pageContent: text, metadata: { ...metadata } }),
  );
  let engine: Engine;
  let name: string;
  let store: SpladeVectorStore;
  const answers: SparseAnswer[] = [];
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  beforeEach(async () => {
    name = freshName('langchain');
    store = await openVectorStore(engine, name, encoder, { onAnswer: (answer) => answers.push(answer) });
  });
  afterEach(() => engine.deleteIndex(name));
  afterAll(() => engine?.[Symbol.asyncDispose]());

  it('test_vectorstore_is_empty', async () => {
    expect(await store.similaritySearch('the fox', 1)).toEqual([]);
  });

  it('test_add_documents: ids are made up, documents come back as they were, those given stay as they are', async () => {
    const given = [
      new Document({ pageContent: 'the foo', metadata: { id: 1 } }),
      new Document({ pageContent: 'the bar', metadata: { id: 2 } }),
    ];
    const ids = await store.addDocuments(given);
    expect(await store.similaritySearch('the bar', 2)).toEqual([
      new Document({ pageContent: 'the bar', metadata: { id: 2 }, id: ids[1]! }),
      new Document({ pageContent: 'the foo', metadata: { id: 1 }, id: ids[0]! }),
    ]);
    expect(given.map(({ id }) => id)).toEqual([undefined, undefined]);
  });

  it('test_deleting_bulk_documents, test_delete_missing_content', async () => {
    expect(await store.addDocuments(documents)).toEqual(['1', '2', '3']);
    await store.delete({ ids: ['1', '2'] });
    expect(await store.similaritySearch('the fox', 4)).toEqual([documents[2]]);
    await store.delete({ ids: ['1'] });
    await store.delete({ ids: ['1', '2', '9'] });
    await store.delete({ ids: [] });
    expect(await store.similaritySearch('the fox', 4)).toEqual([documents[2]]);
  });

  it('test_add_documents_with_ids_is_idempotent, test_add_documents_by_id_with_mutation', async () => {
    await store.addDocuments(documents, { ids: ['a', 'b', 'c'] });
    await store.addDocuments(documents, { ids: ['a', 'b', 'c'] });
    expect(await engine.count(name)).toBe(3);
    await store.addDocuments([new Document({ pageContent: 'the new foo', metadata: { other: 'foo' } })], {
      ids: ['a'],
    });
    const [first] = await store.similaritySearch('new foo', 1);
    expect(first).toEqual(new Document({ id: 'a', pageContent: 'the new foo', metadata: { other: 'foo' } }));
    expect(await engine.count(name)).toBe(3);
  });

  it('test_k_constructor_param, test_invoke_returns_documents', async () => {
    await store.addDocuments(documents);
    for (const k of [1, 3]) {
      const retriever = await openRetriever(engine, name, encoder, { k });
      const found = await retriever.invoke('the fox');
      expect(found).toHaveLength(k);
      for (const one of found) expect(one).toBeInstanceOf(Document);
      expect(await store.asRetriever(k).invoke('the fox')).toEqual(found);
    }
  });

  it('scores by the dot product of what is stored, and tells which terms made it', async () => {
    await store.addDocuments(documents);
    const scored = await store.similaritySearchWithScore('the fox hunts', 3);
    expect(scored.map(([{ id }]) => id)).toEqual(['1', '2', '3']);
    const { hits } = answers.at(-1)!;
    scored.forEach(([, score], i) => {
      const products = hits[i]!.terms.map(({ product }) => product);
      const sum = products.reduce((total, product) => total + product, 0);
      expect(products.length).toBeGreaterThan(0);
      expect(accepts(expectedScore(sum, products.length), score)).toBe(true);
    });
  });

  const filters = [
    [{ term: { year: 2021 } }, ['2', '3']],
    [{ term: { source: 'field notes, part 2' } }, ['2']],
    [{ term: { source: 'field' } }, []],
    [{ terms: { tags: ['night', 'none'] } }, ['1']],
    [{ range: { 'loc.lines.from': { lte: 3 } } }, ['3']],
    [{ bool: { must_not: [{ term: { tags: 'mammal' } }] } }, ['3']],
  ] as const;
  it('filters by metadata, exactly, and no filter changes a score', async () => {
    await store.addDocuments(documents);
    const unfiltered = new Map(
      (await store.similaritySearchWithScore('the fox', 4)).map(([{ id }, score]) => [id, score]),
    );
    for (const [filter, ids] of filters) {
      const scored = await store.similaritySearchWithScore('the fox', 4, filter);
      expect([filter, scored.map(([{ id }]) => id)]).toEqual([filter, ids]);
      for (const [{ id }, score] of scored) expect(score).toBe(unfiltered.get(id));
      const retriever = await openRetriever(engine, name, encoder, { filter });
      expect((await retriever.invoke('the fox')).map(({ id }) => id)).toEqual(ids);
    }
  });

  it('is a part of chains', async () => {
    await store.addDocuments(documents);
    const joined = RunnableLambda.from((found: Document[]) => found.map(({ pageContent }) => pageContent).join('; '));
    expect(await store.asRetriever(2).pipe(joined).invoke('the fox sleeps')).toBe(
      'the fox sleeps; the fox hunts at dusk',
    );
  });

  it('ends a search when its run is aborted, or late', async () => {
    const encode = (_: readonly string[], { signal }: { signal?: AbortSignal } = {}) =>
      new Promise<never>((_, reject) => {
        if (signal!.aborted) reject(signal!.reason);
        signal!.addEventListener('abort', () => reject(signal!.reason));
      });
    const slow = { ...encoder, encode };
    const retriever = await openRetriever(engine, name, slow);
    const controller = new AbortController();
    const found = retriever.invoke('the fox', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    await expect(retriever.invoke('the fox', { timeout: 20 })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('is opened by several at once, and made by one of them', async () => {
    const fresh = freshName('langchain');
    const open = () => openVectorStore(engine, fresh, encoder);
    const [one, other] = await Promise.all([open(), open()]);
    await Promise.all([one.addDocuments([documents[0]!]), other.addDocuments([documents[1]!])]);
    expect(await one.similaritySearch('the fox', 4)).toHaveLength(2);
    await engine.deleteIndex(fresh);
  });

  it('names what the engine did not take, and has the rest', async () => {
    const bad = new Document({ id: 'bad', pageContent: 'the worst', metadata: { year: 'last' } });
    await store.addDocuments(documents);
    const added = store.addDocuments([bad, new Document({ id: '4', pageContent: 'the best', metadata: {} })]);
    await expect(added).rejects.toMatchObject({ code: 'DOCUMENTS_REFUSED', refusals: [{ id: 'bad' }] });
    expect((await store.similaritySearch('the best', 1))[0]?.id).toBe('4');
  });

  it('refuses metadata in the place of text or vector, and dense vectors', async () => {
    for (const key of ['text', 'splade']) {
      const document = new Document({ pageContent: 'the fox', metadata: { [key]: 'x' } });
      await expect(store.addDocuments([document])).rejects.toMatchObject({ code: 'METADATA_RESERVED', key });
    }
    expect(await engine.count(name)).toBe(0);
    for (const asked of [store.addVectors(), store.similaritySearchVectorWithScore(), store.embeddings.embedQuery('x')])
      await expect(asked).rejects.toMatchObject({ code: 'NO_DENSE_VECTORS' });
  });

  it('takes an index that is there as it is, and refuses one of another model', async () => {
    await store.addDocuments(documents);
    const again = await openVectorStore(engine, name, encoder);
    expect(await again.similaritySearch('the bread', 1)).toEqual([documents[2]]);
    const other = hashingEncoder('other');
    await expect(openVectorStore(engine, name, other)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
    await expect(openRetriever(engine, name, other)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
    await expect(openRetriever(engine, `${name}-not`, encoder)).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });
});

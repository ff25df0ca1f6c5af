import type { Engine } from '../../../src/engine/engine.js';
import type { DeadLetters } from '../../../src/ingest/dead-letters.js';
import { type IndexDocumentsOptions, indexDocuments } from '../../../src/ingest/index-documents.js';
import type { IngestReport } from '../../../src/ingest/ingest-report.js';
import type { Refusal, Source } from '../../../src/ingest/source.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { freshName } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

const sourceOf = (documents: readonly Record<string, unknown>[]): Source => ({
  async *items() {
    for (const { id, ...source } of documents) yield { ok: true, document: { id: String(id), source } };
  },
});

/** Indexes, and gives the last report and the dead letters. */
async function index(
  engine: Engine,
  name: string,
  documents: readonly Record<string, unknown>[],
  options: Partial<IndexDocumentsOptions> = {},
) {
  const refusals: Refusal[] = [];
  const deadLetters: DeadLetters = {
    put: async (some) => void refusals.push(...some),
    [Symbol.asyncDispose]: async () => {},
  };
  const usualTextFields = () => ['title', 'text'];
  const all = { encoder: hashingEncoder(), deadLetters, usualTextFields, ...options };
  const reports: IngestReport[] = [];
  for await (const report of indexDocuments(engine, name, sourceOf(documents), all)) reports.push(report);
  return { report: reports.at(-1)!, refusals };
}

async function everything(engine: Engine, name: string) {
  await using snapshot = await engine.snapshot(name);
  const found = new Map<string, unknown>();
  for await (const page of snapshot.pages({ source: true })) for (const { id, source } of page) found.set(id, source);
  return found;
}

onEveryConnectedEngine('indexing', (engine) => {
  it('writes every document once, over several requests, and the same again the second time', async () => {
    const name = freshName('ingest');
    const documents = Array.from({ length: 1203 }, (_, i) => ({ id: i, title: `t${i}`, text: `some words ${i % 7}` }));
    const { report } = await index(engine(), name, documents, { batchBytes: 20_000 });
    expect(report).toMatchObject({ indexed: 1203, failed: 0, empty: 0 });
    expect(await engine().count(name)).toBe(1203);
    const before = await everything(engine(), name);
    await index(engine(), name, documents);
    expect(await everything(engine(), name)).toEqual(before);
  });

  it('indexes a document without text, and one of 5 MB', async () => {
    const name = freshName('ingest');
    const documents = [{ id: 'empty', text: '' }, { id: 'absent' }, { id: 'large', text: 'word '.repeat(1_000_000) }];
    const { report, refusals } = await index(engine(), name, documents);
    expect(refusals).toEqual([]);
    expect(report).toMatchObject({ indexed: 3, empty: 2 });
    expect(await engine().count(name)).toBe(3);
  });

  it('lets the rest go on when the engine refuses a document, and keeps that one with the reason', async () => {
    const name = freshName('ingest');
    const documents = [
      { id: 'a', text: 'x' },
      { id: 'b', text: { not: 'text' } },
      { id: 'c', text: 'z', other: 1 },
    ];
    const { report, refusals } = await index(engine(), name, documents);
    expect(report).toMatchObject({ indexed: 2, failed: 1, failures: { not_text: 1 } });
    expect(refusals).toMatchObject([{ id: 'b', type: 'not_text', document: { text: { not: 'text' } } }]);
    expect(await engine().count(name)).toBe(2);
  });

  it('stops at the first refusal where strict', async () => {
    const run = index(engine(), freshName('ingest'), [{ id: 'b', text: {} }], { strict: true });
    await expect(run).rejects.toMatchObject({ code: 'DOCUMENT_REFUSED', id: 'b' });
  });

  it('goes on in an index as it was made, and refuses other models and other fields', async () => {
    const name = freshName('ingest');
    await index(engine(), name, [{ id: 'a', body: 'x' }], { textFields: ['body'], field: 'vector' });
    expect((await index(engine(), name, [{ id: 'b', body: 'y' }])).report.empty).toBe(0);
    const other = (options: Partial<IndexDocumentsOptions>) => index(engine(), name, [{ id: 'c' }], options);
    await expect(other({ encoder: hashingEncoder('other') })).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
    const { identity } = hashingEncoder();
    for (const change of [{ precision: 'int8' }, { maxTokens: 512 }] as const) {
      const encoder = { ...hashingEncoder(), identity: { ...identity, ...change } };
      await expect(other({ encoder })).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
    }
    await expect(other({ textFields: ['text'] })).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
    await expect(other({ field: 'splade' })).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
    await expect(other({ pruning: 'topK(3)' })).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
  });

  it('refuses an index that it knows nothing of', async () => {
    const name = freshName('ingest');
    await engine().createIndex(name, {});
    await expect(index(engine(), name, [{ id: 'a' }])).rejects.toMatchObject({ code: 'INDEX_WITHOUT_PLAN' });
  });
});

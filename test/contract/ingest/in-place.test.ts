import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { type AddVectorsOptions, type AddVectorsResult, addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { collect } from '../../support/collect.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { CHECKED, DOCUMENTS, everything, filled, run, write } from '../../support/source-index.js';

onEveryEngine('reindex in place', ({ url }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await connect(await url());
  }, 120_000);
  afterAll(() => engine?.[Symbol.asyncDispose]());

  async function add(index: string, options: Partial<AddVectorsOptions> = {}, onReport?: () => Promise<unknown>) {
    const all = { encoder: hashingEncoder(), textFields: ['text'], ...options };
    let reports = 0;
    for await (const report of addVectors(engine, index, all)) {
      if (report.done) return report as AddVectorsResult;
      if (reports++ === 0) await onReport?.();
    }
    throw new Error('it ended without a result');
  }

  /** Every document by id, with its vector. */
  async function dumped(index: string) {
    await engine.refresh(index);
    return new Map((await collect(dumpIndex(engine, index))).map((document) => [document._id, document]));
  }

  it('gives every document the vector that a copy would have, and changes nothing else', async () => {
    const [index, copy] = [await filled(engine), freshName('copy')];
    const before = await everything(engine, index);
    await run(engine, index, { to: copy });
    expect(await add(index)).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true, conflicts: 0 });
    expect(await everything(engine, index)).toEqual(before);
    expect(await dumped(index)).toEqual(await dumped(copy));
  });

  it('encodes nothing the second time, and only what changed the third, without a trace of the old vector', async () => {
    const index = await filled(engine);
    await add(index);
    const encoder = hashingEncoder();
    expect(await add(index, { encoder })).toMatchObject({ documents: DOCUMENTS });
    expect(encoder.encoded).toBe(CHECKED);
    const doc = { text: 'other words altogether' };
    await engine.bulk(index, [{ kind: 'update', id: 'd4', doc }]);
    await add(index, { encoder });
    expect(encoder.encoded).toBe(CHECKED + 1 + CHECKED);
    const copy = freshName('copy');
    await run(engine, index, { to: copy, field: 'splade' });
    expect((await dumped(index)).get('d4')!.splade).toEqual((await dumped(copy)).get('d4')!.splade);
  });

  it('writes over no change that was made meanwhile, and brings the vectors of what was changed', async () => {
    const index = await filled(engine);
    const meanwhile = async () => {
      await write(engine, index, [...Array(DOCUMENTS).keys()].slice(300), { text: 'changed meanwhile' });
      await engine.bulk(index, [{ kind: 'delete', id: 'd299' }]);
    };
    const result = await add(index, { batchBytes: 4000 }, meanwhile);
    expect(result).toMatchObject({ documents: DOCUMENTS - 1, failed: 0, verified: true });
    expect(result.conflicts).toBeGreaterThan(0);
    const documents = await dumped(index);
    expect(documents.get('d350')).toMatchObject({ text: 'changed meanwhile' });
    const [vector] = await hashingEncoder().encode(['changed meanwhile']);
    const terms = [...vector!.vector.terms()].map(({ token }) => token).sort();
    expect(Object.keys(documents.get('d350')!.splade as object).sort()).toEqual(terms);
  });

  it('gives no vector to what has been changed meanwhile and is no longer asked for', async () => {
    const index = await filled(engine);
    const meanwhile = () => write(engine, index, [...Array(DOCUMENTS).keys()].slice(300), { text: 'put away' });
    const query = { bool: { must_not: [{ match: { text: 'away' } }] } };
    const result = await add(index, { batchBytes: 4000, query }, meanwhile);
    expect(result.conflicts).toBeGreaterThan(0);
    const documents = await dumped(index);
    expect(documents.get('d350')).toMatchObject({ text: 'put away' });
    expect(documents.get('d350')!.splade).toBeUndefined();
  });

  it('refuses another plan than the one that the index has', async () => {
    const index = await filled(engine, 10);
    await add(index);
    await expect(add(index, { textFields: ['number'] })).rejects.toMatchObject({ code: 'PLAN_DIFFERS' });
  });
});

import type { JsonObject } from '../../../src/dialect/dialect.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { collect } from '../../support/collect.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { filledWith, MemoryCluster, plannedMappings, reindexed, textsOf } from '../../support/memory-cluster.js';

const planned = plannedMappings();
const mappings = {
  ...planned,
  properties: { ...(planned.properties as JsonObject), embedding: { type: 'dense_vector' } },
};

describe('an index whose _source lacks fields', () => {
  it.each([
    { excludes: ['embedding'] },
    { excludes: 'embedding' },
    { excludes: ['splade', 'embedding.*'] },
    { includes: ['text'] },
    { enabled: false },
  ])('is neither copied nor given vectors in place: %j', async (_source) => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat' }, { ...mappings, _source });
    const added = collect(addVectors(engine, 'shop', { encoder: hashingEncoder(), textFields: ['text'] }));
    await expect(added).rejects.toMatchObject({ code: 'FIELDS_NOT_IN_SOURCE', index: 'shop' });
    await expect(reindexed(engine, 'shop', { to: 'copy' })).rejects.toMatchObject({ code: 'FIELDS_NOT_IN_SOURCE' });
    expect(engine.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    await expect(engine.describeIndex('copy')).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
  });

  it('is copied where it lacks nothing but the vectors that are made anew', async () => {
    await using engine = new MemoryCluster();
    await filledWith(engine, 'shop', { a: 'red coat', b: 'hat' }, { ...mappings, _source: { excludes: ['splade'] } });
    expect(await reindexed(engine, 'shop', { to: 'copy', alias: 'search' })).toMatchObject({
      documents: 2,
      verified: true,
    });
    expect(await textsOf(engine, 'copy')).toEqual({ a: 'red coat', b: 'hat' });
  });
});

import type { WireRequest } from '../../../src/engine/engine.js';
import { patient } from '../../../src/ingest/bulk/patient-engine.js';
import { documentsByKey } from '../../../src/ingest/reindex/documents-by-key.js';
import { changed } from '../../support/changed-engine.js';
import { MemoryCluster } from '../../support/memory-cluster.js';

const QUICK = { firstMs: 1, mostMs: 2, patienceMs: 20 };

/** Asks a patient engine for a document that it answers with an error, and counts how often that is done. */
async function answeredWith(type: string) {
  let asked = 0;
  const engine = changed(new MemoryCluster(), {
    async request(_: WireRequest) {
      asked++;
      return { docs: [{ _index: 'shop', _id: 'd1', error: { type, reason: 'what the engine says' } }] };
    },
  });
  const thrown = await documentsByKey(patient(engine, QUICK), 'shop', [{ id: 'd1' }], undefined).catch((one) => one);
  return { asked, thrown };
}

describe('a document that the engine cannot tell of', () => {
  it.each([
    ['index_not_found_exception', { code: 'INDEX_NOT_FOUND', index: 'shop' }],
    ['index_closed_exception', { code: 'ENGINE_REFUSED', reason: 'what the engine says' }],
    ['routing_missing_exception', { code: 'ENGINE_REFUSED', type: 'routing_missing_exception' }],
  ])('is not waited for where that does not pass: %s', async (type, fault) => {
    const { asked, thrown } = await answeredWith(type);
    expect(thrown).toMatchObject(fault);
    expect(asked).toBe(1);
  });

  it('is waited for where shards are away, and the engine is quoted where they stay away', async () => {
    const { asked, thrown } = await answeredWith('no_shard_available_action_exception');
    expect(thrown).toMatchObject({
      code: 'INDEX_UNAVAILABLE',
      found: expect.stringMatching(/d1.*no_shard_available_action_exception: what the engine says/),
    });
    expect(asked).toBeGreaterThan(1);
  });
});

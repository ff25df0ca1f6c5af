import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homeFolder } from '../../../src/cli/settings.js';
import { connectOpenSearch } from '../../../src/connector/connect-opensearch.js';
import { ClusterSettingsMissing } from '../../../src/connector/connector-faults.js';
import { describeService } from '../../../src/connector/described-service.js';
import { disconnectOpenSearch } from '../../../src/connector/disconnect-opensearch.js';
import { ONLY_ML_NODES } from '../../../src/connector/opensearch-bodies.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { DEFAULT_RETRY } from '../../../src/ingest/bulk/backoff.js';
import { writeForGood } from '../../../src/ingest/bulk/write-for-good.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { planFor } from '../../../src/mapping/vector-plan.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { createEncodeService, type EncodeService } from '../../../src/service/encode-service.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';

const WITH_ML_COMMONS = { engine: 'opensearch', version: '3.6.0+ml', via: 'java', home: homeFolder() } as const;
const TEXTS = ['a fox hunts', 'bread and water', 'a fox and a hound', 'U.S. mail'];

// Only OpenSearch with ml-commons calls encoders by itself: a node of this suite's own.
onEveryEngine(
  'an index that encodes by itself',
  () => {
    // Names with a dot are the ones that engines cut at.
    const encoder = hashingEncoder('to.ken');
    let sandbox: Sandbox;
    let engine: Engine;
    let front: Front;
    let service: EncodeService;

    beforeAll(async () => {
      sandbox = await startSandbox(WITH_ML_COMMONS);
      engine = await connect(sandbox.url);
      service = await createEncodeService({ models: [{ name: 'tiny', encoder }] });
      front = await Front.open(service);
    }, STARTS_ENGINES_MS);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await front?.close();
      await service?.[Symbol.asyncDispose]();
      await sandbox?.stop();
    });

    const connectionOf = async (index: string) => {
      const { model, vocabulary } = await describeService(front.url);
      const vectors = { splade: { from: ['text'], pruning: 'none' } };
      const plan = planFor({ model, vocabulary: { fingerprint: vocabulary }, dialect: rankFeatures, vectors });
      return { index, text: 'text', field: 'splade', service: front.url, plan, batch: 16 };
    };
    const bulk = (index: string, texts = TEXTS) => bulkTo(engine, index, texts);

    it('is told which cluster settings it lacks, and changes none by itself', async () => {
      const connecting = connectOpenSearch(engine, await connectionOf('refused'));
      await expect(connecting).rejects.toThrow(ClusterSettingsMissing);
      await expect(connecting).rejects.toThrow(ONLY_ML_NODES);
    });

    it(
      'leaves the models to the nodes that are for them, where there are any',
      async () => {
        const settings = { 'node.roles': 'cluster_manager,data,ingest,ml' };
        const own = await startSandbox({ ...WITH_ML_COMMONS, settings });
        try {
          await using withMl = await connect(own.url);
          const connection = await connectionOf('on-ml-node');
          const refused = await connectOpenSearch(withMl, connection).catch((thrown: ClusterSettingsMissing) => thrown);
          expect(refused).toBeInstanceOf(ClusterSettingsMissing);
          expect(String(refused)).not.toContain(ONLY_ML_NODES);
          await connectOpenSearch(withMl, connection, { applySettings: true });
          expect((await bulkTo(withMl, 'on-ml-node', TEXTS)).items.map(({ index }) => index.status)).toEqual([
            201, 201, 201, 201,
          ]);
          const query = { flat_settings: 'true' };
          const changed = await withMl.request({ method: 'GET', path: '/_cluster/settings', query });
          expect(JSON.stringify(changed)).not.toContain(ONLY_ML_NODES);
        } finally {
          await own.stop();
        }
      },
      STARTS_ENGINES_MS,
    );

    it('keeps the model at work when it is connected again with the same token, and takes another token over', async () => {
      const connection = { ...(await connectionOf('with-token')), token: 'first' };
      const { connector, model } = await connectOpenSearch(engine, connection, { applySettings: true });
      const stateOf = async (path: string) =>
        (await engine.request({ method: 'GET', path: `/_plugins/_ml/${path}` })) as Record<string, unknown>;
      const before = [await stateOf(`connectors/${connector}`), await stateOf(`models/${model}`)];
      expect(JSON.stringify(before)).not.toContain('first');
      await connectOpenSearch(engine, connection);
      expect([await stateOf(`connectors/${connector}`), await stateOf(`models/${model}`)]).toEqual(before);

      const connected = await connectOpenSearch(engine, { ...connection, token: 'second' });
      expect(connected).toMatchObject({ connector, model });
      await bulk('with-token', ['a fox']);
      expect(front.authorizations.slice(-1)).toEqual(['Bearer second']);
    });

    it('connects the index behind an alias, and is taken back by either name', async () => {
      await engine.createIndex('behind-1', { aliases: { behind: {} } });
      const connected = await connectOpenSearch(engine, await connectionOf('behind'), { applySettings: true });
      expect(connected.pipeline).toBe('termweave-behind-1');
      expect(await connectOpenSearch(engine, await connectionOf('behind-1'))).toEqual(connected);
      expect(await disconnectOpenSearch(engine, 'behind')).toBe(true);
      expect(await disconnectOpenSearch(engine, 'behind-1')).toBe(false);
    });

    it('takes no index that holds the vectors of another model, and changes nothing of it', async () => {
      const connection = await connectionOf('foreign');
      const plan = { ...connection.plan, model: { ...connection.plan.model, weights: 'other' } };
      await engine.createIndex('foreign', { ...mappingFor({ dialect: rankFeatures, plan }) });
      const before = await engine.describeIndex('foreign');
      const connecting = connectOpenSearch(engine, connection, { applySettings: true });
      await expect(connecting).rejects.toMatchObject({ code: 'MODEL_MISMATCH' });
      expect(await engine.describeIndex('foreign')).toEqual(before);
    });

    it.each<[string, string, object]>([
      ['a field that the index uses for something else', 'taken', { splade: { type: 'text' } }],
      ['a vector field that others have made', 'others', { splade: { type: 'rank_features' } }],
    ])('refuses %s, and makes nothing', async (_what, index, properties) => {
      await engine.createIndex(index, { mappings: { properties } });
      await expectNothingMade(index, connectOpenSearch(engine, await connectionOf(index), { applySettings: true }), {
        code: 'FIELD_TAKEN',
      });
    });

    it('takes no name that no index can have, nor a text for its own vector, and makes nothing', async () => {
      for (const index of ['Books', 'boo*', 'a/b']) {
        const connecting = connectOpenSearch(engine, await connectionOf(index), { applySettings: true });
        await expect(connecting).rejects.toMatchObject({ code: 'NAME_UNUSABLE' });
      }
      const connection = { ...(await connectionOf('itself')), field: 'text' };
      const connecting = connectOpenSearch(engine, connection, { applySettings: true });
      await expectNothingMade('itself', connecting, { code: 'FIELD_TAKEN' });
    });

    async function expectNothingMade(index: string, connecting: Promise<unknown>, fault: object): Promise<void> {
      await expect(connecting).rejects.toMatchObject(fault);
      const asked = { method: 'GET', path: `/_ingest/pipeline/termweave-${index}` } as const;
      await expect(engine.request(asked)).rejects.toMatchObject({ status: 404 });
    }

    it('stores and finds what termweave itself would, and is connected twice by the same ids', async () => {
      const connection = await connectionOf('books');
      const connected = await connectOpenSearch(engine, connection, { applySettings: true });
      expect(await connectOpenSearch(engine, connection)).toEqual(connected);
      expect((await bulk('books')).items.map(({ index }) => index.status)).toEqual([201, 201, 201, 201]);

      const index = await SparseIndex.open(engine, 'books');
      for (const [i, { vector }] of (await encoder.encode(TEXTS)).entries()) {
        const { hits } = await engine.search('books', { query: { ids: { values: [`${i}`] } } });
        expect(asSingles(hits[0]!.source!.splade)).toEqual(storedFeatures(vector, rankFeatures));
      }
      const [asked] = await encoder.encode(['a fox U.S.'], { as: 'query' });
      const expected = await index.search(asked!.vector, { size: 10 });
      const query = { neural_sparse: { splade: { query_text: 'a fox U.S.' } } };
      const found = await engine.search('books', { query, size: 10 });
      expect(found.hits.map(({ id, score }) => [id, score])).toEqual(expected.hits.map(({ id, score }) => [id, score]));
    });

    it.each(['closed', 'failing', 'short'] as const)(
      'reports every document of a bulk while the service is %s, stores none without its vector, and a retry completes it',
      async (trouble) => {
        const index = `trouble-${trouble}`;
        await connectOpenSearch(engine, await connectionOf(index), { applySettings: true });
        front.trouble = trouble;
        const { items } = await bulk(index);
        front.trouble = undefined;
        expect(items.every(({ index }) => index.status >= 400 && index.error !== undefined)).toBe(true);
        expect(await engine.count(index)).toBe(0);
        expect((await bulk(index)).items.every(({ index }) => index.status === 201)).toBe(true);
        expect(await engine.count(index, { exists: { field: 'text' } })).toBe(TEXTS.length);
      },
    );

    it('runs the pipelines that an index has of its own, and gives them back', async () => {
      const put = (path: string, body: object) => engine.request({ method: 'PUT', path, body: { ...body } });
      await put('/_ingest/pipeline/own-in', { processors: [{ set: { field: 'text', value: 'a fox' } }] });
      await put('/_search/pipeline/own-out', {
        response_processors: [{ rename_field: { field: 'text', target_field: 'renamed' } }],
      });
      const settings = { 'index.default_pipeline': 'own-in', 'index.search.default_pipeline': 'own-out' };
      const mappings = { _meta: { kept: 1 }, properties: { text: { type: 'text' } } };
      await put('/owned', { settings, mappings });
      const connection = await connectionOf('owned');
      await connectOpenSearch(engine, connection, { applySettings: true });
      await connectOpenSearch(engine, connection);
      await bulk('owned', ['bread']);
      const query = { neural_sparse: { splade: { query_text: 'a fox' } } };
      const { hits } = await engine.search('owned', { query });
      expect(hits[0]!.source).toMatchObject({ renamed: 'a fox', splade: expect.anything() });

      await disconnectOpenSearch(engine, 'owned');
      const { settings: after, mappings: left } = await engine.describeIndex('owned');
      expect(after.index).toMatchObject({ default_pipeline: 'own-in', search: { default_pipeline: 'own-out' } });
      expect(Object.keys(left._meta as object).sort()).toEqual(['kept', 'termweave']);
    });

    it('is given no document for ever at which its own pipeline fails: an error of the engine, of that document alone', async () => {
      const fail = { if: "ctx.text == 'poison'", message: 'no poison' };
      await engine.request({ method: 'PUT', path: '/_ingest/pipeline/failing', body: { processors: [{ fail }] } });
      await engine.createIndex('poisoned', { settings: { index: { default_pipeline: 'failing' } } });
      const writes = ['x', 'poison', 'z'].map((text) => ({ kind: 'index' as const, id: text, source: { text } }));
      const retry = { ...DEFAULT_RETRY, failingMs: 3000 };
      const outcomes = await writeForGood(engine, 'poisoned', writes, { retry, givesUp: true });
      expect(outcomes).toMatchObject([
        { ok: true },
        { ok: false, status: 500, type: 'fail_processor_exception', reason: expect.stringContaining('no poison') },
        { ok: true },
      ]);
    });

    it('is on its own again after disconnect, which may be said twice', async () => {
      await connectOpenSearch(engine, await connectionOf('left'), { applySettings: true });
      expect(await disconnectOpenSearch(engine, 'left')).toBe(true);
      expect(await disconnectOpenSearch(engine, 'left')).toBe(false);
      await bulk('left', ['a fox']);
      const { hits } = await engine.search('left', { query: { match_all: {} } });
      expect(hits.map(({ source }) => source)).toEqual([{ text: 'a fox' }]);
      const again = await connectOpenSearch(engine, await connectionOf('left'));
      expect(again.pipeline).toBe('termweave-left');
    });
  },
  ({ engine }) => engine === 'opensearch',
);

onEveryEngine('an engine without ml-commons', ({ url }) => {
  it('is told from one that could encode by itself, and nothing of it is changed', async () => {
    await using engine = await connect(await url());
    const settings = () => engine.request({ method: 'GET', path: '/_cluster/settings' });
    const before = await settings();
    const vectors = { splade: { from: ['text'], pruning: 'none' } };
    const { identity: model, vocabulary } = hashingEncoder();
    const plan = planFor({ model, vocabulary, dialect: rankFeatures, vectors });
    const connection = {
      index: 'never',
      text: 'text',
      field: 'splade',
      service: 'http://127.0.0.1:1',
      plan,
      batch: 16,
    };
    await expect(connectOpenSearch(engine, connection, { applySettings: true })).rejects.toMatchObject({
      code: 'NO_CONNECTORS',
      found: expect.stringMatching(/without opensearch-ml|elasticsearch/),
    });
    expect(await settings()).toEqual(before);
  });
});

async function bulkTo(engine: Engine, index: string, texts: readonly string[]) {
  const lines = texts.flatMap((text, i) => [{ index: { _index: index, _id: `${i}` } }, { text }]);
  return (await engine.request({
    method: 'POST',
    path: '/_bulk',
    query: { refresh: 'true' },
    lines: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  })) as { items: { index: { status: number; error?: { reason: string } } }[] };
}

/** Stands before the service and makes trouble when it is told to. */
class Front {
  trouble: 'closed' | 'failing' | 'short' | undefined;
  /** What each request brought, the latest last. */
  readonly authorizations: (string | undefined)[] = [];
  private constructor(readonly server: Server) {}

  static async open({ handler }: EncodeService): Promise<Front> {
    const front: Front = new Front(
      createServer((request, response) => {
        front.authorizations.push(request.headers.authorization);
        if (front.trouble === 'closed') request.socket.destroy();
        else if (front.trouble === 'failing') response.writeHead(424).end('{"error":"no","error_type":"Backend"}');
        else if (front.trouble === 'short') response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
        else handler(request, response);
      }),
    );
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function asSingles(terms: unknown): Record<string, number> {
  const entries = Object.entries(terms as Record<string, number>);
  return Object.fromEntries(entries.map(([name, weight]) => [name, Math.fround(weight)]));
}

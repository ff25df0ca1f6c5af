import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { withSplade } from '../../../src/clients/with-splade.js';
import { dialectForNewField } from '../../../src/dialect/choose-dialect.js';
import type { Dialect } from '../../../src/dialect/dialect.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { toyVector, toyVocabulary } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';
import { FIELD, planOf } from '../../support/vector-index.js';

onEveryEngine('a wrapped client whose alias moves', ({ url, engine: flavour }) => {
  let engine: Engine;
  let dialect: Dialect;
  let request: (method: string, path: string, body?: object, bulkBody?: object[]) => Promise<Record<string, unknown>>;
  let wrappedFor: (index: string) => typeof request;
  const closing: (() => PromiseLike<unknown>)[] = [];

  beforeAll(async () => {
    const node = await url();
    engine = await connect(node);
    dialect = dialectForNewField(engine.version);
    const plan = planOf(toyVocabulary.fingerprint, dialect.name);
    // Both have the same way to a raw request, by types that do not meet.
    const Client = (flavour === 'opensearch' ? OpenSearchClient : ElasticsearchClient) as typeof OpenSearchClient;
    const client = new Client({ node });
    const by = (one: typeof client) => async (method: string, path: string, body?: object, bulkBody?: object[]) => {
      const answer = await one.transport.request({ method, path, body: body as never, bulkBody: bulkBody as never });
      return ('statusCode' in (answer as object) ? (answer as { body: unknown }).body : answer) as Record<
        string,
        unknown
      >;
    };
    request = by(client);
    wrappedFor = (index) => by(withSplade(client, { index, plan, dialect, encoder: toyModel(plan) }));
    closing.push(
      () => client.close(),
      () => engine[Symbol.asyncDispose](),
    );
  }, 120_000);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  /** An index of one document, by a model of these weights, its vector in this field. It takes no fields but its own. */
  const made = async (text: string, weights: string, index = freshName('moved'), field = FIELD) => {
    const plan = planOf(toyVocabulary.fingerprint, dialect.name);
    const vectors = { [field]: plan.vectors[FIELD]! };
    const like = { settings: {}, mappings: { dynamic: 'strict' } };
    const mapped = mappingFor({ dialect, plan: { ...plan, vectors, model: { ...plan.model, weights } }, like });
    await engine.createIndex(index, { ...mapped });
    await engine.bulk(index, [
      { kind: 'index', id: text, source: { text, [field]: storedFeatures(toyVector(text), dialect) } },
    ]);
    await engine.refresh(index);
    return index;
  };
  const move = (alias: string, from: string | undefined, to: string) => {
    const add = { add: { index: to, alias } };
    return request('POST', '/_aliases', {
      actions: from === undefined ? [add] : [{ remove: { index: from, alias } }, add],
    });
  };

  it('follows it to an index of the same model, and neither asks nor fills one of another', async () => {
    const alias = freshName('alias');
    const [first, second, other] = [
      await made('quick fox', '0'),
      await made('quick dog', '0'),
      await made('quick ship', 'b'),
    ];
    await move(alias, undefined, first);
    const send = wrappedFor(alias);
    const query = { match: { text: 'quick' } };
    const search = async (body: object = { query }) => {
      const { hits } = (await send('POST', `/${alias}/_search`, body)) as never as {
        hits: { hits: { _id: string }[] };
      };
      return hits.hits.map(({ _id }) => _id);
    };
    expect(await search()).toEqual(['quick fox']);
    await move(alias, first, second);
    expect(await search()).toEqual(['quick dog']);
    await move(alias, second, other);
    const mismatch = { code: 'MODEL_MISMATCH', aspect: 'model weights' };
    await expect(search()).rejects.toMatchObject(mismatch);
    await expect(send('PUT', `/${alias}/_doc/late`, { text: 'quick hare' })).rejects.toMatchObject(mismatch);
    expect(await engine.count(other, { ids: { values: ['late'] } })).toBe(0);
    // By words alone every index can be asked.
    expect(await search({ query, sort: ['_doc'] })).toEqual(['quick ship']);
    await move(alias, other, first);
    expect(await search()).toEqual(['quick fox']);
  });

  it('says of a write, too, that it met another model', async () => {
    const alias = freshName('alias');
    const [first, other] = [await made('quick fox', '0'), await made('quick ship', 'b')];
    await move(alias, undefined, first);
    const send = wrappedFor(alias);
    await send('PUT', `/${alias}/_doc/early`, { text: 'quick hare' });
    await move(alias, first, other);
    const late = send('PUT', `/${alias}/_doc/late`, { text: 'quick hare' });
    await expect(late).rejects.toMatchObject({ code: 'MODEL_MISMATCH', index: other });
  });

  it('asks and fills an index that was made anew under its own name by the fields that it has now', async () => {
    for (const written of ['document', 'bulk', 'nothing']) {
      const index = await made('quick fox', '0');
      const send = wrappedFor(index);
      const search = async () => {
        const answer = await send('POST', `/${index}/_search`, { query: { match: { text: 'quick' } } });
        return (answer as { hits: { hits: { _id: string }[] } }).hits.hits.map(({ _id }) => _id).sort();
      };
      expect(await search()).toEqual(['quick fox']);
      await engine.deleteIndex(index);
      await made('quick dog', '0', index, 'renamed');
      // The engine refuses the old field where it is written, and finds nothing by it.
      if (written === 'document') await send('PUT', `/${index}/_doc/late`, { text: 'quick hare' });
      if (written === 'bulk') {
        const items = [{ delete: { _id: 'none' } }, { index: { _id: 'late' } }, { text: 'quick hare' }];
        const answer = await send('POST', `/${index}/_bulk`, undefined, items);
        const done = { _index: index, _id: 'late', status: 201 };
        expect(answer).toMatchObject({ errors: false, items: [{ delete: { status: 404 } }, { index: done }] });
      }
      await engine.refresh(index);
      expect(await search()).toEqual(written === 'nothing' ? ['quick dog'] : ['late', 'quick dog']);
    }
  });
});

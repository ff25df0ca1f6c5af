import { vectorIn } from '../../../src/dialect/kept-passages.js';
import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.js';
import { mappingFor } from '../../../src/mapping/index-body.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { toyVector } from '../../support/toy-encoder.js';
import { toyModel } from '../../support/toy-model.js';
import { toyPlan } from '../../support/translation-table.js';

const plan = toyPlan('rank-features');
const { mappings } = mappingFor({ dialect: rankFeatures, plan });
const documentOf = (title: string) => ({ title, body: title });

onEveryEngine(
  'a gateway before an engine with types',
  ({ url }) => {
    let engine: Engine;
    let gateway: Gateway;
    let node: string;
    let through: string;

    beforeAll(async () => {
      node = await url();
      engine = await connect(node);
      gateway = createGateway({ upstream: { url: node }, version: engine.version, encoder: toyModel(plan) });
      through = await gateway.listen(0);
    }, 120_000);
    afterAll(async () => {
      await gateway?.[Symbol.asyncDispose]();
      await engine?.[Symbol.asyncDispose]();
    });

    const ask = async (at: string, method: string, path: string, body?: unknown) => {
      const written = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(at + path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: written,
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of several endpoints
      const answer = (await response.json()) as any;
      return { status: response.status, applied: response.headers.get('x-termweave-applied'), answer };
    };

    it.each(['_doc', 'novel'])('gives what is written and asked on paths of the type %s its vectors', async (type) => {
      const index = freshName('typed');
      const made = await ask(node, 'PUT', `/${index}?include_type_name=true`, { mappings: { [type]: mappings } });
      expect(made.status).toBe(200);
      const paths = `/${index}/${type}`;
      const writes = [
        ['PUT', `${paths}/1?refresh=true`, documentOf('owl')],
        ['PUT', `${paths}/2/_create?refresh=true`, documentOf('lazy')],
        ['POST', `${paths}/_bulk?refresh=true`, `{"index":{"_id":"3"}}\n${JSON.stringify(documentOf('fox'))}\n`],
        ['POST', `${paths}/1/_update?refresh=true`, { doc: documentOf('quick') }],
      ] as const;
      for (const [method, path, body] of writes) {
        const { status, applied } = await ask(through, method, path, body);
        expect([path, status < 300, applied]).toEqual([path, true, 'vectors']);
      }
      for (const [id, title] of Object.entries({ 1: 'quick', 2: 'lazy', 3: 'fox' })) {
        const { answer } = await ask(node, 'GET', `/${index}/_source/${id}`);
        expect(vectorIn(answer.splade_title)).toEqual(storedFeatures(toyVector(title), rankFeatures));
      }
      const { applied, answer } = await ask(through, 'POST', `${paths}/_search`, {
        query: { match: { title: 'fox' } },
      });
      expect([applied, answer.hits.hits[0]._id]).toEqual(['replace', '3']);
      await engine.deleteIndex(index);
    });
  },
  ({ engine, version }) => engine === 'elasticsearch' && version.startsWith('7.'),
);

import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';
import { until } from '../../support/until.js';

const SEARCH = { query: { match: { title: 'fox' } } };

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

it.each([
  ['/planned/_search', SEARCH],
  ['/planned/_msearch', `{}\n${JSON.stringify(SEARCH)}\n`],
  ['/planned/_doc', { title: 'fox' }],
] as const)('a client that leaves while its %s is encoded leaves its place to others', async (path, body) => {
  let [isHeld, begun] = [true, 0];
  const { encode, ...model } = toyModel(plan);
  const held: typeof encode = (texts, options) =>
    isHeld
      ? new Promise((_, reject) => {
          begun++;
          options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        })
      : encode(texts, options);
  await using gateway = await gatewayTo(engine, { encoder: { ...model, encode: held }, limits: { concurrent: 2 } });
  const leave = new AbortController();
  const left = [1, 2].map(() =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: leave.signal,
    }).catch(() => undefined),
  );
  await until(() => begun === 2);
  leave.abort();
  await Promise.all(left);
  await until(() => gateway.log.length === 2);
  isHeld = false;
  expect((await gateway.post('/planned/_search', SEARCH)).headers.get('x-termweave-applied')).toBe('replace');
});

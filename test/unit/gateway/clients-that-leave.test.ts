import { FakeEngine, gatewayTo, plan } from '../../support/fake-engine.js';
import { toyModel } from '../../support/toy-model.js';
import { until } from '../../support/until.js';

/** Two texts: one that several ask for at once is encoded once. */
const TITLES = ['fox', 'hare'];
const searchFor = (title: string) => ({ query: { match: { title } } });

let engine: FakeEngine;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(() => engine[Symbol.asyncDispose]());

it.each([
  ['/planned/_search', (title: string) => JSON.stringify(searchFor(title))],
  ['/planned/_msearch', (title: string) => `{}\n${JSON.stringify(searchFor(title))}\n`],
  ['/planned/_doc', (title: string) => JSON.stringify({ title })],
] as const)('a client that leaves while its %s is encoded leaves its place to others', async (path, bodyOf) => {
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
  const left = TITLES.map((title) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bodyOf(title),
      signal: leave.signal,
    }).catch(() => undefined),
  );
  await until(() => begun === 2);
  leave.abort();
  await Promise.all(left);
  await until(() => gateway.log.length === 2);
  isHeld = false;
  expect((await gateway.post('/planned/_search', searchFor('fox'))).headers.get('x-termweave-applied')).toBe('replace');
});

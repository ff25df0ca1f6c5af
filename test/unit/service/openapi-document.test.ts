import { openApiDocument } from '../../../src/service/openapi-document.js';
import { encodeQuery } from '../../../src/service/request-schemas.js';

// biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, looked into by path
const encode = (openApiDocument('1', ['tiny']) as any).paths['/encode'].post;

it('names every status of a request for vectors, 409 for other weights among them', () => {
  expect(Object.keys(encode.responses)).toEqual(expect.arrayContaining(['200', '404', '409', '422', '429']));
});

it.each(['none', 'topK(64)', 'atLeast(0.05)+topK(256)', 'ratioOfMax(0.1)'])('lets %s through as a pruning', (prune) => {
  const { schema } = encode.parameters.find(({ name }: { name: string }) => name === 'prune');
  expect(prune).toMatch(new RegExp(schema.pattern));
  expect(encodeQuery.parse({ prune }).prune.spec).toBe(prune);
});

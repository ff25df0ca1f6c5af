import { endpointOf } from '../../../src/clients/request-endpoint.js';

describe('what a path asks, and of which index', () => {
  it.each([
    ['/books/_search', '_search', 'books'],
    ['/books,papers/_search/template', '_search/template', 'books,papers'],
    ['/b%C3%BCcher/_doc/1', '_doc', 'b\u00fccher'],
    ['/books/_doc', '_doc', 'books'],
    ['/books/_doc/_abc', '_doc', 'books'],
    ['/books/_create/1', '_create', 'books'],
    ['/books/_update/1', '_update', 'books'],
    ['/_msearch', '_msearch', undefined],
    ['/_search/scroll', '_search/scroll', undefined],
    ['/books', '', 'books'],
    ['/', '', undefined],
  ])('%s is %s of %s', (path, endpoint, index) => {
    expect(endpointOf(path)).toEqual({ endpoint, ...(index && { index }) });
  });

  it.each([
    ['/books/_doc/_bulk', '_bulk'],
    ['/books/_doc/_search', '_search'],
    ['/books/_doc/_msearch', '_msearch'],
    ['/books/_doc/1/_update', '_update'],
    ['/books/_doc/1/_create', '_create'],
    ['/books/_doc/1/_explain', ''],
    ['/books/novel', '_doc'],
    ['/books/novel/1', '_doc'],
    ['/books/novel/_bulk', '_bulk'],
    ['/books/novel/_search/template', '_search/template'],
    ['/books/novel/_mapping', ''],
    ['/books/novel/1/_update', '_update'],
  ])('%s of an engine with types is %s', (path, endpoint) => {
    expect(endpointOf(path)).toEqual({ endpoint, index: 'books' });
  });

  it('is nothing in a path that cannot be decoded', () => {
    expect(endpointOf('/%E0%A4%A/_search')).toEqual({ endpoint: '' });
  });
});

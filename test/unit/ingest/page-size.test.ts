import { PageSize } from '../../../src/ingest/reindex/page-size.js';

describe('the size of pages', () => {
  it('is what makes about 2 MB, between one document and a thousand', () => {
    expect(new PageSize(4000).documents).toBe(500);
    expect(new PageSize(5_000_000).documents).toBe(1);
    expect(new PageSize(0).documents).toBe(1000);
  });

  it('learns from pages: documents of 5 MB come one by one, and it grows little by little after them', () => {
    const size = new PageSize(4000);
    size.read(500, 500 * 5_000_000);
    expect(size.documents).toBe(1);
    size.read(1, 100);
    expect(size.documents).toBe(4);
    size.read(4, 400);
    expect(size.documents).toBe(16);
  });

  it('asks for less after a page that did not come, and takes an empty page for nothing', () => {
    const size = new PageSize(4000);
    size.refused();
    expect(size.documents).toBe(125);
    size.read(0, 0);
    expect(size.documents).toBe(125);
  });
});

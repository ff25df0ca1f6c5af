import { connect } from '../../../src/engine/connect.js';
import type { PageOptions } from '../../../src/engine/engine.js';
import { drawTexts } from '../../../src/verify/draw-texts.js';
import { changed } from '../../support/changed-engine.js';

describe('drawTexts', () => {
  it('reads text fields as indexing does: inside objects, in arrays, numbers too', async () => {
    await using engine = await connect('memory:');
    await engine.createIndex('books', {});
    const sources = [{ book: { title: 'a fox' } }, { 'book.title': ['two', 'words'] }, { book: { title: 1984 } }, {}];
    await engine.bulk(
      'books',
      sources.map((source, i) => ({ kind: 'index', id: String(i), source })),
    );
    const drawn = await drawTexts(engine, 'books', ['subtitle', 'book.title'], 4);
    expect(drawn.map(({ text }) => text)).toEqual(['a fox', 'two words', '1984']);
  });

  it('gives as many as are asked for where one document of fifty has a text, from a page of each part', async () => {
    await using engine = await connect('memory:');
    await engine.createIndex('books', {});
    const writes = Array.from({ length: 10_000 }, (_, i) => {
      // Every second of twenty parts has none.
      const hasText = i % 2 === 0 && Math.floor(i / 20) % 25 === 0;
      const source = hasText ? { text: `words of ${i}` } : { number: i };
      return { kind: 'index' as const, id: String(i), source };
    });
    await engine.bulk('books', writes);
    let pages = 0;
    const counting = changed(engine, {
      async snapshot(...given) {
        const snapshot = await engine.snapshot(...given);
        const counted = async function* (options?: PageOptions) {
          for await (const page of snapshot.pages(options)) {
            pages++;
            yield page;
          }
        };
        return { ...snapshot, pages: counted };
      },
    });
    const drawn = await drawTexts(counting, 'books', ['text'], 20);
    expect([new Set(drawn.map(({ id }) => id)).size, pages]).toEqual([20, 20]);
  });
});

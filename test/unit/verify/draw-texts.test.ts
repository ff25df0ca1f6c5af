import { connect } from '../../../src/engine/connect.js';
import { drawTexts } from '../../../src/verify/draw-texts.js';

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
});

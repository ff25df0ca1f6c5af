import { filterSource } from '../../../src/engine/memory/filter-source.js';

const SOURCE = {
  title: 'fox',
  book: { title: 'dusk', pages: 3, author: { name: 'A', born: 1900 } },
  'book.note': 'dotted',
  parts: [{ text: 'one', size: 1 }, { size: 2 }],
  empty: {},
};

describe('filterSource', () => {
  it.each<[unknown, object]>([
    [true, SOURCE],
    ['title', { title: 'fox' }],
    [['title', 'book.title'], { title: 'fox', book: { title: 'dusk' } }],
    [['book'], { book: SOURCE.book }],
    [['book.*'], { book: SOURCE.book, 'book.note': 'dotted' }],
    [['book.author.name'], { book: { author: { name: 'A' } } }],
    [['parts.text'], { parts: [{ text: 'one' }] }],
    [['empty', 'nothing'], { empty: {} }],
    [{ excludes: ['book.author', 'parts', 'empty', 'book.note'] }, { title: 'fox', book: { title: 'dusk', pages: 3 } }],
    [{ includes: ['book'], excludes: ['*.author', 'book.pages'] }, { book: { title: 'dusk' } }],
  ])('keeps of %j what an engine keeps', (filter, expected) => {
    expect(filterSource(SOURCE, filter)).toEqual(expected);
  });
});

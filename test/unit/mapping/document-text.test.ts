import { documentText } from '../../../src/mapping/document-text.js';

describe('the text of a document', () => {
  it.each([
    [{ title: 'a', text: 'b' }, 'a b'],
    [{ text: 'b' }, 'b'],
    [{ title: null, text: ' ' }, ''],
    [{ title: ['a', null, ['b', 3]], text: true }, 'a b 3 true'],
  ])('of %j is %j', (source, text) => {
    expect(documentText(source, ['title', 'text'])).toBe(text);
  });

  it('is found inside objects and arrays of objects, and under names that have dots', () => {
    expect(documentText({ by: [{ name: 'a' }, { name: 'b' }], 'x.y': 'c' }, ['by.name', 'x.y'])).toBe('a b c');
  });

  it('is not made of an object', () => {
    expect(documentText({ text: { a: 1 } }, ['text'])).toEqual({ field: 'text', found: 'an object' });
    expect(documentText({ text: [{ a: 1 }] }, ['text'])).toMatchObject({ field: 'text' });
  });
});

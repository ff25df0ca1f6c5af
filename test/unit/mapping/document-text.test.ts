import { documentText, mentionsField } from '../../../src/mapping/document-text.js';

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

  it.each([
    { a: { b: { c: 'text' } } },
    { 'a.b': { c: 'text' } },
    { a: { 'b.c': 'text' } },
    { 'a.b.c': 'text' },
    { a: [{ 'b.c': null }, { b: { c: ['text'] } }] },
  ])('is found wherever the dots of its name stand: %j', (source) => {
    expect(documentText(source, ['a.b.c'])).toBe('text');
    expect(mentionsField(source, 'a.b.c')).toBe(true);
    expect([documentText(source, ['a.b.d']), mentionsField(source, 'a.b.d')]).toEqual(['', false]);
  });

  it('is all of what stands under a name, as engines index it', () => {
    expect(documentText({ a: { b: 'one' }, 'a.b': 'two' }, ['a.b'])).toBe('one two');
  });

  it('is mentioned where it is null', () => {
    expect([mentionsField({ a: { b: null } }, 'a.b'), mentionsField({ a: [] }, 'a')]).toEqual([true, true]);
    expect([mentionsField({ a: null }, 'a.b'), mentionsField({ a: [] }, 'a.b')]).toEqual([false, false]);
  });

  it('is not made of an object', () => {
    expect(documentText({ text: { a: 1 } }, ['text'])).toEqual({ field: 'text', found: 'an object' });
    expect(documentText({ text: [{ a: 1 }] }, ['text'])).toMatchObject({ field: 'text' });
  });
});

import { connect } from '../../../src/engine/connect.js';
import { documentText } from '../../../src/mapping/document-text.js';
import { freshName, onEveryEngine } from '../../support/engines.js';

const FORMS = [
  { a: { b: { c: 'quick fox' } } },
  { 'a.b': { c: 'quick fox' } },
  { a: { 'b.c': 'quick fox' } },
  { 'a.b.c': 'quick fox' },
  { a: [{ b: { c: 'quick' } }, { 'b.c': 'fox' }] },
  { a: { b: { c: 'quick' } }, 'a.b': { c: 'fox' } },
];

onEveryEngine('a name with dots', ({ url }) => {
  it('is to the engine what it is to us, wherever its dots stand', async () => {
    await using engine = await connect(await url());
    const index = freshName('dotted');
    const properties = { a: { properties: { b: { properties: { c: { type: 'text' } } } } } };
    await engine.createIndex(index, { mappings: { properties } });
    await engine.bulk(
      index,
      FORMS.map((source, i) => ({ kind: 'index', id: `d${i}`, source })),
    );
    await engine.refresh(index);
    const query = { match: { 'a.b.c': { query: 'quick fox', operator: 'and' } } };
    expect(await engine.count(index, query)).toBe(FORMS.length);
    for (const source of FORMS) expect(documentText(source, ['a.b.c'])).toBe('quick fox');
    await engine.deleteIndex(index);
  });
});

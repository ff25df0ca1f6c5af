import { mayHoldField } from '../../../src/ingest/reindex/may-hold-field.js';

const PROPERTIES = {
  title: { type: 'text', fields: { keyword: { type: 'keyword' } } },
  'a.b': { type: 'text' },
  author: { properties: { name: { type: 'text' }, loose: { dynamic: 'false', properties: { x: { type: 'text' } } } } },
  comments: { type: 'nested', properties: { text: { type: 'text' } } },
  blob: { type: 'object', enabled: false },
  labels: { type: 'flattened' },
};

describe('documents may have a field', () => {
  it.each(['title', 'a.b', 'author.name', 'author.loose.y', 'comments.text', 'blob.any', 'labels.any', 'author'])(
    '%s',
    (path) => expect(mayHoldField({ properties: PROPERTIES }, path)).toBe(true),
  );

  it.each(['titel', 'title.keyword', 'author.nme', 'comments.title', 'a', 'author.name.first'])('not %s', (path) => {
    expect(mayHoldField({ properties: PROPERTIES }, path)).toBe(false);
    expect(mayHoldField({ dynamic: 'strict', properties: PROPERTIES }, path)).toBe(false);
  });

  it('that no mapping tells of, where fields are not mapped as they come, or none has come yet', () => {
    expect(mayHoldField({ dynamic: 'false', properties: PROPERTIES }, 'titel')).toBe(true);
    expect(mayHoldField({ dynamic: 'runtime', properties: PROPERTIES }, 'titel')).toBe(true);
    expect(mayHoldField({}, 'title')).toBe(true);
  });
});

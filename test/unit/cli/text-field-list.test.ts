import { joinedFieldList, textFieldList } from '../../../src/cli/option-values.js';

describe('the text fields of --text', () => {
  it('are joined without weights, and have one each where any has', () => {
    expect(textFieldList('title, body')).toEqual({ textFields: ['title', 'body'] });
    expect(textFieldList('title^2.5,body')).toEqual({ textFields: ['title', 'body'], textWeights: [2.5, 1] });
    expect(textFieldList('a.b^1')).toEqual({ textFields: ['a.b'], textWeights: [1] });
  });

  it.each(['title^,body', 'title^0', 'title^x', 'title^101', 'title^-1', 'title^Infinity', '^2', ',', 'a,^2'])(
    'are none in %j',
    (written) => {
      expect(() => textFieldList(written)).toThrow(/must be|weight/);
    },
  );

  it('have no weights where they are joined alone: a field of such a name would be missed by nobody', () => {
    expect(joinedFieldList('title, body')).toEqual(['title', 'body']);
    expect(() => joinedFieldList('title^2,body')).toThrow('Weights');
  });
});

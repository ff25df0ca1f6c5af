import { vocabularyOf } from '../../../src/encoder/tokenizer-vocabulary.js';

const tokensOf = (tokenizer: object, size: number) => vocabularyOf(tokenizer, 'tokenizer.json', size).tokens;

describe('the vocabulary of a tokenizer', () => {
  it('is by the ids of its tokens, those added to it among them, up to the outputs of the model', () => {
    const added_tokens = [{ id: 2, content: '[NEW]', special: true }];
    expect(tokensOf({ model: { vocab: { b: 1, a: 0, far: 9 } }, added_tokens }, 4)).toEqual([
      ...['a', 'b', '[NEW]', '[unnamed 3]'],
    ]);
  });

  it('has each token once, by the id that texts get: a feature has one weight', () => {
    const added_tokens = [{ id: 2, content: 'a' }];
    expect(tokensOf({ model: { vocab: { a: 0, b: 1 } }, added_tokens }, 3)).toEqual(['[unnamed 0]', 'b', 'a']);
    const vocab = ['▁fox', '▁dog', '▁fox'].map((piece) => [piece, 0]);
    expect(tokensOf({ model: { vocab } }, 3)).toEqual(['[unnamed 0]', '▁dog', '▁fox']);
    expect(tokensOf({ model: { vocab } }, 2)).toEqual(['▁fox', '▁dog']);
  });

  it('is in the order of a list with scores', () => {
    const vocab = [
      ['<s>', 0],
      ['▁fox', -3.5],
    ];
    expect(tokensOf({ model: { vocab } }, 2)).toEqual(['<s>', '▁fox']);
  });

  it.each([
    [{}],
    [{ model: {} }],
    [{ model: { vocab: null } }],
    [{ model: { vocab: 'fox' } }],
    [{ model: { vocab: { fox: 1.5 } } }],
    [{ model: { vocab: { fox: '1' } } }],
    [{ model: { vocab: [['fox']] } }],
    [{ model: { vocab: [['fox', 1], 'hunt'] } }],
    [{ model: { vocab: [[1, 'fox']] } }],
    [{ model: { vocab: { fox: 1 } }, added_tokens: [{ id: 'x', content: 'y' }] }],
  ])('is none in %j', (tokenizer) => {
    expect(() => tokensOf(tokenizer, 4)).toThrow(expect.objectContaining({ code: 'MODEL_FILE_BROKEN' }));
  });
});

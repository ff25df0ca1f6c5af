import { typedTokens } from '../../../src/explorer/typed-tokens.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const vocabulary = new Vocabulary(['fox', 'foxes', 'un', '##aff', '##able', 'cafe', '.', '##a']);

describe('typedTokens', () => {
  it.each([
    ['Fox.', ['fox', '.']],
    ['foxes', ['foxes']],
    // The example of the WordPiece algorithm in BERT's repository.
    ['unaffable', ['un', '##aff', '##able']],
    ['Café', ['cafe']],
    ['zebra', []],
    ['', []],
  ])('%j is %j', (text, pieces) => {
    expect([...typedTokens(text, vocabulary)]).toEqual(pieces);
  });
});

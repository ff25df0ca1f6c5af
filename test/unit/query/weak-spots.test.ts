import { weakSpots } from '../../../src/query/weak-spots.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';

const vocabulary = new Vocabulary([
  'how',
  'does',
  'a',
  'fox',
  'hunt',
  'at',
  'dusk',
  'cafe',
  'in',
  'of',
  'Ġworld',
  '▁monde',
]);

describe('weakSpots', () => {
  it.each<[string, string[]]>([
    ['How does a fox hunt at dusk', []],
    ['a fox hunt of Café', []],
    ['world monde', []],
    ['fox', ['short']],
    ['', ['short']],
    ['a fox in B12', ['identifier']],
    ['a fox in 1998', ['identifier']],
    ['how does RFC-2616 hunt', ['identifier']],
    ['how does 12 hunt', []],
    ['zusammensetzung der fuchs', ['unknown-words']],
    ['PX-4417', ['short', 'identifier', 'unknown-words']],
    ['как охотится лиса', ['unknown-words', 'other-script']],
    ['狐狸怎么打猎', ['short', 'unknown-words', 'other-script']],
  ])('%p has %p', (text, expected) => {
    expect(weakSpots(text, vocabulary)).toEqual(expected);
  });
});

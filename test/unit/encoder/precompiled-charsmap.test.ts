import { CharsmapBroken, PrecompiledCharsmap } from '../../../src/encoder/precompiled-charsmap.js';
import { TextTokenizer } from '../../../src/encoder/tokenizer.js';

const BLOCK = 256;
const HAS_VALUE = 0x100;
const offset = (to: number) => to << 10;

/** A map of `a`, whose value is `place`, in a trie of one block: unit 0 is the root, with its children from 0 on. */
function mapOfA({ place = 0, children = 128, units = BLOCK, replacements = 'b\0' } = {}): Buffer {
  const trie = new Uint32Array(units);
  const a = 'a'.charCodeAt(0);
  if (units > a) trie[a] = a | HAS_VALUE | offset(children ^ a);
  if (units > 128) trie[128] = 0x8000_0000 + place;
  const bytes = Buffer.alloc(4 + 4 * units);
  bytes.writeUInt32LE(4 * units);
  trie.forEach((unit, i) => {
    bytes.writeUInt32LE(unit, 4 * (i + 1));
  });
  return Buffer.concat([bytes, Buffer.from(replacements, 'latin1')]);
}

const read = (bytes: Buffer) => new PrecompiledCharsmap(bytes.toString('base64'));

describe('a precompiled charsmap', () => {
  it('replaces what it has, and ends a replacement at a zero byte or its own end', () => {
    expect(read(mapOfA()).normalize('banana')).toBe('bbnbnb');
    expect(read(mapOfA({ replacements: 'bc' })).normalize('a!')).toBe('bc!');
    expect(read(mapOfA({ replacements: '\0' })).normalize('a!')).toBe('!');
  });

  it('keeps half a surrogate pair, and zero characters', () => {
    expect(read(mapOfA()).normalize('\ud800\0a\udc00')).toBe('\ud800\0b\udc00');
  });

  it('replaces a cluster by what its beginning stands for, unless it is too long', () => {
    expect(read(mapOfA()).normalize('a\u0301\u0302')).toBe('b');
    expect(read(mapOfA()).normalize('a\u0301\u0302\u0303')).toBe('b\u0301\u0302\u0303');
  });

  it.each([
    ['no text', 7],
    ['nothing', undefined],
    ['no base64', 'a b!'],
    ['an empty one', ''],
    ['a size alone', mapOfA({ units: 0 }).toString('base64')],
    ['a map that is cut', mapOfA().subarray(0, 600).toString('base64')],
    ['a trie that is cut', mapOfA({ units: 200 }).toString('base64')],
    ['children beyond the trie', mapOfA({ children: 400 }).toString('base64')],
    ['a value beyond the replacements', mapOfA({ place: 2 }).toString('base64')],
    ['a value inside a character', mapOfA({ place: 1, replacements: '\xc3\xa9\0' }).toString('base64')],
    ['replacements that are not UTF-8', mapOfA({ replacements: '\xff\0' }).toString('base64')],
  ])('refuses %s', (_, charsmap) => {
    expect(() => new PrecompiledCharsmap(charsmap)).toThrow(CharsmapBroken);
    const tokenizer = {
      added_tokens: [],
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled', precompiled_charsmap: charsmap }] },
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
      model: { type: 'WordPiece', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' },
    };
    expect(() => new TextTokenizer({ tokenizer, config: {} })).toThrow(CharsmapBroken);
  });
});
